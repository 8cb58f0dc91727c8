package direct

import (
	"context"
	"fmt"
	"math"
	"slices"

	"runlua/kernels/par"
)

// A System is particles at one moment, with what it takes to evolve them. It
// is not for use by several goroutines at once.
type System struct {
	cfg    Config // as given: where the system began
	digest string // of cfg
	pos    []float64
	vel    []float64
	acc    []float64 // at pos if current
	// The step writes here and swaps, so that one that is given up changes nothing.
	nextPos, nextVel, nextAcc []float64

	current bool // acc is that of pos
	time    float64
	total   int64      // steps since the start
	run     *Evolution // the unfinished one, or nil
	forces  accelerator
}

// New returns the system of cfg at time 0. A Config that breaks a rule is
// refused with a *ParamError.
func New(cfg Config) (*System, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if cfg.Pool == nil {
		cfg.Pool = par.New(1)
	}
	if cfg.Precision == "" {
		cfg.Precision = Double
	}
	cfg.Positions, cfg.Velocities, cfg.Masses = slices.Clone(cfg.Positions), slices.Clone(cfg.Velocities), slices.Clone(cfg.Masses)
	return &System{cfg: cfg, digest: cfg.Digest(), pos: slices.Clone(cfg.Positions), vel: slices.Clone(cfg.Velocities)}, nil
}

// Config is what s began from.
func (s *System) Config() Config { return s.cfg }

// Time is the time of the particles; a new system's is 0.
func (s *System) Time() float64 { return s.time }

// N is the number of particles.
func (s *System) N() int { return len(s.cfg.Masses) }

// StepsDone is the number of steps since the start, of all evolutions together.
func (s *System) StepsDone() int64 { return s.total }

// Positions are x0 y0 z0 x1 …, length 3n. The slice is the system's own: the
// next step changes it, and callers must not.
func (s *System) Positions() []float64 { return s.pos }

// Velocities are ordered and owned as Positions, and stand at the same time.
func (s *System) Velocities() []float64 { return s.vel }

// Masses are of length n, the system's own.
func (s *System) Masses() []float64 { return s.cfg.Masses }

// Copy returns a system with the particles of s, that evolves on its own. An
// unfinished Evolution stays with s.
func (s *System) Copy() *System {
	return &System{
		cfg: s.cfg, digest: s.digest, pos: slices.Clone(s.pos), vel: slices.Clone(s.vel), time: s.time, total: s.total,
	}
}

// An Evolution takes its System to another time in steps of the same length.
type Evolution struct {
	sys        *System
	start, end float64
	steps      int64
	done       int64
}

// Schedule begins an evolution from the current time to end, before or after
// it, in the given number of steps; an unfinished one is forgotten. Arguments
// that break a rule return a *ParamError.
func (s *System) Schedule(end float64, steps int64) (*Evolution, error) {
	if err := checkPlan(s.time, end, steps); err != nil {
		return nil, err
	}
	s.run = &Evolution{sys: s, start: s.time, end: end, steps: steps}
	return s.run, nil
}

func checkPlan(start, end float64, steps int64) error {
	if !isFinite(end) || end == start {
		return &ParamError{"to", "must be a time other than the current one, " + formatFloat(start), formatFloat(end), ""}
	}
	if steps < 1 {
		return &ParamError{"steps", "must be at least 1", fmt.Sprint(steps), ""}
	}
	h := (end - start) / float64(steps)
	if t := max(math.Abs(start), math.Abs(end)); !isFinite(h) || math.Abs(h) < 0x1p-50*t {
		return &ParamError{"steps", "must leave a step that changes the time", fmt.Sprintf("%d from %s to %s", steps, formatFloat(start), formatFloat(end)), ""}
	}
	return nil
}

// Evolution is the unfinished evolution of s, or nil.
func (s *System) Evolution() *Evolution { return s.run }

// StepsDone is the number of steps taken.
func (e *Evolution) StepsDone() int64 { return e.done }

// Steps is the number of steps in all.
func (e *Evolution) Steps() int64 { return e.steps }

// End is the time after the last step.
func (e *Evolution) End() float64 { return e.end }

// Length is the length h of a step, negative if the evolution goes back.
func (e *Evolution) Length() float64 { return (e.end - e.start) / float64(e.steps) }

// timeAfter is the time after the given number of steps.
func (e *Evolution) timeAfter(done int64) float64 {
	if done == e.steps {
		return e.end
	}
	return e.start + float64(float64(done)*e.Length())
}

// Step takes one step, Eq. (4). When ctx is done during it, or a force or a
// particle is not finite, it returns the error and the system is as it was.
// Step panics if e is not the unfinished evolution of its System.
func (e *Evolution) Step(ctx context.Context) error {
	s := e.sys
	if s.run != e {
		panic("direct: Step of an evolution that is finished")
	}
	if err := s.prepare(ctx); err != nil {
		return fmt.Errorf("direct: %w", err)
	}
	h := e.Length()
	kick(s.nextVel, s.vel, s.acc, h/2)
	kick(s.nextPos, s.pos, s.nextVel, h) // the drift
	if err := s.forces.accelerate(ctx, s.nextPos, s.nextAcc); err != nil {
		return fmt.Errorf("direct: %w", err)
	}
	kick(s.nextVel, s.nextVel, s.nextAcc, h/2)
	for i, v := range s.nextVel {
		if !isFinite(v) || !isFinite(s.nextPos[i]) {
			return fmt.Errorf("direct: particle %d is not finite any more", i/3+1)
		}
	}
	s.pos, s.nextPos = s.nextPos, s.pos
	s.vel, s.nextVel = s.nextVel, s.vel
	s.acc, s.nextAcc = s.nextAcc, s.acc
	e.done++
	s.total++
	s.time = e.timeAfter(e.done)
	if e.done == e.steps {
		s.run = nil
	}
	return nil
}

// prepare makes acc that of pos, and room for a step.
func (s *System) prepare(ctx context.Context) error {
	if s.acc == nil {
		s.acc, s.nextAcc = make([]float64, len(s.pos)), make([]float64, len(s.pos))
		s.nextPos, s.nextVel = make([]float64, len(s.pos)), make([]float64, len(s.pos))
		s.forces = newAccelerator(s.cfg)
	}
	if s.current {
		return nil
	}
	if err := s.forces.accelerate(ctx, s.pos, s.acc); err != nil {
		return err
	}
	s.current = true
	return nil
}

// kick sets dst = x + h·slope; dst may be x.
func kick(dst, x, slope []float64, h float64) {
	for i := range dst {
		dst[i] = x[i] + float64(h*slope[i])
	}
}
