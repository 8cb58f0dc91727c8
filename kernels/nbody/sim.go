package nbody

import (
	"context"
	"fmt"
	"math"

	"runlua/kernels/cosmology"
)

// A Sim is a box of particles at one moment, with what it takes to evolve
// them. It is not for use by several goroutines at once, and neither are a Sim
// and its synchronised copies, which share scratch memory.
type Sim struct {
	cfg    Config
	model  *cosmology.Model
	matter matter
	a      float64    // of the positions, and of the momenta unless in mid-evolution
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
	if s.matter, err = newMatter(&s.cfg, pos, mom); err != nil {
		return nil, fmt.Errorf("nbody: %w", err)
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
	a2e := s.a * s.a * s.model.E(s.a)
	terms := growthTerms{
		second: growth.D2(s.a) / (d * d),
		rate1:  a2e * growth.DPrime(s.a) / d,
		rate2:  a2e * growth.D2Prime(s.a) / (d * d),
	}
	return s.matter.draw(ctx, c, modes, terms)
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
func (s *Sim) N() int { return s.matter.number() }

// StepsDone is the number of steps since the initial conditions, of all
// evolutions together.
func (s *Sim) StepsDone() int { return s.total }

// Positions are x0 y0 z0 x1 …, in Mpc/h and in [0, L), length 3n, in lattice
// order, or in that of NewGiven. In double precision the slice is the simulation's
// own: the next step changes it, and callers must not. In single precision it is made
// at each call.
func (s *Sim) Positions() []float64 { return s.matter.positions() }

// Momenta are p = a² dx/dt in Mpc/h·H0, ordered and owned as Positions.
// Within an Evolution they stand half a step before the positions; see
// Synchronised.
func (s *Sim) Momenta() []float64 { return s.matter.momenta() }

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
	c.matter = s.matter.clone()
	if s.run != nil && s.run.done > 0 {
		h := s.run.line.half[s.run.done]
		c.matter.forceAt(h.a)
		if err := c.matter.kick(h.strength, h.k); err != nil {
			return nil, fmt.Errorf("nbody: %w", c.matter.named(err))
		}
	}
	return &c, nil
}
