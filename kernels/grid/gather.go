package grid

import (
	"fmt"

	"runlua/kernels/fft"
	"runlua/kernels/par"
)

// gatherBlock is the number of particles of a block of work.
const gatherBlock = 1 << 12

// Gather sets out[i] to the field in mesh at particle i, by Eq. (1). It panics
// if mesh is no mesh of the grid's layout or out not of one element a
// particle. It returns an error that names the first particle out of [0, box),
// NaN among them; what out then holds is not defined.
func (g *Grid) Gather(mesh, pos, out []float64) error {
	n := particles(pos)
	if len(out) != n {
		panic(fmt.Sprintf("grid: Gather of %d particles into %d elements", n, len(out)))
	}
	return g.gather(mesh, pos, out, 1)
}

// GatherComponent is Gather into every third element: out[3i+axis] is set to
// the field at particle i, the others stay. Three calls gather a vector field
// that is kept one component a mesh.
func (g *Grid) GatherComponent(mesh, pos, out []float64, axis int) error {
	if len(out) != len(pos) || axis < 0 || axis > 2 {
		panic(fmt.Sprintf("grid: GatherComponent of %d coordinates into %d elements, axis %d", len(pos), len(out), axis))
	}
	if len(out) == 0 {
		return nil
	}
	return g.gather(mesh, pos, out[axis:], 3)
}

// gather sets out[stride·i] to the field at particle i.
func (g *Grid) gather(mesh, pos, out []float64, stride int) error {
	g.checkMesh(mesh)
	return g.eachBlock(pos, func(lo, hi int) (bad int) {
		for i := lo; i < hi; i++ {
			p := pos[3*i:][:3]
			if !g.inside(p[0], p[1], p[2]) {
				return i
			}
			ix, fx := g.cell(p[0])
			iy, fy := g.cell(p[1])
			iz, fz := g.cell(p[2])
			out[stride*i] = valueAt(&g.cells, mesh, [3]int{ix, iy, iz}, [3]float64{fx, fy, fz})
		}
		return hi
	})
}

// valueAt is the field at distances f from the point i.
func valueAt[T fft.Float](g *cells, mesh []T, i [3]int, f [3]float64) float64 {
	gx, gy, gz := 1-f[0], 1-f[1], 1-f[2]
	x0, x1 := g.xs[i[0]+below], g.xs[i[0]+below+1]
	y0, y1 := g.ys[i[1]+below], g.ys[i[1]+below+1]
	z0, z1 := g.zs[i[2]+below], g.zs[i[2]+below+1]

	s00 := between(mesh[x0+y0:], z0, z1, gz, f[2])
	s01 := between(mesh[x0+y1:], z0, z1, gz, f[2])
	s10 := between(mesh[x1+y0:], z0, z1, gz, f[2])
	s11 := between(mesh[x1+y1:], z0, z1, gz, f[2])
	return mix(mix(s00, s01, gy, f[1]), mix(s10, s11, gy, f[1]), gx, f[0])
}

// eachBlock calls f in parallel for ranges [lo, hi) of particles; f returns
// the first particle that is out of the box, or hi.
func (g *Grid) eachBlock(pos []float64, f func(lo, hi int) (bad int)) error {
	return g.outside(pos, eachBlock(g.pool, particles(pos), f))
}

// eachBlock calls f as Grid's does and returns the first particle, or -1.
func eachBlock(pool *par.Pool, n int, f func(lo, hi int) (bad int)) int {
	var bad outsider
	pool.For((n+gatherBlock-1)/gatherBlock, func(b int) {
		lo, hi := b*gatherBlock, min(n, (b+1)*gatherBlock)
		if i := f(lo, hi); i < hi {
			bad.note(i)
		}
	})
	return bad.first()
}

func between[T fft.Float](row []T, z0, z1 int, g, f float64) float64 {
	return mix(float64(row[z0]), float64(row[z1]), g, f)
}

// mix is a·g + b·f with both products rounded, so that nothing is fused.
func mix(a, b, g, f float64) float64 { return float64(a*g) + float64(b*f) }
