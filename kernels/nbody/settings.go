package nbody

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"

	"runlua/kernels/cosmology"
)

// setting is one field of a Config as a state records it.
type setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// settings lists all of a Config that can change a result, defaults filled
// in, floats by their shortest exact text. Functions stand there by name and
// by a digest of their values: μ at 64 scale factors, P at the wave numbers
// m·2π/L below the Nyquist frequency. What other than the default has come
// later stands at the end, and only if it is in use.
func (c *Config) settings() []setting {
	p := c.Cosmology
	var mu []float64
	for i := 1; i <= 64; i++ {
		mu = append(mu, c.Gravity.Mu(float64(i)/64))
	}
	common := []setting{
		{"omega_m", formatFloat(p.OmegaM)},
		{"omega_b", formatFloat(p.OmegaB)},
		{"h", formatFloat(p.H)},
		{"n_s", formatFloat(p.Ns)},
		{"sigma8", formatFloat(p.Sigma8)},
		{"t_cmb", formatFloat(p.Tcmb)},
		{"omega_r", formatFloat(p.OmegaR)},
		{"gravity", c.Gravity.Name()},
		{"box", formatFloat(c.Box)},
	}
	var later []setting
	if c.Precision != Double {
		later = append(later, setting{"precision", c.Precision})
	}
	if law, ok := c.Gravity.(cosmology.ScaleDependent); ok {
		var byScale []float64
		for i := 1; i <= c.Mesh/2; i++ {
			for _, a := range [...]float64{.25, .5, 1} {
				byScale = append(byScale, law.MuK(waveUnit(c.Box)*float64(i), a))
			}
		}
		later = append(later, setting{"gravity's mu by scale", digestFloats(byScale)})
	}
	if c.Given != "" {
		list := append(append(common, c.givenSettings()...),
			setting{"mesh", strconv.Itoa(c.Mesh)},
			setting{"z_start", formatFloat(c.ZStart)},
			setting{"gradient", c.Gradient},
			setting{"gravity's mu", digestFloats(mu)})
		return append(list, later...)
	}
	var power []float64
	for i := 1; i < c.Particles/2; i++ {
		power = append(power, c.Spectrum.P(waveUnit(c.Box)*float64(i)))
	}
	list := append(common, []setting{
		{"particles", strconv.Itoa(c.Particles)},
		{"mesh", strconv.Itoa(c.Mesh)},
		{"seed", strconv.FormatUint(c.Seed, 10)},
		{"z_start", formatFloat(c.ZStart)},
		{"order", strconv.Itoa(c.Order)},
		{"gradient", c.Gradient},
		{"fixed", strconv.FormatBool(c.FixedAmplitude)},
		{"phase", formatFloat(c.Phase)},
		{"gravity's mu", digestFloats(mu)},
		{"power spectrum", digestFloats(power)},
	}...)
	if c.Normalise != AtZStart {
		later = append(later, setting{"normalise", c.Normalise})
	}
	return append(list, later...)
}

// digestFloats is the start of the SHA-256 of the numbers' bits, in hex.
func digestFloats(x []float64) string {
	h := sha256.New()
	for _, v := range x {
		h.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// digestOf is the start of the SHA-256 of the settings, in hex.
func digestOf(settings []setting) string {
	h := sha256.New()
	for _, s := range settings {
		fmt.Fprintf(h, "%q=%q\n", s.Name, s.Value)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// usual is what settings that have come later stand for where they are not said.
var usual = map[string]string{"normalise": AtZStart, "precision": Double}

// compareSettings returns ErrStateMismatch with the first setting that
// differs, its recorded value and the one asked for.
func compareSettings(recorded, asked []setting) error {
	value := func(of []setting, name string) (string, bool) {
		for _, s := range of {
			if s.Name == name {
				return s.Value, true
			}
		}
		v, ok := usual[name]
		return v, ok
	}
	for _, want := range asked {
		got, ok := value(recorded, want.Name)
		if !ok {
			return fmt.Errorf("nbody: %w: it does not say its %s", ErrStateMismatch, want.Name)
		}
		if got != want.Value {
			return differs(want.Name, got, want.Value)
		}
	}
	for _, got := range recorded {
		want, ok := value(asked, got.Name)
		if !ok {
			return fmt.Errorf("nbody: %w: it has the unknown setting %s", ErrStateMismatch, got.Name)
		}
		if got.Value != want {
			return differs(got.Name, got.Value, want)
		}
	}
	return nil
}

func differs(name, recorded, asked string) error {
	return fmt.Errorf("nbody: %w: it is of a simulation with %s = %s, this one has %s", ErrStateMismatch, name, recorded, asked)
}

// ConfigDigest identifies all of the Config that can change a result.
func (s *Sim) ConfigDigest() string { return digestOf(s.cfg.settings()) }
