package nbody

import (
	"context"
	"fmt"

	"runlua/kernels/fft"
	"runlua/kernels/power"
)

// Power is the power spectrum of the particles at the moment of their positions, in
// the precision of the simulation. opt.Box and opt.Window are the simulation's own,
// whatever they hold. On the mesh of the force, which is that of an opt.Mesh of 0
// too, it takes no memory but the simulation's; another mesh is allocated. It fails
// as power.Measure does, and returns the error of a failed step.
func (s *Sim) Power(ctx context.Context, opt power.Options) (*power.Result, error) {
	if s.broken != nil {
		return nil, s.broken
	}
	return s.matter.power(ctx, s.spectrumOptions(opt))
}

// PowerJackknife is Power with the errors and the spectra of power.Jackknife, which
// take a second mesh.
func (s *Sim) PowerJackknife(ctx context.Context, opt power.Options) (*power.Result, [][]float64, error) {
	if s.broken != nil {
		return nil, nil, s.broken
	}
	return s.matter.powerJackknife(ctx, s.spectrumOptions(opt))
}

func (s *Sim) spectrumOptions(opt power.Options) power.Options {
	opt.Box, opt.Window = s.cfg.Box, power.CIC
	if opt.Mesh == 0 {
		opt.Mesh = s.cfg.Mesh
	}
	return opt
}

func (e *engine[T]) power(ctx context.Context, opt power.Options) (*power.Result, error) {
	f, err := e.onMesh(opt.Mesh)
	if err != nil {
		return nil, err
	}
	return power.MeasurePlanes(ctx, f.plan, f.mesh, opt, e.number(), f.contrast)
}

func (e *engine[T]) powerJackknife(ctx context.Context, opt power.Options) (*power.Result, [][]float64, error) {
	f, err := e.onMesh(opt.Mesh)
	if err != nil {
		return nil, nil, err
	}
	if err := f.contrast(nil); err != nil {
		return nil, nil, err
	}
	return power.JackknifeMesh(ctx, f.plan, f.mesh, opt, e.number())
}

// onMesh is the particles' contrast on a mesh of n³ points, to be made: that of the
// force, or a new one.
func (e *engine[T]) onMesh(n int) (*contrastOf[T], error) {
	if n == e.m {
		return &contrastOf[T]{e, e.plan, e.mesh, e.at}, nil
	}
	plan, err := fft.NewPlan[T](n, e.pool)
	if err != nil {
		return nil, fmt.Errorf("power: mesh: %w", err)
	}
	at, err := e.at.onto(plan)
	if err != nil {
		return nil, fmt.Errorf("power: %w", err)
	}
	return &contrastOf[T]{e, plan, plan.NewMesh(), at}, nil
}

type contrastOf[T fft.Float] struct {
	of   *engine[T]
	plan *fft.Plan[T]
	mesh []T
	at   store[T]
}

func (c *contrastOf[T]) contrast(done func(worker, x int)) error {
	if err := c.at.contrast(c.mesh, done); err != nil {
		return fmt.Errorf("nbody: %w", c.of.named(err))
	}
	return nil
}
