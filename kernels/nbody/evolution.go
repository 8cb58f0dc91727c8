package nbody

import (
	"context"
	"errors"
	"fmt"
)

// An Evolution takes its Sim from one redshift to another in steps.
type Evolution struct {
	sim  *Sim
	plan Plan
	line *timeline
	done int
}

// ErrOtherEvolution is returned by Schedule for a Sim in the middle of an
// Evolution with other settings.
var ErrOtherEvolution = errors.New("another evolution is unfinished")

// Schedule plans an evolution from the current redshift to zEnd. If s is in
// the middle of one, as after Restore, the same arguments return that one,
// with the steps it has done, and others return ErrOtherEvolution with what
// differs. Arguments that break a rule return a *ParamError.
func (s *Sim) Schedule(zEnd float64, steps int, stepper Stepper, spacing Spacing) (*Evolution, error) {
	if s.broken != nil {
		return nil, s.broken
	}
	plan := Plan{AStart: s.a, ZEnd: zEnd, Steps: steps, Stepper: stepper, Spacing: spacing}
	if s.run != nil && s.run.done == 0 && plan != s.run.plan {
		s.run = nil // nothing has happened in it yet
	}
	if s.run != nil {
		plan.AStart = s.run.plan.AStart
		if plan != s.run.plan {
			return nil, fmt.Errorf("nbody: %w: it has taken %d of %d steps with %s, asked for %s",
				ErrOtherEvolution, s.run.done, s.run.plan.Steps, s.run.plan, plan)
		}
		return s.run, nil
	}
	if err := plan.validate(); err != nil {
		return nil, err
	}
	return s.begin(plan)
}

// String is the plan as its settings are called in scripts.
func (p Plan) String() string {
	return fmt.Sprintf("to = %s, steps = %d, stepper = %s, spacing = %s", formatFloat(p.ZEnd), p.Steps, p.Stepper, p.Spacing)
}

// begin makes the evolution of a valid plan the unfinished one of s.
func (s *Sim) begin(plan Plan) (*Evolution, error) {
	var f factors = quinn{s.model}
	if plan.Stepper == FastPM {
		growth, err := s.ownGrowth()
		if err != nil {
			return nil, err
		}
		f = fastPM{s.model, growth}
	}
	line, err := newTimeline(plan, s.model, s.cfg.Gravity, f)
	if err != nil {
		return nil, err
	}
	s.run = &Evolution{sim: s, plan: plan, line: line}
	return s.run, nil
}

// Evolution is the unfinished evolution of s, or nil.
func (s *Sim) Evolution() *Evolution { return s.run }

// Plan is what e was scheduled with.
func (e *Evolution) Plan() Plan { return e.plan }

// Steps is the number of steps in all.
func (e *Evolution) Steps() int { return e.plan.Steps }

// StepsDone is the number of steps taken.
func (e *Evolution) StepsDone() int { return e.done }

// Done reports whether all steps are taken; positions and momenta of the Sim
// then stand at the same scale factor.
func (e *Evolution) Done() bool { return e.done == e.plan.Steps }

// Step takes one step: the kick to its middle, the drift across it and, if it
// is the last, the kick to its end. When ctx is done before the particles have
// been touched it returns ctx's error and the Sim is as it was; past that it
// finishes the step. A particle that is no longer finite is an error, after
// which the Sim returns that error only. Step panics if e is Done or is not
// the Sim's unfinished evolution.
func (e *Evolution) Step(ctx context.Context) error {
	s := e.sim
	if s.broken != nil {
		return s.broken
	}
	if s.run != e {
		panic("nbody: Step of an evolution that is finished")
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.matter.sort(); err != nil {
		return e.fail(err)
	}
	if err := s.matter.density(); err != nil {
		return e.fail(err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	kick := e.line.kicks[e.done]
	s.matter.forceAt(kick.a)
	if err := s.matter.step(kick.strength, kick.k, e.line.drift[e.done]); err != nil {
		return e.fail(err)
	}
	if e.done+1 == e.plan.Steps {
		last := e.line.kicks[e.plan.Steps]
		s.matter.forceAt(last.a)
		if err := s.matter.kick(last.strength, last.k); err != nil {
			return e.fail(err)
		}
		s.run = nil
		s.matter.unsort()
	}
	s.matter.stepped()
	e.done++
	s.total++
	s.a = e.line.edges[e.done]
	return nil
}

// fail marks the Sim unusable: its particles are between two moments.
func (e *Evolution) fail(err error) error {
	e.sim.broken = fmt.Errorf("nbody: step %d of %d from z = %s: %w",
		e.done+1, e.plan.Steps, formatFloat(e.sim.Z()), e.sim.matter.named(err))
	return e.sim.broken
}
