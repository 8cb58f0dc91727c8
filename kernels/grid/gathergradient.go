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
	n, c := g.layout.N, g.inv/12
	var at [gradientRows]int
	var patch [6 * gradientRows]float64
	for i := range particles(pos) {
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
	return particles(pos)
}

// gradientAt returns 12h times the gradient, from the rows of six points of f
// that begin at each at.
func gradientAt(f []float64, at *[gradientRows]int, fx, fy, fz float64) (dx, dy, dz float64) {
	gx, gy, gz := 1-fx, 1-fy, 1-fz

	// Eq. (2) on the planes at -2 … 3 along x, of which each is first
	// interpolated in y and z.
	w00, w01, w10, w11 := float64(gy*gz), float64(gy*fz), float64(fy*gz), float64(fy*fz)
	dx = slope(
		square(f, at[0], at[1], w00, w01, w10, w11), square(f, at[2], at[3], w00, w01, w10, w11),
		square(f, at[4], at[5], w00, w01, w10, w11), square(f, at[6], at[7], w00, w01, w10, w11),
		square(f, at[8], at[9], w00, w01, w10, w11), square(f, at[10], at[11], w00, w01, w10, w11), gx, fx)

	// The same along y; the two planes in the middle are made of the rows of
	// the particle's cell.
	a, b := (*[6]float64)(f[at[4]:]), (*[6]float64)(f[at[6]:])
	c, d := (*[6]float64)(f[at[5]:]), (*[6]float64)(f[at[7]:])
	w00, w01, w10, w11 = float64(gx*gz), float64(gx*fz), float64(fx*gz), float64(fx*fz)
	dy = slope(
		square(f, at[12], at[13], w00, w01, w10, w11), square(f, at[14], at[15], w00, w01, w10, w11),
		weigh(a[2], a[3], b[2], b[3], w00, w01, w10, w11), weigh(c[2], c[3], d[2], d[3], w00, w01, w10, w11),
		square(f, at[16], at[17], w00, w01, w10, w11), square(f, at[18], at[19], w00, w01, w10, w11), gy, fy)

	// The same along z.
	w00, w01, w10, w11 = float64(gx*gy), float64(fx*gy), float64(gx*fy), float64(fx*fy)
	dz = slope(weigh(a[0], b[0], c[0], d[0], w00, w01, w10, w11),
		weigh(a[1], b[1], c[1], d[1], w00, w01, w10, w11),
		weigh(a[2], b[2], c[2], d[2], w00, w01, w10, w11),
		weigh(a[3], b[3], c[3], d[3], w00, w01, w10, w11),
		weigh(a[4], b[4], c[4], d[4], w00, w01, w10, w11),
		weigh(a[5], b[5], c[5], d[5], w00, w01, w10, w11), gz, fz)
	return dx, dy, dz
}

// square interpolates between the middle points of two rows.
func square(f []float64, row0, row1 int, w00, w01, w10, w11 float64) float64 {
	a, b := f[row0+2:][:2], f[row1+2:][:2]
	return weigh(a[0], a[1], b[0], b[1], w00, w01, w10, w11)
}

func weigh(a, b, c, d, wa, wb, wc, wd float64) float64 {
	return (float64(a*wa) + float64(b*wb)) + (float64(c*wc) + float64(d*wd))
}

// slope applies the weights of Eq. (3), in their form before expansion, to the
// values at -2 … 3.
func slope(a, b, c, d, e, f, g0, f0 float64) float64 {
	left := float64(8*(d-b)) - (e - a)
	right := float64(8*(e-c)) - (f - b)
	return mix(left, right, g0, f0)
}
