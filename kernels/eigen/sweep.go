package eigen

import "math"

// maxSweeps bounds the sweeps for each eigenvalue, on average; two are usual.
const maxSweeps = 30

// diagonalise turns the diagonal d of a tridiagonal matrix, with e[0 … n−2]
// beside it, into its eigenvalues, in no order. It hands the rotations of the
// sweeps on to use, some at a time.
func diagonalise(d, e []float64, use func(*rotations) error) error {
	n := len(d)
	r := &rotations{}
	for start := 0; start < n; {
		end := start
		for end < n-1 && !negligible(d[end], e[end], d[end+1]) {
			end++
		}
		if end < n-1 {
			e[end] = 0
		}
		t := tridiagonal{d: d[start : end+1], e: e[start:end], first: start}
		t.reversed = math.Abs(d[end]) < math.Abs(d[start])
		if err := t.solve(r, maxSweeps*n, use); err != nil {
			return err
		}
		start = end + 1
	}
	return use(r)
}

// negligible tells whether e is a rounding of its neighbours on the diagonal.
// Far below them are numbers that no square can be taken of.
func negligible(before, e, after float64) bool {
	const epsilon = 0x1p-53
	return math.Abs(e) <= max(epsilon*(math.Abs(before)+math.Abs(after)), 0x1p-900)
}

// A tridiagonal matrix, or a part of one that stands alone. Its numbers are
// counted from the end at which eigenvalues come out: the last if reversed.
type tridiagonal struct {
	d, e     []float64
	first    int // which column of the whole d[0] is
	reversed bool
}

func (t *tridiagonal) at(i int) *float64 {
	if t.reversed {
		i = len(t.d) - 1 - i
	}
	return &t.d[i]
}

// beside is the element that couples i and i+1.
func (t *tridiagonal) beside(i int) *float64 {
	if t.reversed {
		i = len(t.e) - 1 - i
	}
	return &t.e[i]
}

// solve sweeps until all of t is diagonal.
func (t *tridiagonal) solve(r *rotations, limit int, use func(*rotations) error) error {
	for l := 0; l < len(t.d); {
		m := l
		for m < len(t.e) && !negligible(*t.at(m), *t.beside(m), *t.at(m + 1)) {
			m++
		}
		if m < len(t.e) {
			*t.beside(m) = 0
		}
		if m == l {
			l++
			continue
		}
		if limit--; limit < 0 {
			return ErrConvergence
		}
		if m == l+1 {
			t.pair(r, l)
		} else {
			t.sweep(r, l, m)
		}
		if len(r.c) >= 64*len(t.d) {
			if err := use(r); err != nil {
				return err
			}
			r.reset()
		}
	}
	return nil
}

// sweep takes the rotations of one implicit QL step from m down to l, as
// imtql2, and writes them down.
func (t *tridiagonal) sweep(r *rotations, l, m int) {
	el := *t.beside(l)
	g := (*t.at(l + 1) - *t.at(l)) / (2 * el)
	g = *t.at(m) - *t.at(l) + el/(g+math.Copysign(hypotenuse(g, 1), g))
	cos, sin := r.sweep(t, l, m)
	s, c, p := 1.0, 1.0, 0.0
	for i := m - 1; i >= l; i-- {
		f, b := float64(s**t.beside(i)), float64(c**t.beside(i))
		h := hypotenuse(f, g)
		if f == 0 {
			s, c, h = 0, 1, g
		} else {
			s, c = f/h, g/h
		}
		if i != m-1 {
			*t.beside(i + 1) = h
		}
		above := *t.at(i + 1) - p
		q := float64((*t.at(i)-above)*s) + float64(2*c*b)
		p = float64(s * q)
		*t.at(i + 1) = above + p
		g = float64(c*q) - b
		k := i - l // columns ascend
		if t.reversed {
			k = m - 1 - i
		}
		cos[k], sin[k] = c, s
	}
	*t.at(l) -= p
	*t.beside(l) = g
}

// pair makes rows l and l+1, which nothing else is coupled to, diagonal by one
// rotation of Jacobi's (Golub & Van Loan 8.5.2), with fewer roundings than a sweep.
func (t *tridiagonal) pair(r *rotations, l int) {
	cos, sin := r.sweep(t, l, l+1)
	e := *t.beside(l)
	ratio := (*t.at(l + 1) - *t.at(l)) / (2 * e)
	tangent := math.Copysign(1/(math.Abs(ratio)+hypotenuse(ratio, 1)), ratio)
	c := 1 / hypotenuse(tangent, 1)
	cos[0], sin[0] = c, tangent*c
	*t.at(l) -= float64(tangent * e)
	*t.at(l + 1) += float64(tangent * e)
	*t.beside(l) = 0
}

// hypotenuse is √(x² + y²), also where a square would not be a normal number.
// Above, the matrix is normalised.
func hypotenuse(x, y float64) float64 {
	if max(math.Abs(x), math.Abs(y)) < 0x1p-400 {
		x, y = x*0x1p600, y*0x1p600
		return math.Sqrt(float64(x*x)+float64(y*y)) * 0x1p-600
	}
	return math.Sqrt(float64(x*x) + float64(y*y))
}
