package nbody

import (
	"context"
	"fmt"
	"unsafe"

	"runlua/kernels/fft"
	"runlua/kernels/grid"
	"runlua/kernels/power"
	"runlua/kernels/state"
)

// matter is the particles of a Sim with the solver of their forces: an engine of
// one precision.
type matter interface {
	number() int
	draw(ctx context.Context, c *Config, m *modes, g growthTerms) error
	placeLattice(c *Config)

	density() error // what the forces then are of
	forceAt(a float64)
	kick(strength, k float64) error
	step(strength, k, w float64) error
	accelerations(places []float64, strength float64) ([]float64, error)
	energyTerms(strength float64) ([energyTerms]float64, error)
	power(ctx context.Context, opt power.Options) (*power.Result, error)
	powerJackknife(ctx context.Context, opt power.Options) (*power.Result, [][]float64, error)

	sort() error
	unsort()
	stepped()
	named(err error) error

	clone() matter
	positions() []float64
	momenta() []float64
	payload() []state.Part // in the order kept
	read(in *state.Reader) (stray int, err error)
}

// engine is matter with meshes of T.
type engine[T fft.Float] struct {
	*solver[T]
	at    store[T]
	order storage
}

// newMatter allocates for a valid Config. Positions and momenta are those given, or
// all zero if nil.
func newMatter(c *Config, pos, mom []float64) (matter, error) {
	if c.Precision == Single {
		plan, err := fft.NewSingle3(c.Mesh, c.Pool)
		if err != nil {
			return nil, err
		}
		g, err := grid.NewSingle(plan.Layout(), c.Box, c.Pool)
		if err != nil {
			return nil, err
		}
		return newEngine(c, plan, newPacked(g, c.count(), pos, mom))
	}
	plan, err := fft.NewReal3(c.Mesh, c.Pool)
	if err != nil {
		return nil, err
	}
	g, err := grid.New(plan.Layout(), c.Box, c.Pool)
	if err != nil {
		return nil, err
	}
	return newEngine(c, plan, newDoubles(g, c.count(), pos, mom))
}

func newEngine[T fft.Float](c *Config, plan *fft.Plan[T], at store[T]) (matter, error) {
	v, err := newSolver(c, plan)
	if err != nil {
		return nil, err
	}
	return &engine[T]{solver: v, at: at}, nil
}

func (e *engine[T]) number() int { return e.at.number() }

// density sets the mesh to the density contrast of the particles, its planes
// transformed.
func (e *engine[T]) density() error { return e.solver.density(e.at) }

func (e *engine[T]) kick(strength, k float64) error { return e.solver.kick(e.at, strength, k) }

func (e *engine[T]) step(strength, k, w float64) error { return e.solver.step(e.at, strength, k, w) }

// accelerations are −∇φ of what density left in the mesh, at places or, where that
// is nil, at the particles.
func (e *engine[T]) accelerations(places []float64, strength float64) ([]float64, error) {
	e.unsort()
	at := e.at
	if places != nil {
		at = e.at.others(places)
	}
	if err := e.density(); err != nil {
		return nil, err
	}
	return e.solver.pull(at, strength)
}

func (e *engine[T]) clone() matter {
	return &engine[T]{e.solver, e.at.clone(), e.order.copied()}
}

func (e *engine[T]) positions() []float64 {
	e.unsort()
	return e.at.positions()
}

func (e *engine[T]) momenta() []float64 {
	e.unsort()
	return e.at.momenta()
}

func (e *engine[T]) payload() []state.Part { return e.at.parts() }

func (e *engine[T]) read(in *state.Reader) (stray int, err error) { return e.at.read(in) }

// notFinite describes the particle at place i.
func notFinite[T fft.Float](at store[T], i int) error {
	pos, mom := at.vectors(i)
	return &notFiniteError{i, pos, mom}
}

type notFiniteError struct {
	particle int
	pos, mom [3]float64
}

func (e *notFiniteError) Error() string {
	return fmt.Sprintf("particle %d at position %v Mpc/h with momentum %v Mpc/h·H0 is not finite", e.particle, e.pos, e.mom)
}

// words is the number of float64 that have room for n numbers of another kind.
func words[E float32 | float64 | uint32](n int) int {
	return (n*int(unsafe.Sizeof(*new(E))) + 7) / 8
}

// view is memory as numbers of another kind.
func view[E float32 | float64 | uint32](memory []float64) []E {
	return unsafe.Slice((*E)(unsafe.Pointer(unsafe.SliceData(memory))), len(memory)*8/int(unsafe.Sizeof(*new(E))))
}
