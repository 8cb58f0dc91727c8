package nbody

import (
	"fmt"
	"math"
	"strconv"

	"runlua/kernels/cosmology"
	"runlua/kernels/fmath"
)

// A Stepper names the factors of kick and drift.
type Stepper string

// A Spacing names the variable in which the steps are uniform.
type Spacing string

const (
	FastPM Stepper = "fastpm" // Eqs. (9) and (10): 20 to 40 steps from z = 49
	Quinn  Stepper = "quinn"  // Eq. (8): 100 steps in ln a, 300 in a

	UniformA   Spacing = "a"
	UniformLnA Spacing = "lna"
)

// A Plan is what decides the steps of one Evolution.
type Plan struct {
	AStart  float64 // scale factor at its first step
	ZEnd    float64
	Steps   int
	Stepper Stepper
	Spacing Spacing
}

const maxSteps = 1 << 20

// validate checks a plan made by Schedule; its error is a *ParamError.
func (p Plan) validate() error {
	if !(p.ZEnd >= 0) || !isFinite(p.ZEnd) {
		return &ParamError{"to", "must be a redshift of 0 or more", formatFloat(p.ZEnd), ""}
	}
	if p.end() <= p.AStart {
		return &ParamError{"to", "must be below the current redshift",
			fmt.Sprintf("%s >= %s", formatFloat(p.ZEnd), formatFloat(redshift(p.AStart))), "steps run forward in time only"}
	}
	return p.validateSteps()
}

// validateSteps checks all but the direction of time.
func (p Plan) validateSteps() error {
	if p.Steps < 1 || p.Steps > maxSteps {
		return &ParamError{"steps", fmt.Sprintf("must be from 1 to %d", maxSteps), strconv.Itoa(p.Steps),
			"20 to 40 with fastpm, 100 or more with quinn"}
	}
	if p.Stepper != FastPM && p.Stepper != Quinn {
		return &ParamError{"stepper", `must be "fastpm" or "quinn"`, strconv.Quote(string(p.Stepper)), ""}
	}
	if p.Spacing != UniformA && p.Spacing != UniformLnA {
		return &ParamError{"spacing", `must be "a" or "lna"`, strconv.Quote(string(p.Spacing)), ""}
	}
	return nil
}

func (p Plan) end() float64 { return 1 / (1 + p.ZEnd) }

func redshift(a float64) float64 { return 1/a - 1 }

// edges are the Steps+1 scale factors between which the positions drift; the
// first is AStart and the last 1/(1+ZEnd), exactly.
func (p Plan) edges() []float64 {
	e := make([]float64, p.Steps+1)
	a0, a1 := p.AStart, p.end()
	ratio := fmath.Log(a1 / a0)
	for i := range e {
		t := float64(i) / float64(p.Steps)
		if p.Spacing == UniformA {
			e[i] = a0 + float64((a1-a0)*t)
		} else {
			e[i] = a0 * fmath.Exp(float64(ratio*t))
		}
	}
	e[p.Steps] = a1
	return e
}

// middle is where the half kicks of the step from a to b meet.
func (p Plan) middle(a, b float64) float64 {
	if p.Spacing == UniformA {
		return (a + b) / 2
	}
	return math.Sqrt(a * b)
}

// kickTerm is a kick: the momenta go from one scale factor to another by the
// force at a third, whose potential has the given strength 1.5 Ω_m μ (of k → 0).
type kickTerm struct{ a, strength, k float64 }

// timeline is a Plan worked out: everything that a step needs to know.
//
// Kick i, before drift i, takes the momenta from the middle of step i−1 (from
// the start if i = 0) to the middle of step i (to the end if i = Steps) by the
// force at edge i. half[i] takes them to edge i only.
type timeline struct {
	edges []float64
	kicks []kickTerm // Steps+1
	half  []kickTerm // Steps+1; [0] is no kick
	drift []float64  // Steps
}

// factors are a stepper's: K for a kick from a to b with the force at c, W for
// a drift from a to b with the momenta at c.
type factors interface {
	kick(a, b, c float64) float64
	drift(a, b, c float64) float64
}

// newTimeline works out a plan. Its error says that a factor is not finite.
func newTimeline(p Plan, m *cosmology.Model, g cosmology.Gravity, f factors) (*timeline, error) {
	n := p.Steps
	t := &timeline{
		edges: p.edges(),
		kicks: make([]kickTerm, n+1), half: make([]kickTerm, n+1),
		drift: make([]float64, n),
	}
	at := p.AStart // of the momenta
	for i, a := range t.edges {
		strength := 1.5 * m.Params().OmegaM * g.Mu(a)
		to := a
		if i < n {
			to = p.middle(a, t.edges[i+1])
		}
		t.kicks[i] = kickTerm{a, strength, f.kick(at, to, a)}
		if i > 0 {
			t.half[i] = kickTerm{a, strength, f.kick(at, a, a)}
		}
		if i < n {
			t.drift[i] = f.drift(a, t.edges[i+1], to)
		}
		at = to
		if x := t.kicks[i].k * t.kicks[i].strength * t.drift[min(i, n-1)]; !isFinite(x) {
			return nil, fmt.Errorf("nbody: the %s factors are not finite at z = %s with gravity %s",
				p.Stepper, formatFloat(redshift(a)), g.Name())
		}
	}
	return t, nil
}

// quinn has the factors of Eq. (8).
type quinn struct{ model *cosmology.Model }

func (q quinn) kick(a, b, _ float64) float64  { return q.model.KickIntegral(a, b) }
func (q quinn) drift(a, b, _ float64) float64 { return q.model.DriftIntegral(a, b) }

// fastPM has the factors of Eqs. (9) and (10).
type fastPM struct {
	model  *cosmology.Model
	growth *cosmology.Growth // of the simulation's own gravity
}

// linear is a²ED', the momentum of linear theory.
func (f fastPM) linear(a float64) float64 {
	return float64(a * a * f.model.E(a) * f.growth.DPrime(a))
}

func (f fastPM) kick(a, b, c float64) float64 {
	e := f.model.E(c)
	pull := f.growth.DSecond(c) + float64((2+f.model.DlnE(c))*f.growth.DPrime(c))
	return (f.linear(b) - f.linear(a)) / (c * c * c * e * e * pull)
}

func (f fastPM) drift(a, b, c float64) float64 {
	return (f.growth.D(b) - f.growth.D(a)) / f.linear(c)
}
