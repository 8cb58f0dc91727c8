package bindings

import (
	"bytes"
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/cosmology"
)

// spectrumValue is the value behind a Lua spectrum: a table with its amplitude,
// and the parameters that its units and amplitude were found with.
type spectrumValue struct {
	file      string
	table     *cosmology.SpectrumTable
	h, sigma8 float64 // sigma8 is 0 if the amplitude is the file's
}

// Describe is how errors name it.
func (v *spectrumValue) Describe() string { return "the spectrum of " + v.file }

// FingerprintValue is what a task that captures it depends on.
func (v *spectrumValue) FingerprintValue() (string, error) {
	return "spectrum " + v.table.Digest(), nil
}

// carry makes the Lua value in the state of s; its table does not change.
func (v *spectrumValue) carry(s *Session, _ *lua.LFunction) lua.LValue {
	u := s.l.NewUserData()
	u.Value = v
	u.Metatable = s.spectrumType().Metatable(s.l)
	return u
}

// fits raises an error if the spectrum was made for another cosmology.
func (v *spectrumValue) fits(c *spec.Call, p cosmology.Params) {
	hint := "give cosmology.spectrum{} the same cosmology"
	if v.h != p.H {
		c.Fail("spectrum", fmt.Sprintf("must be of the same h, got %v, not %v", v.h, p.H), hint)
	}
	if v.sigma8 != 0 && v.sigma8 != p.Sigma8 {
		c.Fail("spectrum", fmt.Sprintf("must be of the same sigma8, got %v, not %v", v.sigma8, p.Sigma8), hint)
	}
}

var spectrumKind = spec.UserData[*spectrumValue]("a spectrum")

// spectrumFunc reads the tables of Boltzmann codes.
func (s *Session) spectrumFunc() spec.Func {
	return spec.Func{
		Name: "cosmology.spectrum", Named: true,
		Doc: "A linear power spectrum at z = 0 from a table of CAMB or CLASS: two columns, k and P; what follows # is a comment. " +
			"Between its points it is a cubic in ln P of ln k; it is not extrapolated. Its numbers are part of what a task that uses it is known by.",
		Args: []spec.Arg{
			{Name: "file", Kind: spec.Name, Doc: "below the script's folder, or granted on the command line"},
			{Name: "units", Kind: spec.OneOf("auto", cosmology.UnitsH, cosmology.UnitsMpc), Default: "auto",
				Doc: "of k; P is in (Mpc/h)³ or Mpc³. auto takes those that the comments name, else those that bring the table within 10 % of the cosmology's sigma8 and shape, or refuses"},
			{Name: "cosmology", Kind: spec.UserData[*cosmologyValue]("a cosmology"), Optional: true, Doc: "whose h and sigma8 count; default cosmology.planck2018()"},
			{Name: "amplitude", Kind: spec.OneOf("sigma8", "file"), Default: "sigma8", Doc: "scaled to the cosmology's sigma8, or as the file has it"},
		},
		Returns: "a spectrum",
		Example: `local linear = cosmology.spectrum { file = "camb_matterpower.dat" }`,
		Call: func(c *spec.Call) []lua.LValue {
			s.useKernel("cosmology")
			cosmo, ok := c.Value("cosmology").(*cosmologyValue)
			params := cosmology.Planck2018()
			if ok {
				params = cosmo.params
			}
			model, err := cosmology.New(params)
			checkCosmology(c, err)
			units := c.String("units")
			if units == "auto" {
				units = ""
			}
			v := &spectrumValue{file: c.String("file"), h: params.H}
			v.table, err = model.ReadSpectrum(bytes.NewReader(s.readInput(c, v.file)), units)
			if err == nil && c.String("amplitude") == "sigma8" {
				v.sigma8 = params.Sigma8
				v.table, err = v.table.Normalised(params.Sigma8)
			}
			if err != nil {
				c.Raise(v.file+": "+spec.Plain(err.Error()), "")
			}
			return []lua.LValue{v.carry(s, nil)}
		},
	}
}

func (s *Session) selfSpectrum(c *spec.Call) *spectrumValue {
	s.useKernel("cosmology")
	if u, ok := c.Self.(*lua.LUserData); ok {
		if v, ok := u.Value.(*spectrumValue); ok {
			return v
		}
	}
	c.Raise("must be called on a spectrum, got "+spec.Describe(c.Self), "")
	return nil
}

func (s *Session) spectrumType() spec.Type {
	return spec.Type{
		Name: "spectrum",
		Doc:  "A linear power spectrum, as cosmology.spectrum reads it; nbody.new and cosmo:linear_power take it.",
		Methods: []spec.Func{
			{
				Name: "spectrum:sigma8", Doc: "The rms of the linear density in 8 Mpc/h at z = 0.", Returns: "a number",
				Call: func(c *spec.Call) []lua.LValue { return []lua.LValue{lua.LNumber(s.selfSpectrum(c).table.Sigma8())} },
			},
			{
				Name: "spectrum:units", Doc: "The units that its file is in.", Returns: `"h/Mpc" or "1/Mpc"`,
				Call: func(c *spec.Call) []lua.LValue { return []lua.LValue{lua.LString(s.selfSpectrum(c).table.Units())} },
			},
			{
				Name: "spectrum:range", Doc: "The first and the last k of its table, h/Mpc.", Returns: "two numbers",
				Call: func(c *spec.Call) []lua.LValue {
					first, last := s.selfSpectrum(c).table.Range()
					return []lua.LValue{lua.LNumber(first), lua.LNumber(last)}
				},
			},
		},
	}
}
