package cosmology

import (
	"fmt"
	"math"

	"runlua/kernels/fmath"
)

// Evolved returns the linear spectrum at scale factor a of a universe that grew as
// ΛCDM until aStart and by g from there,
//
//	P(k, a) = P(k) D(k, a)²
//
// with D that of GrowthFrom at aStart, matched to Growth of general relativity. Of
// a ScaleDependent law D is that of AtK, solved at wave numbers an eighth of an
// e-fold apart and between them a cubic in ln D, good to 1e-6 for laws as smooth as
// Yukawa's. Errors are about aStart, a or the law.
func (m *Model) Evolved(s Spectrum, g Gravity, aStart, a float64) (Spectrum, error) {
	if !(a >= aStart && a <= 1) {
		return nil, &ParamError{"a", fmt.Sprintf("from aStart = %v to 1", aStart), a}
	}
	gr, err := m.Growth(GR())
	if err != nil {
		return nil, err
	}
	growth := func(law Gravity) (float64, error) {
		own, err := m.GrowthFrom(law, aStart, gr.D(aStart), gr.DPrime(aStart))
		if err != nil {
			return 0, err
		}
		return own.D(a), nil
	}
	if _, ok := g.(ScaleDependent); !ok {
		d, err := growth(g)
		return grown{s, d}, err
	}
	const perEfold = 8
	const first, last = -14 * perEfold, 12 * perEfold // k of 8e-7 to 1.6e5 h/Mpc
	e := &evolved{s: s, first: first, step: 1.0 / perEfold, lnD: make([]float64, last-first+1)}
	for i := range e.lnD {
		d, err := growth(AtK(g, fmath.Exp(float64(first+i)/perEfold)))
		if err != nil {
			return nil, err
		}
		e.lnD[i] = fmath.Log(d)
	}
	return e, nil
}

// grown is a spectrum times D².
type grown struct {
	s Spectrum
	d float64
}

func (g grown) P(k float64) float64 { return g.s.P(k) * float64(g.d*g.d) }

// evolved is a spectrum times D(k)².
type evolved struct {
	s     Spectrum
	first int     // ln k / step of lnD[0]
	step  float64 // of ln k
	lnD   []float64
}

func (e *evolved) P(k float64) float64 {
	p := e.s.P(k)
	if !(k > 0) {
		return p
	}
	x := fmath.Log(k)/e.step - float64(e.first)
	// The slopes take two points on each side; beyond them D is that of the end.
	last := len(e.lnD) - 1
	i := min(max(int(math.Floor(x)), 2), last-3)
	x = min(max(x, 2), float64(last-2))
	slope := func(i int) float64 { // fourth order
		return (e.lnD[i-2] - e.lnD[i+2] + float64(8*(e.lnD[i+1]-e.lnD[i-1]))) / 12
	}
	d := fmath.Exp(hermite(e.lnD[i], e.lnD[i+1], slope(i), slope(i+1), x-float64(i)))
	return p * float64(d*d)
}
