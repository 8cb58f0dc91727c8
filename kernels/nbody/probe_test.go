package nbody

import (
	"runlua/kernels/fft"
)

// A variant is a way to compute forces; every physics limit holds for all.
type variant struct{ gradient, precision string }

func (v variant) String() string { return v.gradient + ", " + v.precision }

var (
	precisions = []string{Double, Single}
	variants   = []variant{{Difference, Double}, {Spectral, Double}, {Difference, Single}, {Spectral, Single}}
)

// probed is what tests do to an engine of either precision.
type probed interface {
	matter
	set(i int, x, p float64)
	driftBy(w float64) error
	layout() fft.Layout
	setMesh(i int, v float64)
	depositOf(places []float64) error // nil: of its own particles
	pullAt(places []float64, strength float64) ([]float64, error)
	kept() *storage
	keptPositions() []float64
	potentialOnly(strength float64)
	moveOnly() error
}

// probe is the engine of s.
func probe(s *Sim) probed { return s.matter.(probed) }

// set places coordinate i, counted as Positions does, of particles in their order.
func (e *engine[T]) set(i int, x, p float64)  { e.at.set(i/3, i%3, x, p) }
func (e *engine[T]) driftBy(w float64) error  { return e.drift(e.at, w) }
func (e *engine[T]) layout() fft.Layout       { return e.plan.Layout() }
func (e *engine[T]) setMesh(i int, v float64) { e.mesh[i] = T(v) }
func (e *engine[T]) depositOf(places []float64) error {
	at := e.at
	if places != nil {
		at = at.others(places)
	}
	return at.contrast(e.mesh, nil)
}
func (e *engine[T]) kept() *storage                 { return &e.order }
func (e *engine[T]) keptPositions() []float64       { return append([]float64(nil), e.at.positions()...) }
func (e *engine[T]) potentialOnly(strength float64) { e.potential(strength) }

func (e *engine[T]) moveOnly() error {
	e.at.extend(e.mesh)
	return e.move(e.at, 0, new(float64))
}

// pullAt is the acceleration at places by the density in the mesh.
func (e *engine[T]) pullAt(places []float64, strength float64) ([]float64, error) {
	for x := range e.m {
		e.plan.ForwardPlane(0, e.mesh, x)
	}
	return e.pull(e.at.others(append([]float64(nil), places...)), strength)
}

// place sets each coordinate and momentum of s to what f makes of it.
func place(s *Sim, f func(i int, x, p float64) (float64, float64)) {
	pos, mom := particlesOf(s)
	for i := range pos {
		x, p := f(i, pos[i], mom[i])
		probe(s).set(i, x, p)
	}
}

// particlesOf are copies of the positions and momenta of s.
func particlesOf(s *Sim) (pos, mom []float64) {
	return append([]float64(nil), s.Positions()...), append([]float64(nil), s.Momenta()...)
}
