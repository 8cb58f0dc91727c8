package nbody

import (
	"math"
	"slices"

	"runlua/kernels/cosmology"
	"runlua/kernels/fft"
	"runlua/kernels/par"
)

// solver computes forces on a mesh of T. It owns the mesh and scratch memory, so
// one solver serves one call at a time; a Sim and its synchronised copies share one.
type solver[T fft.Float] struct {
	pool     *par.Pool
	plan     *fft.Plan[T]
	box      float64
	m        int // mesh cells per side
	spectral bool
	memory   []float64   // the mesh begins it; initial conditions and sorting use it too
	mesh     []T         // density, modes or potential
	second   []T         // a component of the spectral gradient, else nil
	force    [][]float64 // on a block of particles, one a worker
	gathered []float64   // a component of it for a batch of particles, else nil

	law   cosmology.ScaleDependent // nil if μ has no scale
	lawAt float64                  // the a of ratio, 0 if there is none yet
	ratio []float64                // μ(k, a)/μ(0, a) by i²+j²+k²; nil means 1

	factor   *fft.Filter[T] // Eq. (5) of the strength and the ratio at factorOf, else nil
	factorOf struct{ strength, a float64 }
}

// forceBatch is the number of particles for which a component of the spectral
// gradient is gathered at a time: enough to share out among threads.
const forceBatch = 1 << 16

// newSolver allocates for a Config that has passed Validate.
func newSolver[T fft.Float](c *Config, plan *fft.Plan[T]) (*solver[T], error) {
	s := &solver[T]{
		pool: c.Pool, plan: plan, box: c.Box, m: c.Mesh,
		spectral: c.Gradient == Spectral,
	}
	points := plan.Layout().Len()
	room := words[T](points)
	if more := c.latticeWords(); more < room+room/8 { // see lattices
		room = max(room, more)
	}
	s.memory = make([]float64, room)
	s.mesh = view[T](s.memory)[:points:points]
	if s.spectral {
		s.second = plan.NewMesh()
		s.gathered = make([]float64, min(forceBatch, c.count()))
	}
	s.law, _ = c.Gravity.(cosmology.ScaleDependent)
	for range c.Pool.Threads() {
		s.force = append(s.force, make([]float64, 3*particleBlock))
	}
	return s, nil
}

// kick applies Eq. (7) with the force of the particles on themselves:
// mom −= K ∇φ, where ∇²φ = strength δ and strength = 1.5 Ω_m μ in H0². The
// error names the first particle whose momentum is no longer finite. Under a law
// that depends on scale the force is that of the last forceAt.
func (s *solver[T]) kick(at store[T], strength, k float64) error {
	if err := s.density(at); err != nil {
		return err
	}
	return s.kickBy(at, strength, k)
}

// density sets the mesh to the density contrast, of which each plane is transformed
// along its own axes as soon as its particles are in it.
func (s *solver[T]) density(at store[T]) error {
	return at.contrast(s.mesh, func(worker, x int) { s.plan.ForwardPlane(worker, s.mesh, x) })
}

// kickBy is kick with the force of the density contrast in the mesh, which it
// uses up; at may hold any particles.
func (s *solver[T]) kickBy(at store[T], strength, k float64) error {
	if s.spectral {
		return s.kickSpectral(at, strength, k)
	}
	s.potential(strength)
	at.extend(s.mesh)
	return s.move(at, k, nil)
}

// step is kickBy and then drift, in one pass over the particles where the force
// is that of Eq. (6).
func (s *solver[T]) step(at store[T], strength, k, w float64) error {
	if s.spectral {
		if err := s.kickSpectral(at, strength, k); err != nil {
			return err
		}
		return s.drift(at, w)
	}
	s.potential(strength)
	at.extend(s.mesh)
	return s.move(at, k, &w)
}

// move kicks by the potential in the mesh, differenced by Eq. (6), and drifts
// by w unless that is nil, block after block of particles.
func (s *solver[T]) move(at store[T], k float64, w *float64) error {
	return stray(at, s.eachBlock(at.number(), func(worker, lo, hi int) int {
		f := s.force[worker][:3*(hi-lo)]
		bad := at.gradient(s.mesh, lo, hi, f)
		if bad < 0 {
			bad = at.kick(lo, hi, f, k)
		}
		if bad < 0 && w != nil {
			bad = at.drift(lo, hi, *w)
		}
		return bad
	}))
}

// drift applies Eq. (7), pos += W mom, and wraps into [0, L). The error names
// the first particle whose position is then not a number in that range.
func (s *solver[T]) drift(at store[T], w float64) error {
	return stray(at, s.eachBlock(at.number(), func(_, lo, hi int) int { return at.drift(lo, hi, w) }))
}

// pull returns −∇φ of the density contrast in the mesh, which it uses up, at the
// places of particles: three components each.
func (s *solver[T]) pull(at store[T], strength float64) ([]float64, error) {
	out := make([]float64, 3*at.number())
	if s.spectral {
		return out, s.eachComponent(at, strength, func(axis, lo int, f []float64) int {
			for i, v := range f {
				out[3*(lo+i)+axis] = 0 - v
			}
			return -1
		})
	}
	s.potential(strength)
	at.extend(s.mesh)
	return out, stray(at, s.eachBlock(at.number(), func(_, lo, hi int) int {
		f := out[3*lo : 3*hi]
		bad := at.gradient(s.mesh, lo, hi, f)
		for i := range f {
			f[i] = 0 - f[i]
		}
		return bad
	}))
}

// stray is the error of a particle that has left the numbers, nil for −1.
func stray[T fft.Float](at store[T], i int) error {
	if i < 0 {
		return nil
	}
	return notFinite(at, i)
}

// forceAt makes the forces to come those at scale factor a, for laws that
// depend on scale: strength is then that of k → 0, and the Green's function has
// the ratio to it at each wave number.
func (s *solver[T]) forceAt(a float64) {
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
func (s *solver[T]) potential(strength float64) {
	of := struct{ strength, a float64 }{strength, s.lawAt}
	if s.factor == nil {
		s.factor = s.plan.NewFilter()
	}
	if s.factorOf != of { // a new filter is that of strength 0
		green := s.green(strength)
		s.plan.SetFilter(s.factor, func(i, j, k int, factors []T) {
			ij2 := i*i + j*j
			for at := range factors {
				factors[at] = T(green(ij2 + (k+at)*(k+at)))
			}
		})
		s.factorOf = of
	}
	s.plan.FinishConvolveWith(s.mesh, s.factor, 1)
}

// green is Eq. (5), −strength/k², of the square of a wave number in units of
// 2π/L; the mean goes.
func (s *solver[T]) green(strength float64) func(n2 int) float64 {
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
func (s *solver[T]) multiply(ix, iy, kz int, part []T, factor func(n2 int) float64) {
	i, j := fft.Wave(ix, s.m), fft.Wave(iy, s.m)
	ij2 := i*i + j*j
	for at := 0; at+1 < len(part); at += 2 {
		f := factor(ij2 + kz*kz)
		part[at] = T(float64(part[at]) * f)
		part[at+1] = T(float64(part[at+1]) * f)
		kz++
	}
}

// kickSpectral is kickBy with the gradient i k φ_k, one component at a time.
func (s *solver[T]) kickSpectral(at store[T], strength, k float64) error {
	return s.eachComponent(at, strength, func(axis, lo int, f []float64) int { return at.kickAlong(axis, lo, f, k) })
}

// eachComponent calls use with the gradient i k φ_k along an axis at a batch of the
// particles, from lo on, for all batches and axes. use returns a particle that is no
// longer finite, or −1.
func (s *solver[T]) eachComponent(at store[T], strength float64, use func(axis, lo int, f []float64) (bad int)) error {
	s.plan.FinishForward(s.mesh)
	green := s.green(strength)
	s.plan.Apply(s.mesh, func(ix, iy int, row []T) { s.multiply(ix, iy, 0, row, green) })
	for axis := range 3 {
		s.derivative(axis)
		s.plan.Inverse(s.second)
		for lo := 0; lo < at.number(); lo += len(s.gathered) {
			hi := min(lo+len(s.gathered), at.number())
			f := s.gathered[:hi-lo]
			if err := at.gather(s.second, lo, hi, f); err != nil {
				return err
			}
			if err := stray(at, use(axis, lo, f)); err != nil {
				return err
			}
		}
	}
	return nil
}

// derivative sets second to the modes i k_axis φ_k of those in mesh, the
// Nyquist plane of the axis zeroed.
func (s *solver[T]) derivative(axis int) {
	kf := waveUnit(s.box)
	layout, half := s.plan.Layout(), s.m/2
	s.plan.Apply(s.second, func(ix, iy int, row []T) {
		from := s.mesh[layout.Index(ix, iy, 0):]
		n := [3]int{fft.Wave(ix, s.m), fft.Wave(iy, s.m), 0}
		for kz := 0; kz <= half; kz++ {
			n[2] = kz
			f := kf * float64(n[axis])
			if n[axis] == half || n[axis] == -half {
				f = 0
			}
			row[2*kz], row[2*kz+1] = T(-f*float64(from[2*kz+1])), T(f*float64(from[2*kz]))
		}
	})
}

// particleBlock is the number of particles that one goroutine takes at a time: with
// the forces on them, they fit a first-level cache.
const particleBlock = 1 << 8

// eachBlock calls f for [lo, hi) ranges that cover [0, n), in parallel, and
// returns the smallest result that is not negative, or −1.
func (s *solver[T]) eachBlock(n int, f func(worker, lo, hi int) int) int {
	results := make([]int, s.pool.Threads())
	for i := range results {
		results[i] = n
	}
	s.pool.Workers((n+particleBlock-1)/particleBlock, func(worker, b int) {
		if r := f(worker, b*particleBlock, min((b+1)*particleBlock, n)); r >= 0 {
			results[worker] = min(results[worker], r)
		}
	})
	if first := slices.Min(results); first < n {
		return first
	}
	return -1
}
