package cosmology

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"sort"

	"runlua/kernels/fmath"
)

// A Table is a law of gravity without a scale that is known at some scale
// factors. Between them μ is the monotone cubic of Fritsch & Butland (1984,
// SIAM J. Sci. Stat. Comput. 5, 300) in ln a, Eq. (16): it passes through the
// values, has one continuous derivative and stays between two neighbours, so
// that a table of positive values is positive everywhere. It is immutable.
type Table struct {
	a, mu  []float64
	x, m   []float64 // ln a, dμ/dln a
	digest string
}

// tableSlack is how far, relatively, a may miss the ends of a Table.
const tableSlack = 1e-9

// NewTable returns the law through the points (a[i], mu[i]): at least two, a
// positive and rising, mu positive. The slices are copied. The error is a
// *ParamError that names the first point, counted from 1, that breaks a rule.
func NewTable(a, mu []float64) (*Table, error) {
	if len(a) != len(mu) {
		panic(fmt.Sprintf("cosmology: NewTable: %d scale factors, %d values", len(a), len(mu)))
	}
	if len(a) < 2 {
		return nil, &ParamError{"the number of points of the table", "at least 2", float64(len(a))}
	}
	t := &Table{a: append([]float64(nil), a...), mu: append([]float64(nil), mu...), x: make([]float64, len(a))}
	h := sha256.New()
	for i := range a {
		switch {
		case !(a[i] > 0 && finite(a[i])):
			return nil, &ParamError{fmt.Sprintf("a of point %d", i+1), "above 0 and finite", a[i]}
		case i > 0 && !(a[i] > a[i-1]):
			return nil, &ParamError{fmt.Sprintf("a of point %d", i+1), fmt.Sprintf("above that of the point before, %v", a[i-1]), a[i]}
		case !(mu[i] > 0 && finite(mu[i])):
			return nil, &ParamError{fmt.Sprintf("mu of point %d", i+1), "above 0 and finite", mu[i]}
		}
		t.x[i] = fmath.Log(a[i])
		if i > 0 && !(t.x[i] > t.x[i-1]) {
			return nil, &ParamError{fmt.Sprintf("a of point %d", i+1), fmt.Sprintf("clearly above that of the point before, %v", a[i-1]), a[i]}
		}
		h.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(a[i])))
		h.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(mu[i])))
	}
	t.digest = hex.EncodeToString(h.Sum(nil)[:8])
	t.m = monotoneSlopes(t.x, t.mu)
	return t, nil
}

// monotoneSlopes returns the derivatives at the nodes for which the cubic
// Hermite interpolant is monotone wherever the values are: the weighted
// harmonic mean of the slopes on both sides, 0 at an extremum; at an end, the
// parabola through three points, limited to the same effect.
func monotoneSlopes(x, y []float64) []float64 {
	n := len(x)
	h, d := make([]float64, n-1), make([]float64, n-1)
	for i := range h {
		h[i] = x[i+1] - x[i]
		d[i] = (y[i+1] - y[i]) / h[i]
	}
	m := make([]float64, n)
	if n == 2 {
		m[0], m[1] = d[0], d[0]
		return m
	}
	for i := 1; i < n-1; i++ {
		if float64(d[i-1]*d[i]) > 0 {
			w1, w2 := float64(2*h[i])+h[i-1], h[i]+float64(2*h[i-1])
			m[i] = (w1 + w2) / (w1/d[i-1] + w2/d[i])
		}
	}
	m[0] = endSlope(h[0], h[1], d[0], d[1])
	m[n-1] = endSlope(h[n-2], h[n-3], d[n-2], d[n-3])
	return m
}

func endSlope(h0, h1, d0, d1 float64) float64 {
	m := (float64((float64(2*h0)+h1)*d0) - float64(h0*d1)) / (h0 + h1)
	switch {
	case !(float64(m*d0) > 0):
		return 0
	case !(float64(d0*d1) > 0) && math.Abs(m) > 3*math.Abs(d0):
		return 3 * d0
	}
	return m
}

// Name is "table" with the number of points and the start of their digest.
func (t *Table) Name() string { return fmt.Sprintf("table(%d points, %s)", len(t.a), t.digest) }

// Range returns the first and the last scale factor of the table.
func (t *Table) Range() (first, last float64) { return t.a[0], t.a[len(t.a)-1] }

// Mu implements Gravity, Eq. (16). It is NaN outside Range.
func (t *Table) Mu(a float64) float64 {
	first, last := t.Range()
	switch {
	case !(a >= first*(1-tableSlack) && a <= last*(1+tableSlack)):
		return math.NaN()
	case a <= first:
		return t.mu[0]
	case a >= last:
		return t.mu[len(t.mu)-1]
	}
	i := sort.SearchFloat64s(t.a, a) - 1 // a[i] < a <= a[i+1]
	h := t.x[i+1] - t.x[i]
	s := min(max((fmath.Log(a)-t.x[i])/h, 0), 1)
	return hermite(t.mu[i], t.mu[i+1], float64(h*t.m[i]), float64(h*t.m[i+1]), s)
}

// hermite is the cubic from y0 to y1 with slopes m0 and m1 there, at s from 0 to
// 1 of the way.
func hermite(y0, y1, m0, m1, s float64) float64 {
	rise := y1 - y0
	c2 := float64(3*rise) - float64(2*m0) - m1
	c3 := m0 + m1 - float64(2*rise)
	v := c2 + float64(s*c3)
	v = m0 + float64(s*v)
	return y0 + float64(s*v)
}

// SampleSpacing is the distance in ln a of the points at which SampleTable
// calls a function: half a percent in a. A law that changes within an e-fold is
// then met to 1e-5 of its change, a slower one better.
const SampleSpacing = 1.0 / 200

// SampleTable calls mu at scale factors from aMin to 1, equally spaced in ln a
// by SampleSpacing or a little less, both ends exactly, in rising order, and
// returns the table through the results. It is NewTable's error, or mu's, if
// there is one.
func SampleTable(aMin float64, mu func(a float64) (float64, error)) (*Table, error) {
	if !(aMin > 0 && aMin < 1) {
		return nil, &ParamError{"the first scale factor", "above 0 and below 1", aMin}
	}
	x0 := fmath.Log(aMin)
	n := int(math.Ceil(-x0 / SampleSpacing))
	a, v := make([]float64, n+1), make([]float64, n+1)
	for i := range a {
		a[i] = fmath.Exp(float64(x0 * float64(n-i) / float64(n)))
		if i == 0 {
			a[i] = aMin
		}
		var err error
		if v[i], err = mu(a[i]); err != nil {
			return nil, err
		}
		if !(v[i] > 0 && finite(v[i])) {
			return nil, &ParamError{fmt.Sprintf("mu at a = %v", a[i]), "above 0 and finite", v[i]}
		}
	}
	return NewTable(a, v)
}
