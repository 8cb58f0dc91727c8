package direct

import (
	"context"
	"fmt"
	"math"
	"sort"
)

// Energy is what Eqs. (2) and (3) say of a system, in units of mass times
// velocity squared.
type Energy struct {
	Kinetic   float64 // T, in the frame of the coordinates
	Potential float64 // U
	Virial    float64 // W, the virial of Clausius
}

// Total is T + U.
func (e Energy) Total() float64 { return e.Kinetic + e.Potential }

// VirialRatio is 2T/|W|: 1 in equilibrium.
func (e Energy) VirialRatio() float64 { return 2 * e.Kinetic / math.Abs(e.Virial) }

// energyBlock is how many particles' sums one block of work of Energy holds.
const energyBlock = 32

// Energy sums over all pairs. It looks at ctx as it goes and returns its error;
// two particles at one place without softening are an error too.
func (s *System) Energy(ctx context.Context) (Energy, error) {
	n := s.N()
	phi, clausius := make([]float64, n), make([]float64, n)
	eps2 := float64(s.cfg.Softening * s.cfg.Softening)
	s.cfg.Pool.For((n+energyBlock-1)/energyBlock, func(b int) {
		if ctx.Err() != nil {
			return
		}
		for i := b * energyBlock; i < min(n, (b+1)*energyBlock); i++ {
			x, y, z := s.pos[3*i], s.pos[3*i+1], s.pos[3*i+2]
			var p, w float64
			for j := i + 1; j < n; j++ { // each pair once
				dx, dy, dz := s.pos[3*j]-x, s.pos[3*j+1]-y, s.pos[3*j+2]-z
				d2 := float64(dx*dx) + float64(dy*dy) + float64(dz*dz)
				r2 := d2 + eps2
				each := s.cfg.Masses[j] / math.Sqrt(r2)
				p += each
				w += float64(each * (d2 / r2))
			}
			phi[i], clausius[i] = p, w
		}
	})
	if err := ctx.Err(); err != nil {
		return Energy{}, err
	}
	var kinetic, potential, virial compensated
	for i, m := range s.cfg.Masses {
		v := s.vel[3*i : 3*i+3]
		kinetic.add(m * (float64(v[0]*v[0]) + float64(v[1]*v[1]) + float64(v[2]*v[2])))
		potential.add(m * phi[i])
		virial.add(m * clausius[i])
	}
	e := Energy{Kinetic: kinetic.sum() / 2, Potential: -float64(s.cfg.G * potential.sum()), Virial: -float64(s.cfg.G * virial.sum())}
	if !isFinite(e.Kinetic) || !isFinite(e.Potential) || !isFinite(e.Virial) {
		return e, fmt.Errorf("direct: the energy is not finite: two particles may stand at one place (a softening above 0 keeps it finite)")
	}
	return e, nil
}

// Momentum is Σ m v.
func (s *System) Momentum() [3]float64 { return weighted(s.cfg.Masses, s.vel) }

// CentreOfMass is Σ m x / Σ m; of particles without mass it is NaN.
func (s *System) CentreOfMass() [3]float64 { return centre(s.cfg.Masses, s.pos) }

// AngularMomentum is Σ m x × v about the origin.
func (s *System) AngularMomentum() [3]float64 {
	var l [3]compensated
	for i, m := range s.cfg.Masses {
		x, v := s.pos[3*i:3*i+3], s.vel[3*i:3*i+3]
		for k := range l {
			p, q := (k+1)%3, (k+2)%3
			l[k].add(m * (float64(x[p]*v[q]) - float64(x[q]*v[p])))
		}
	}
	return [3]float64{l[0].sum(), l[1].sum(), l[2].sum()}
}

// LagrangianRadii are the radii about the centre of mass that hold the given
// fractions of the mass: each that of the particle with which the fraction is
// reached. The total mass must not be 0, or the radii are NaN.
func (s *System) LagrangianRadii(fractions []float64) []float64 {
	c := s.CentreOfMass()
	n := s.N()
	radius, order := make([]float64, n), make([]int, n)
	for i := range order {
		x, y, z := s.pos[3*i]-c[0], s.pos[3*i+1]-c[1], s.pos[3*i+2]-c[2]
		radius[i] = math.Sqrt(float64(x*x) + float64(y*y) + float64(z*z))
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return radius[order[a]] < radius[order[b]] })
	inside := make([]float64, n)
	var mass float64
	for rank, i := range order {
		mass += s.cfg.Masses[i]
		inside[rank] = mass
	}
	out := make([]float64, len(fractions))
	for k, f := range fractions {
		rank := sort.SearchFloat64s(inside, f*mass)
		out[k] = radius[order[min(rank, n-1)]]
	}
	return out
}

// weighted is Σ m x for each axis.
func weighted(mass, x []float64) [3]float64 {
	var sum [3]compensated
	for i, m := range mass {
		for k := range sum {
			sum[k].add(m * x[3*i+k])
		}
	}
	return [3]float64{sum[0].sum(), sum[1].sum(), sum[2].sum()}
}

// centre is Σ m x / Σ m for each axis.
func centre(mass, x []float64) [3]float64 {
	var total compensated
	for _, m := range mass {
		total.add(m)
	}
	c := weighted(mass, x)
	for k := range c {
		c[k] /= total.sum()
	}
	return c
}

// compensated is a sum in the order of its terms, with Neumaier's compensation
// (1974), so that a diagnostic's own rounding stays below what it measures.
type compensated struct{ high, low float64 }

func (c *compensated) add(x float64) {
	x = float64(x) // never fused with the product it is
	t := c.high + x
	if math.Abs(c.high) >= math.Abs(x) {
		c.low += (c.high - t) + x
	} else {
		c.low += (x - t) + c.high
	}
	c.high = t
}

func (c *compensated) sum() float64 { return c.high + c.low }
