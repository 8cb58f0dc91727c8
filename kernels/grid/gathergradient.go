package grid

import (
	"fmt"
	"unsafe"

	"runlua/kernels/fft"
)

// GatherGradient sets out[3i], out[3i+1] and out[3i+2] to the gradient of
// field at particle i, as Gradient and Gather of each component would to
// within rounding, but without a mesh for them. It panics if field is no mesh
// of the grid's layout or out not as long as pos. It returns an error that
// names the first particle out of [0, box), NaN among them; what out then
// holds is not defined.
func (g *Grid) GatherGradient(field, pos, out []float64) error {
	g.checkMesh(field)
	if len(out) != len(pos) {
		panic(fmt.Sprintf("grid: GatherGradient of %d coordinates into %d elements", len(pos), len(out)))
	}
	return g.eachBlock(pos, func(lo, hi int) (bad int) {
		return lo + g.GatherGradientOf(field, pos[3*lo:3*hi], out[3*lo:3*hi])
	})
}

// GatherGradientOf is GatherGradient on the caller's goroutine alone, for callers
// that do more with a block of particles while it is in cache. It returns the
// first particle that is out of the box, or their number; those before it are done.
func (g *Grid) GatherGradientOf(field, pos, out []float64) (done int) {
	g.checkMesh(field)
	if len(out) != len(pos) {
		panic(fmt.Sprintf("grid: GatherGradientOf of %d coordinates into %d elements", len(pos), len(out)))
	}
	for i := range particles(pos) {
		p := pos[3*i:][:3]
		if !g.inside(p[0], p[1], p[2]) {
			return i
		}
		ix, fx := g.cell(p[0])
		iy, fy := g.cell(p[1])
		iz, fz := g.cell(p[2])
		slopeAt(&g.cells, field, ix, iy, iz, fx, fy, fz, (*[3]float64)(out[3*i:]))
	}
	return particles(pos)
}

// slopeAt sets o to the gradient at distances fx, fy, fz from the point (ix, iy, iz).
func slopeAt[T fft.Float](g *cells, field []T, ix, iy, iz int, fx, fy, fz float64, o *[3]float64) {
	xs, ys := (*[6]int)(g.xs[ix:]), (*[6]int)(g.ys[iy:])
	fraction := [3]float64{fx, fy, fz}
	first := iz - below
	if first < 0 && g.beyond > 0 {
		first += g.layout.N
	}
	if first >= 0 && first+6 <= g.layout.N+g.beyond {
		gradient(g.vectors, field[first:], xs, ys, &fraction, o)
	} else {
		wrappedGradient(g, field, xs, ys, iz, &fraction, o)
	}
	c := g.inv / 12
	o[0] *= c
	o[1] *= c
	o[2] *= c
}

// wrappedGradient is gradient where the six points of a row wrap round the box.
//
//go:noinline
func wrappedGradient[T fft.Float](g *cells, field []T, xs, ys *[6]int, iz int, fraction, o *[3]float64) {
	var patch [6 * 6 * 6]T
	zs := (*[6]int)(g.zs[iz:])
	for j, x := range xs {
		for k, y := range ys {
			if (j < 2 || j > 3) && (k < 2 || k > 3) {
				continue // Eq. (3) on one axis only
			}
			row := (*[6]T)(patch[patchX[j]+patchY[k]:])
			for l, z := range zs {
				row[l] = field[x+y+z]
			}
		}
	}
	gradient(g.vectors, patch[:], &patchX, &patchY, fraction, o)
}

// Where the rows of a patch of 6³ points begin.
var (
	patchX = [6]int{0, 36, 72, 108, 144, 180}
	patchY = [6]int{0, 6, 12, 18, 24, 30}
)

// gradient is gradientAt by the fastest code there is.
func gradient[T fft.Float](vectors bool, f []T, xs, ys *[6]int, fraction, slope *[3]float64) {
	if !vectors {
		gradientAt(f, xs, ys, fraction, slope)
		return
	}
	// The assembly reads no more than the six points of rows that these begin.
	_ = f[max(xs[0], xs[1], xs[2], xs[3], xs[4], xs[5])+max(ys[0], ys[1], ys[2], ys[3], ys[4], ys[5])+5]
	if first := unsafe.Pointer(&f[0]); unsafe.Sizeof(f[0]) == 4 {
		gradientCellSingle((*float32)(first), xs, ys, fraction, slope)
	} else {
		gradientCell((*float64)(first), xs, ys, fraction, slope)
	}
}

// gradientAt sets slope to 12h times the gradient of f where a particle's
// distances from its cell are fraction. The six points along z from -2 on of the
// row (i-2, j-2) begin at xs[i]+ys[j].
//
// Four points across an axis are added as (0+2)+(1+3), which is what vectors do.
func gradientAt[T fft.Float](f []T, xs, ys *[6]int, fraction, slope *[3]float64) {
	fx, fy, fz := fraction[0], fraction[1], fraction[2]
	gx, gy, gz := 1-fx, 1-fy, 1-fz

	var dx, dy [4]float64
	for j := range 2 {
		y := ys[2+j]
		a, b, c := pair(f, xs[0]+y), pair(f, xs[1]+y), pair(f, xs[2]+y)
		d, e, f := pair(f, xs[3]+y), pair(f, xs[4]+y), pair(f, xs[5]+y)
		dx[2*j] = along(a[0], b[0], c[0], d[0], e[0], f[0], gx, fx)
		dx[2*j+1] = along(a[1], b[1], c[1], d[1], e[1], f[1], gx, fx)
	}
	for j := range 2 {
		x := xs[2+j]
		a, b, c := pair(f, x+ys[0]), pair(f, x+ys[1]), pair(f, x+ys[2])
		d, e, f := pair(f, x+ys[3]), pair(f, x+ys[4]), pair(f, x+ys[5])
		dy[2*j] = along(a[0], b[0], c[0], d[0], e[0], f[0], gy, fy)
		dy[2*j+1] = along(a[1], b[1], c[1], d[1], e[1], f[1], gy, fy)
	}
	slope[0] = weigh(dx[0], dx[2], dx[1], dx[3], float64(gy*gz), float64(fy*gz), float64(gy*fz), float64(fy*fz))
	slope[1] = weigh(dy[0], dy[2], dy[1], dy[3], float64(gx*gz), float64(fx*gz), float64(gx*fz), float64(fx*fz))

	a, b := (*[6]T)(f[xs[2]+ys[2]:]), (*[6]T)(f[xs[2]+ys[3]:])
	c, d := (*[6]T)(f[xs[3]+ys[2]:]), (*[6]T)(f[xs[3]+ys[3]:])
	w00, w01, w10, w11 := float64(gx*gy), float64(gx*fy), float64(fx*gy), float64(fx*fy)
	slope[2] = along(weigh(float64(a[0]), float64(b[0]), float64(c[0]), float64(d[0]), w00, w01, w10, w11),
		weigh(float64(a[1]), float64(b[1]), float64(c[1]), float64(d[1]), w00, w01, w10, w11),
		weigh(float64(a[2]), float64(b[2]), float64(c[2]), float64(d[2]), w00, w01, w10, w11),
		weigh(float64(a[3]), float64(b[3]), float64(c[3]), float64(d[3]), w00, w01, w10, w11),
		weigh(float64(a[4]), float64(b[4]), float64(c[4]), float64(d[4]), w00, w01, w10, w11),
		weigh(float64(a[5]), float64(b[5]), float64(c[5]), float64(d[5]), w00, w01, w10, w11), gz, fz)
}

// pair is the two middle points of a row.
func pair[T fft.Float](f []T, row int) [2]float64 {
	p := (*[2]T)(f[row+2:])
	return [2]float64{float64(p[0]), float64(p[1])}
}

func weigh(a, b, c, d, wa, wb, wc, wd float64) float64 {
	return (float64(a*wa) + float64(b*wb)) + (float64(c*wc) + float64(d*wd))
}

// along applies the weights of Eq. (3), in their form before expansion, to the
// values at -2 … 3.
func along(a, b, c, d, e, f, g0, f0 float64) float64 {
	left := float64(8*(d-b)) - (e - a)
	right := float64(8*(e-c)) - (f - b)
	return mix(left, right, g0, f0)
}
