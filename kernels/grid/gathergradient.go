package grid

import "fmt"

// The points that GatherGradient reads are 20 rows of 6 along z. Rows 0-11 are
// those of the two y planes around the particle, for x = -2 … 3 from its cell;
// rows 12-19 those of the two x planes, for the y that remain, -2, -1, 2, 3.
const gradientRows = 20

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
	n, c := g.layout.N, g.inv/12
	return g.eachBlock(pos, func(lo, hi int) (bad int) {
		var at [gradientRows]int
		var patch [6 * gradientRows]float64
		for i := lo; i < hi; i++ {
			p := pos[3*i:][:3]
			if !g.inside(p[0], p[1], p[2]) {
				return i
			}
			ix, fx := g.cell(p[0])
			iy, fy := g.cell(p[1])
			iz, fz := g.cell(p[2])
			xs, ys := (*[6]int)(g.xs[ix:]), (*[6]int)(g.ys[iy:])
			for j := range 6 {
				at[2*j] = xs[j] + ys[2]
				at[2*j+1] = xs[j] + ys[3]
			}
			for j, k := range [4]int{0, 1, 4, 5} {
				at[12+2*j] = xs[2] + ys[k]
				at[13+2*j] = xs[3] + ys[k]
			}
			o := out[3*i:][:3]
			if first := iz - below; first >= 0 && first+6 <= n {
				o[0], o[1], o[2] = gradientAt(field[first:], &at, fx, fy, fz)
			} else {
				// The six points of a row wrap round the box.
				zs := (*[6]int)(g.zs[iz:])
				for r, a := range at {
					for j, z := range zs {
						patch[6*r+j] = field[a+z]
					}
					at[r] = 6 * r
				}
				o[0], o[1], o[2] = gradientAt(patch[:], &at, fx, fy, fz)
			}
			o[0] *= c
			o[1] *= c
			o[2] *= c
		}
		return hi
	})
}

// gradientAt returns 12h times the gradient, from the rows of six points of f
// that begin at each at.
func gradientAt(f []float64, at *[gradientRows]int, fx, fy, fz float64) (dx, dy, dz float64) {
	gx, gy, gz := 1-fx, 1-fy, 1-fz

	// The four rows of the particle's cell, between their points and along z.
	w0, w1, w2 := gz, fz-float64(8*gz), float64(8*fz)
	w3, w4, w5 := float64(8*gz), float64(8*fz)-gz, fz
	along := func(k int) (value, slope float64) {
		r := (*[6]float64)(f[at[k]:])
		return float64(r[2]*gz) + float64(r[3]*fz),
			float64(w0*r[0]) + float64(w1*r[1]) - float64(w2*r[2]) + float64(w3*r[3]) + float64(w4*r[4]) - float64(w5*r[5])
	}
	v00, s00 := along(4)
	v01, s01 := along(5)
	v10, s10 := along(6)
	v11, s11 := along(7)
	dz = mix(mix(s00, s01, gy, fy), mix(s10, s11, gy, fy), gx, fx)

	// The planes at -2 … 3 along x, then along y.
	pair := func(k int, g, f1 float64) float64 {
		a, b := (*[6]float64)(f[at[k]:]), (*[6]float64)(f[at[k+1]:])
		return mix(mix(a[2], a[3], gz, fz), mix(b[2], b[3], gz, fz), g, f1)
	}
	dx = slope(pair(0, gy, fy), pair(2, gy, fy), mix(v00, v01, gy, fy),
		mix(v10, v11, gy, fy), pair(8, gy, fy), pair(10, gy, fy), gx, fx)
	dy = slope(pair(12, gx, fx), pair(14, gx, fx), mix(v00, v10, gx, fx),
		mix(v01, v11, gx, fx), pair(16, gx, fx), pair(18, gx, fx), gy, fy)
	return dx, dy, dz
}

// slope applies the weights of Eq. (3), in their form before expansion, to the
// values at -2 … 3.
func slope(a, b, c, d, e, f, g0, f0 float64) float64 {
	left := float64(8*(d-b)) - (e - a)
	right := float64(8*(e-c)) - (f - b)
	return mix(left, right, g0, f0)
}
