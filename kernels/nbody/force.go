package nbody

import (
	"fmt"
	"math"
	"slices"

	"runlua/kernels/cosmology"
	"runlua/kernels/fft"
	"runlua/kernels/grid"
	"runlua/kernels/par"
)

// solver computes forces. It owns the mesh and scratch memory, so one solver
// serves one call at a time; a Sim and its synchronised copies share one.
type solver struct {
	pool     *par.Pool
	plan     *fft.Real3
	grid     *grid.Grid
	box      float64
	m        int // mesh cells per side
	spectral bool
	mesh     []float64   // density, modes or potential
	second   []float64   // a component of the spectral gradient, else nil
	force    [][]float64 // on a block of particles, one a worker
	gathered []float64   // a component of it for a batch of particles, else nil

	law   cosmology.ScaleDependent // nil if μ has no scale
	lawAt float64                  // the a of ratio, 0 if there is none yet
	ratio []float64                // μ(k, a)/μ(0, a) by i²+j²+k²; nil means 1

	factor   *fft.Filter[float64] // Eq. (5) of the strength and the ratio at factorOf, else nil
	factorOf struct{ strength, a float64 }
}

// forceBatch is the number of particles for which a component of the spectral
// gradient is gathered at a time: enough to share out among threads.
const forceBatch = 1 << 16

// newSolver allocates for a Config that has passed Validate.
func newSolver(c *Config) (*solver, error) {
	plan, err := fft.NewReal3(c.Mesh, c.Pool)
	if err != nil {
		return nil, err
	}
	g, err := grid.New(plan.Layout(), c.Box, c.Pool)
	if err != nil {
		return nil, err
	}
	s := &solver{
		pool: c.Pool, plan: plan, grid: g, box: c.Box, m: c.Mesh,
		spectral: c.Gradient == Spectral,
		mesh:     plan.NewMesh(),
	}
	if s.spectral {
		s.second = plan.NewMesh()
		s.gathered = make([]float64, min(forceBatch, c.count()))
	}
	s.law, _ = c.Gravity.(cosmology.ScaleDependent)
	for range c.Pool.Threads() {
		s.force = append(s.force, make([]float64, elementBlock))
	}
	return s, nil
}

// kick applies Eq. (7) with the force of the particles at pos on themselves:
// mom −= K ∇φ, where ∇²φ = strength δ and strength = 1.5 Ω_m μ in H0². The
// error names the first particle whose momentum is no longer finite. Under a law
// that depends on scale the force is that of the last forceAt.
func (s *solver) kick(pos, mom []float64, strength, k float64) error {
	if err := s.density(pos); err != nil {
		return err
	}
	return s.kickBy(pos, mom, strength, k)
}

// density sets the mesh to the density contrast of particles in the box.
func (s *solver) density(pos []float64) error { return s.grid.Contrast(s.mesh, pos) }

// kickBy is kick with the force of what density left in the mesh, which it
// uses up; pos and mom may be any particles.
func (s *solver) kickBy(pos, mom []float64, strength, k float64) error {
	if s.spectral {
		return s.kickSpectral(pos, mom, strength, k)
	}
	s.potential(strength)
	return s.move(pos, mom, k, nil)
}

// step is kickBy and then drift, in one pass over the particles where the force
// is that of Eq. (6).
func (s *solver) step(pos, mom []float64, strength, k, w float64) error {
	if s.spectral {
		if err := s.kickSpectral(pos, mom, strength, k); err != nil {
			return err
		}
		return s.drift(pos, mom, w)
	}
	s.potential(strength)
	return s.move(pos, mom, k, &w)
}

// move kicks by the potential in the mesh, differenced by Eq. (6), and drifts
// by w unless that is nil, block after block of particles.
func (s *solver) move(pos, mom []float64, k float64, w *float64) error {
	bad := s.eachBlock(len(pos), func(worker, lo, hi int) int {
		x, p, f := pos[lo:hi], mom[lo:hi], s.force[worker][:hi-lo]
		first := -1
		if done := 3 * s.grid.GatherGradientOf(s.mesh, x, f); done < len(x) {
			return lo + done
		}
		for i := range p {
			p[i] -= float64(k * f[i])
			if first < 0 && !isFinite(p[i]) {
				first = lo + i
			}
		}
		if first >= 0 || w == nil {
			return first
		}
		if first = s.driftOf(x, p, *w); first >= 0 {
			first += lo
		}
		return first
	})
	if bad >= 0 {
		return notFinite(pos, mom, bad/3)
	}
	return nil
}

// notFinite describes the particle at place i.
func notFinite(pos, mom []float64, i int) error {
	return &notFiniteError{i, [3]float64(pos[3*i:]), [3]float64(mom[3*i:])}
}

type notFiniteError struct {
	particle int
	pos, mom [3]float64
}

func (e *notFiniteError) Error() string {
	return fmt.Sprintf("particle %d at position %v Mpc/h with momentum %v Mpc/h·H0 is not finite", e.particle, e.pos, e.mom)
}

// forceAt makes the forces to come those at scale factor a, for laws that
// depend on scale: strength is then that of k → 0, and the Green's function has
// the ratio to it at each wave number.
func (s *solver) forceAt(a float64) {
	if s.law == nil || s.lawAt == a {
		return
	}
	half := s.m / 2
	if s.ratio == nil {
		s.ratio = make([]float64, 3*half*half+1)
	}
	kf, large := waveUnit(s.box), s.law.Mu(a)
	s.ratio[0] = 1
	const block = 1 << 12
	s.pool.For((len(s.ratio)+block-1)/block, func(b int) {
		for n2 := max(1, b*block); n2 < min((b+1)*block, len(s.ratio)); n2++ {
			s.ratio[n2] = s.law.MuK(kf*math.Sqrt(float64(n2)), a) / large
		}
	})
	s.lawAt = a
}

// potential replaces the density in the mesh by φ of Eq. (5), (Mpc/h·H0)².
func (s *solver) potential(strength float64) {
	of := struct{ strength, a float64 }{strength, s.lawAt}
	if s.factor == nil {
		s.factor = s.plan.NewFilter()
	}
	if s.factorOf != of { // a new filter is that of strength 0
		green := s.green(strength)
		s.plan.SetFilter(s.factor, func(i, j, k int, factors []float64) {
			ij2 := i*i + j*j
			for at := range factors {
				factors[at] = green(ij2 + (k+at)*(k+at))
			}
		})
		s.factorOf = of
	}
	s.plan.ConvolveWith(s.mesh, s.factor, 1)
}

// green is Eq. (5), −strength/k², of the square of a wave number in units of
// 2π/L; the mean goes.
func (s *solver) green(strength float64) func(n2 int) float64 {
	kf := waveUnit(s.box)
	scale := -strength / (kf * kf)
	return func(n2 int) float64 {
		if n2 == 0 {
			return 0
		}
		g := scale / float64(n2)
		if s.ratio != nil {
			g *= s.ratio[n2]
		}
		return g
	}
}

// multiply multiplies the modes (ix, iy, kz), (ix, iy, kz+1), … in part by
// factors of n² = i² + j² + k².
func (s *solver) multiply(ix, iy, kz int, part []float64, factor func(n2 int) float64) {
	i, j := fft.Wave(ix, s.m), fft.Wave(iy, s.m)
	ij2 := i*i + j*j
	for at := 0; at+1 < len(part); at += 2 {
		f := factor(ij2 + kz*kz)
		part[at] *= f
		part[at+1] *= f
		kz++
	}
}

// kickSpectral is kickBy with the gradient i k φ_k, one component at a time.
func (s *solver) kickSpectral(pos, mom []float64, strength, k float64) error {
	s.plan.Forward(s.mesh)
	green := s.green(strength)
	s.plan.Apply(s.mesh, func(ix, iy int, row []float64) { s.multiply(ix, iy, 0, row, green) })
	for axis := range 3 {
		s.derivative(axis)
		s.plan.Inverse(s.second)
		for lo := 0; lo < len(pos); lo += 3 * len(s.gathered) {
			hi := min(lo+3*len(s.gathered), len(pos))
			f := s.gathered[:(hi-lo)/3]
			if err := s.grid.Gather(s.second, pos[lo:hi], f); err != nil {
				return err
			}
			for i := range f {
				at := lo + 3*i + axis
				mom[at] -= float64(k * f[i])
				if !isFinite(mom[at]) {
					return notFinite(pos, mom, at/3)
				}
			}
		}
	}
	return nil
}

// derivative sets second to the modes i k_axis φ_k of those in mesh, the
// Nyquist plane of the axis zeroed.
func (s *solver) derivative(axis int) {
	kf := waveUnit(s.box)
	layout, half := s.plan.Layout(), s.m/2
	s.plan.Apply(s.second, func(ix, iy int, row []float64) {
		from := s.mesh[layout.Index(ix, iy, 0):]
		n := [3]int{fft.Wave(ix, s.m), fft.Wave(iy, s.m), 0}
		for kz := 0; kz <= half; kz++ {
			n[2] = kz
			f := kf * float64(n[axis])
			if n[axis] == half || n[axis] == -half {
				f = 0
			}
			row[2*kz], row[2*kz+1] = -f*from[2*kz+1], f*from[2*kz]
		}
	})
}

// elementBlock is the number of coordinates that one goroutine takes at a
// time, a multiple of 3: with the force on it, it fits a first-level cache.
const elementBlock = 3 << 8

// eachBlock calls f for [lo, hi) ranges that cover [0, n), in parallel, and
// returns the smallest result that is not negative, or −1.
func (s *solver) eachBlock(n int, f func(worker, lo, hi int) int) int {
	results := make([]int, s.pool.Threads())
	for i := range results {
		results[i] = n
	}
	s.pool.Workers((n+elementBlock-1)/elementBlock, func(worker, b int) {
		if r := f(worker, b*elementBlock, min((b+1)*elementBlock, n)); r >= 0 {
			results[worker] = min(results[worker], r)
		}
	})
	if first := slices.Min(results); first < n {
		return first
	}
	return -1
}

// drift applies Eq. (7), pos += W mom, and wraps into [0, L). The error names
// the first particle whose position is then not a number in that range.
func (s *solver) drift(pos, mom []float64, w float64) error {
	bad := s.eachBlock(len(pos), func(_, lo, hi int) int {
		if first := s.driftOf(pos[lo:hi], mom[lo:hi], w); first >= 0 {
			return lo + first
		}
		return -1
	})
	if bad >= 0 {
		return notFinite(pos, mom, bad/3)
	}
	return nil
}

// driftOf is drift of a block; it returns the first coordinate that is then not
// a number in [0, L), or −1.
func (s *solver) driftOf(pos, mom []float64, w float64) int {
	first := -1
	for i := range pos {
		x := pos[i] + float64(w*mom[i])
		if !(x >= 0 && x < s.box) {
			x = grid.Wrap(x, s.box)
			if first < 0 && !(x >= 0 && x < s.box) {
				first = i
			}
		}
		pos[i] = x
	}
	return first
}
