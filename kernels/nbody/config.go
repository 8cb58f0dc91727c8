package nbody

import (
	"fmt"
	"math"
	"strconv"

	"runlua/kernels/cosmology"
	"runlua/kernels/fft"
	"runlua/kernels/par"
)

// Gradients of the potential that a Config can ask for.
const (
	Difference = "difference" // Eq. (6), the default
	Spectral   = "spectral"   // i k φ_k: for smooth fields, rings around a point
)

// Precisions that a Config can ask for; doc.go tells what they keep.
const (
	Double = "double" // the default
	Single = "single" // half the memory
)

// Config is what decides a simulation, apart from its schedule.
type Config struct {
	Cosmology cosmology.Params
	Gravity   cosmology.Gravity  // nil: general relativity
	Spectrum  cosmology.Spectrum // linear P(k) at z = 0; nil: Eisenstein-Hu with wiggles
	Box       float64            // comoving side L, Mpc/h
	Particles int                // N: particles per side
	Mesh      int                // M: force mesh cells per side, at least Particles
	Seed      uint64
	ZStart    float64
	Order     int    // 1 Zel'dovich, 2 2LPT; 0 means 2
	Gradient  string // Difference or Spectral; "" means Difference
	Precision string // Double or Single; "" means Double

	// FixedAmplitude gives every mode the amplitude √(P/V), leaving only its
	// phase random (Angulo & Pontzen 2016).
	FixedAmplitude bool
	// Phase in radians is added to the phase of each drawn mode. π gives
	// exactly −δ, the paired box.
	Phase float64

	// Given, unless "", says that the particles are not drawn but given to
	// NewGiven, and names them, as by a digest of their file. Count is their
	// number then; Particles, Seed, Order, FixedAmplitude, Phase and Spectrum
	// mean nothing.
	Given string
	Count int

	// Normalise is what is the same for every Gravity: AtZStart, BySigma8 or
	// ByAs; "" means AtZStart.
	Normalise string

	Pool *par.Pool // nil: one thread. Never changes a result
}

// A ParamError says which parameter broke which rule. Its Error is one line;
// its parts are there for callers that lay messages out themselves.
type ParamError struct {
	Param string // as in Config or Schedule, in the script's spelling
	Rule  string // "must be …"
	Got   string // the value, with what it was compared with
	Hint  string // what to do, or empty
}

func (e *ParamError) Error() string {
	s := "nbody: " + e.Param + " " + e.Rule + ", got " + e.Got
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

func formatFloat(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// isFinite needs no difference: x−x of a product may be fused, and is not 0 then.
func isFinite(x float64) bool { return math.Abs(x) <= math.MaxFloat64 }

// withDefaults fills what the zero value leaves open.
func (c Config) withDefaults() Config {
	if c.Gravity == nil {
		c.Gravity = cosmology.GR()
	}
	if c.Order == 0 {
		c.Order = 2
	}
	if c.Gradient == "" {
		c.Gradient = Difference
	}
	if c.Precision == "" {
		c.Precision = Double
	}
	if c.Normalise == "" {
		c.Normalise = AtZStart
	}
	if c.Pool == nil {
		c.Pool = par.New(1)
	}
	return c
}

// Validate checks every rule that New and Restore check before they allocate
// anything, except those of the cosmology itself. Its error is a *ParamError.
func (c Config) Validate() error {
	c = c.withDefaults()
	if !(c.Box > 0) || !isFinite(c.Box) {
		return &ParamError{"box", "must be a positive length in Mpc/h", formatFloat(c.Box), ""}
	}
	validate := c.validateDrawn
	if c.Given != "" {
		validate = c.validateGiven
	}
	if err := validate(); err != nil {
		return err
	}
	if c.Order != 1 && c.Order != 2 {
		return &ParamError{"order", "must be 1 (Zel'dovich) or 2 (2LPT)", strconv.Itoa(c.Order), ""}
	}
	if c.Gradient != Difference && c.Gradient != Spectral {
		return &ParamError{"gradient", `must be "difference" or "spectral"`, strconv.Quote(c.Gradient), ""}
	}
	if c.Precision != Double && c.Precision != Single {
		return &ParamError{"precision", `must be "double" or "single"`, strconv.Quote(c.Precision), ""}
	}
	if !isFinite(c.Phase) {
		return &ParamError{"phase", "must be a finite angle in radians", formatFloat(c.Phase), "0, or math.pi for the paired box"}
	}
	return nil
}

// validateDrawn checks what initial conditions are drawn by.
func (c *Config) validateDrawn() error {
	if err := checkSide("particles", c.Particles); err != nil {
		return err
	}
	if c.Mesh < c.Particles {
		return &ParamError{"mesh", "must be at least the number of particles per side",
			fmt.Sprintf("%d < %d", c.Mesh, c.Particles), "mesh = 2 * particles is the usual choice"}
	}
	if err := checkSide("mesh", c.Mesh); err != nil {
		return err
	}
	if !(c.ZStart > 0 && c.ZStart <= maxZStart) {
		return &ParamError{"z_start", fmt.Sprintf("must be a redshift above 0 and at most %d", maxZStart), formatFloat(c.ZStart), "49 is the usual choice"}
	}
	if t, ok := c.Spectrum.(interface{ Range() (first, last float64) }); ok {
		first, last := t.Range()
		lo := waveUnit(c.Box)
		hi := lo * math.Sqrt(3) * float64(c.Particles/2-1)
		if !(first <= lo*(1+rangeSlack) && last >= hi*(1-rangeSlack)) {
			return &ParamError{"spectrum", fmt.Sprintf("must cover k from %.4g to %.4g h/Mpc, the modes of this box", lo, hi),
				fmt.Sprintf("a table from %.4g to %.4g", first, last), "it is not extrapolated"}
		}
	}
	if err := c.validateNormalise(); err != nil {
		return err
	}
	return nil
}

// rangeSlack is what rounding may take from the ends of a table.
const rangeSlack = 1e-9

// maxZStart is early enough for any code of this kind, and well inside what
// the growth tables cover.
const maxZStart = 10000

// maxSide keeps 3·side³ and the mesh's length far from overflowing an int.
const maxSide = 8192

// checkSide applies the transform's rule for the length of an axis.
func checkSide(name string, n int) error {
	if n < 4 || n > maxSide {
		return &ParamError{name, fmt.Sprintf("must be from 4 to %d per side", maxSide), strconv.Itoa(n), ""}
	}
	if !fft.GoodSize(n) {
		return &ParamError{name, "must be even and a product of 2, 3 and 5", strconv.Itoa(n),
			fmt.Sprintf("the next such number is %d", fft.NextGoodSize(n))}
	}
	return nil
}

// spacing is the side h of a force mesh cell, Mpc/h.
func (c *Config) spacing() float64 { return c.Box / float64(c.Mesh) }

// lattice is coordinate i of the particle lattice: i·L/N + L/(2M).
func (c *Config) lattice(i int) float64 {
	return float64(float64(i)*(c.Box/float64(c.Particles))) + c.latticeShift()
}

// latticeShift is L/(2M), half a mesh cell.
func (c *Config) latticeShift() float64 { return c.Box / float64(2*c.Mesh) }
