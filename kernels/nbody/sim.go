package nbody

import (
	"context"
	"fmt"
	"math"

	"runlua/kernels/cosmology"
	"runlua/kernels/fft"
)

// A Sim is a box of particles at one moment, with what it takes to evolve
// them. It is not for use by several goroutines at once, and neither are a Sim
// and its synchronised copies, which share scratch memory.
type Sim struct {
	cfg    Config
	model  *cosmology.Model
	solver *solver
	a      float64 // of the positions, and of the momenta unless in mid-evolution
	pos    []float64
	mom    []float64
	order  storage
	run    *Evolution // the unfinished one, or nil
	total  int        // steps taken since the initial conditions
	broken error      // set by a failed step
}

// New draws the initial conditions, Eqs. (1) to (4). It looks at ctx between
// transforms and returns its error. A Config that breaks a rule is refused
// with a *ParamError, or with the cosmology's own error.
func New(ctx context.Context, cfg Config) (*Sim, error) {
	if cfg.Given != "" {
		return nil, fmt.Errorf("nbody: the particles of %s are given, not drawn", cfg.Given)
	}
	s, err := newEmpty(cfg, nil, nil)
	if err != nil {
		return nil, err
	}
	if err := s.initialConditions(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// newEmpty checks cfg and makes a Sim at z_start of the given positions and
// momenta; where they are nil it allocates them, all zero.
func newEmpty(cfg Config, pos, mom []float64) (*Sim, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg, model, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	s := &Sim{cfg: cfg, model: model, a: 1 / (1 + cfg.ZStart)}
	if err := model.CheckGravity(cfg.Gravity, s.a); err != nil {
		return nil, fmt.Errorf("nbody: %w", err)
	}
	for _, k := range []float64{waveUnit(cfg.Box), waveUnit(cfg.Box) * math.Sqrt(3) * float64(cfg.Mesh/2)} {
		if err := model.CheckGravity(cosmology.AtK(cfg.Gravity, k), s.a); err != nil {
			return nil, fmt.Errorf("nbody: %w", err)
		}
	}
	if s.solver, err = newSolver(&s.cfg); err != nil {
		return nil, fmt.Errorf("nbody: %w", err)
	}
	if s.pos, s.mom = pos, mom; pos == nil {
		s.pos = make([]float64, 3*cfg.count())
		s.mom = make([]float64, 3*cfg.count())
	}
	return s, nil
}

// complete returns a valid Config with nothing left open, and its cosmology.
func (c Config) complete() (Config, *cosmology.Model, error) {
	c = c.withDefaults()
	model, err := cosmology.New(c.Cosmology)
	if err != nil {
		return c, nil, fmt.Errorf("nbody: %w", err)
	}
	if c.Spectrum == nil {
		if c.Spectrum, err = model.EisensteinHu(true); err != nil {
			return c, nil, fmt.Errorf("nbody: %w", err)
		}
	}
	return c, model, nil
}

// initialConditions fills in positions and momenta at z_start.
func (s *Sim) initialConditions(ctx context.Context) error {
	c := &s.cfg
	growth, err := c.initialGrowth(s.model)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	d := growth.D(s.a)
	modes, err := newModes(c, d)
	if err != nil {
		return err
	}
	plan, err := fft.NewReal3(c.Particles, c.Pool)
	if err != nil {
		return fmt.Errorf("nbody: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	delta := plan.NewMesh()
	modes.fill(plan, delta)

	a2e := s.a * s.a * s.model.E(s.a)
	terms := growthTerms{
		second: growth.D2(s.a) / (d * d),
		rate1:  a2e * growth.DPrime(s.a) / d,
		rate2:  a2e * growth.D2Prime(s.a) / (d * d),
	}
	s.placeLattice()
	l := &lpt{plan: plan, pool: c.Pool, n: c.Particles, box: c.Box}
	if err := l.displace(ctx, delta, c.Order, terms, s.pos, s.mom); err != nil {
		return err
	}
	if err := s.solver.drift(s.pos, s.mom, 0); err != nil { // wraps
		return fmt.Errorf("nbody: initial conditions: %w", err)
	}
	return nil
}

// placeLattice puts the particles on the lattice, at rest.
func (s *Sim) placeLattice() {
	n := s.cfg.Particles
	s.cfg.Pool.For(n, func(i int) {
		for j := range n {
			for k := range n {
				p := 3 * ((i*n+j)*n + k)
				s.pos[p], s.pos[p+1], s.pos[p+2] = s.cfg.lattice(i), s.cfg.lattice(j), s.cfg.lattice(k)
				s.mom[p], s.mom[p+1], s.mom[p+2] = 0, 0, 0
			}
		}
	})
}

// Config is what s was made from, its defaults filled in.
func (s *Sim) Config() Config { return s.cfg }

// Model is the background cosmology.
func (s *Sim) Model() *cosmology.Model { return s.model }

// A is the scale factor of the positions.
func (s *Sim) A() float64 { return s.a }

// Z is the redshift of the positions.
func (s *Sim) Z() float64 {
	return redshift(s.a)
}

// N is the number of particles.
func (s *Sim) N() int { return len(s.pos) / 3 }

// StepsDone is the number of steps since the initial conditions, of all
// evolutions together.
func (s *Sim) StepsDone() int { return s.total }

// Positions are x0 y0 z0 x1 …, in Mpc/h and in [0, L), length 3n, in lattice
// order, or in that of NewGiven. The slice is the simulation's own: the next step changes it, and
// callers must not.
func (s *Sim) Positions() []float64 {
	s.unsortParticles()
	return s.pos
}

// Momenta are p = a² dx/dt in Mpc/h·H0, ordered and owned as Positions.
// Within an Evolution they stand half a step before the positions; see
// Synchronised.
func (s *Sim) Momenta() []float64 {
	s.unsortParticles()
	return s.mom
}

// Synchronised returns a copy whose momenta stand at the scale factor of the
// positions, ready to be measured. Within an Evolution it costs one force
// evaluation. The copy has no unfinished Evolution and can be evolved on its
// own, though not at the same time as s.
func (s *Sim) Synchronised() (*Sim, error) {
	if s.broken != nil {
		return nil, s.broken
	}
	c := *s
	c.run = nil
	c.pos = append([]float64(nil), s.pos...)
	c.mom = append([]float64(nil), s.mom...)
	c.order = s.order.copied()
	if s.run != nil && s.run.done > 0 {
		h := s.run.line.half[s.run.done]
		c.solver.forceAt(h.a)
		if err := c.solver.kick(c.pos, c.mom, h.strength, h.k); err != nil {
			return nil, fmt.Errorf("nbody: %w", c.order.named(err))
		}
	}
	return &c, nil
}
