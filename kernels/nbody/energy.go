package nbody

import (
	"fmt"
	"math"

	"runlua/kernels/fft"
	"runlua/kernels/fmath"
)

// Energies are the terms of Eq. (11), averages over particles of unit mass in
// (Mpc/h·H0)², and the total momentum, in Mpc/h·H0 summed over particles.
//
// The potential is that of the force in use, softer than −1/k² near the mesh's
// resolution. The energy includes that of each particle's cloud with itself,
// so that even particles without any force between them have some: a U of it
// is constant on average, but depends on the places of particles within cells.
type Energies struct {
	Kinetic     float64    // T
	Potential   float64    // U
	Momentum    [3]float64 // Σ p
	MomentumAbs float64    // Σ |p|
}

// energyBlock is the number of particles that are summed in a row.
const energyBlock = 3 << 12

// Energies measures the particles at the scale factor of the positions, at
// the cost of one force evaluation, and a second within an Evolution.
func (s *Sim) Energies() (Energies, error) {
	if s.run != nil && s.run.done > 0 {
		c, err := s.Synchronised()
		if err != nil {
			return Energies{}, err
		}
		return c.Energies()
	}
	if s.broken != nil {
		return Energies{}, s.broken
	}
	s.matter.forceAt(s.a)
	t, err := s.matter.energyTerms(1.5 * s.cfg.Cosmology.OmegaM * s.cfg.Gravity.Mu(s.a))
	if err != nil {
		return Energies{}, fmt.Errorf("nbody: %w", err)
	}
	n := float64(s.N())
	return Energies{
		Kinetic:     t[0] / n / (2 * s.a * s.a),
		Potential:   t[1] / n / (2 * s.a),
		Momentum:    [3]float64{t[2], t[3], t[4]},
		MomentumAbs: t[5],
	}, nil
}

// energyTerms is the number of sums: p², φ', p and |p|.
const energyTerms = 6

// energyTerms sums over the particles in the order of Positions: blocks,
// then the blocks in order.
func (e *engine[T]) energyTerms(strength float64) (t [energyTerms]float64, err error) {
	e.unsort()
	if err := e.density(); err != nil {
		return t, err
	}
	e.forcePotential(strength)
	const batch = 32 // blocks
	phi := make([]float64, min(batch*energyBlock, e.number()))
	room := make([]float64, 3*len(phi))
	for first := 0; first < e.number(); first += len(phi) {
		end := min(first+len(phi), e.number())
		if err := e.at.gather(e.mesh, first, end, phi[:end-first]); err != nil {
			return t, err
		}
		blocks := make([][energyTerms]float64, (end-first+energyBlock-1)/energyBlock)
		e.pool.For(len(blocks), func(b int) {
			lo, hi := first+b*energyBlock, min(first+(b+1)*energyBlock, end)
			mom := e.at.momentaOf(lo, hi, room[3*(lo-first):])
			t := &blocks[b]
			for i, phi := range phi[lo-first : hi-first] {
				x, y, z := mom[3*i], mom[3*i+1], mom[3*i+2]
				p2 := float64(x*x) + float64(y*y) + float64(z*z)
				t[0] += p2
				t[1] += phi
				t[2] += x
				t[3] += y
				t[4] += z
				t[5] += math.Sqrt(p2)
			}
		})
		for _, b := range blocks {
			for i := range t {
				t[i] += b[i]
			}
		}
	}
	return t, nil
}

// forcePotential replaces the density in the mesh by the potential of the
// forces that particles feel. For the spectral gradient that is φ. Eq. (6)
// turns k into κ(k) = [8 sin kh − sin 2kh]/6h on each axis, softer than k near
// the mesh's resolution, and the part of i κ φ_k that has a potential is
// i k (k·κ/k²) φ_k.
func (s *solver[T]) forcePotential(strength float64) {
	if s.spectral {
		s.potential(strength)
		return
	}
	green := s.green(strength)
	kappa := make([]float64, s.m+1) // κ/k by |wave number|
	for n := range kappa {
		kappa[n] = 1
		if n > 0 {
			kh := 2 * math.Pi * float64(n) / float64(s.m)
			kappa[n] = (float64(8*fmath.Sin(kh)) - fmath.Sin(2*kh)) / (6 * kh)
		}
	}
	s.plan.FinishConvolve(s.mesh, func(ix, iy, kz int, part []T) {
		s.multiply(ix, iy, kz, part, green)
		i, j := fft.Wave(ix, s.m), fft.Wave(iy, s.m)
		ij := float64(float64(i*i)*kappa[max(i, -i)]) + float64(float64(j*j)*kappa[max(j, -j)])
		for at := 0; at+1 < len(part); at += 2 {
			if n2 := i*i + j*j + kz*kz; n2 > 0 {
				f := (ij + float64(float64(kz*kz)*kappa[kz])) / float64(n2)
				part[at] = T(float64(part[at]) * f)
				part[at+1] = T(float64(part[at+1]) * f)
			}
			kz++
		}
	})
}
