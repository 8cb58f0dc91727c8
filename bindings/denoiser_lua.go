package bindings

import (
	"context"
	"fmt"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/fingerprint"
	"runlua/bindings/spec"
	"runlua/kernels/diffusion"
)

// luaDenoiser asks a script's function.
type luaDenoiser struct {
	s           *Session
	l           *lua.LState // that the walk was started from
	fn          *lua.LFunction
	dim         int
	atoms       int
	equivariant bool
}

func (s *Session) luaFunc() spec.Func {
	return spec.Func{
		Name: "denoiser.lua", Named: true,
		Doc: "A denoiser by a Lua function. It is called once a step for all samples of a chunk (twice in a Heun step), with an array of shape samples × coordinates and the noise level in Å, " +
			"and returns the clean coordinates, an array of the same shape. Each row must follow from that row and sigma alone: else samples depend on the chunk they are in.",
		Args: []spec.Arg{
			{Name: "fn", Kind: spec.Function, Doc: "function(x, sigma) that returns an array of the shape of x"},
			{Name: "atoms", Kind: spec.Int(1, maxArray/3), Optional: true, Doc: "how many: three coordinates each, x y z of the first, then of the second"},
			{Name: "dim", Kind: spec.Int(1, maxArray), Optional: true, Doc: "number of coordinates that are no points in space, instead of atoms"},
			{Name: "equivariant", Kind: spec.Bool, Default: false, Doc: "whether fn of turned coordinates is its result turned, so that a sampler may turn samples at random"},
		},
		Returns: "a denoiser",
		Example: `local sphere = denoiser.lua { dim = 3, fn = function(x, sigma) return x * (4 / (4 + sigma ^ 2)) end }`,
		Call: func(c *spec.Call) []lua.LValue {
			d := &luaDenoiser{s: s, l: c.L, fn: c.Function("fn"), dim: c.Int("dim"), atoms: c.Int("atoms"), equivariant: c.Bool("equivariant")}
			switch {
			case c.Has("atoms") == c.Has("dim"):
				c.Raise("atoms or dim is required, one of them: the number of atoms, or of coordinates that are no points in space", "")
			case d.equivariant && d.atoms == 0:
				c.Fail("equivariant", "must be false for coordinates that are no points in space", "give atoms instead of dim")
			case d.atoms > 0:
				d.dim = 3 * d.atoms
			}
			_, err := d.code()
			return s.pushDenoiser(c, d, nil, err)
		},
	}
}

// on returns d for a walk that is started from l.
func (d *luaDenoiser) on(l *lua.LState) diffusion.Denoiser {
	bound := *d
	bound.l = l
	return &bound
}

// code is what of the function can change its results, as a digest.
func (d *luaDenoiser) code() (string, error) {
	fields, err := fingerprint.Of(d.fn, fingerprint.Options{HostName: d.s.HostName})
	if err != nil {
		return "", err
	}
	return digestOf([]byte(fmt.Sprintf("%q", fields))), nil
}

func (d *luaDenoiser) Dim() int                { return d.dim }
func (d *luaDenoiser) Width() int              { return d.dim }
func (d *luaDenoiser) Atoms() int              { return d.atoms }
func (d *luaDenoiser) Equivariant() bool       { return d.equivariant }
func (d *luaDenoiser) Decode(dst, x []float64) { copy(dst, x) }

// Plain describes d as its function is now.
func (d *luaDenoiser) Plain() map[string]any {
	code, err := d.code()
	if err != nil {
		spec.Raise(d.l, "denoiser.lua", err.Error(), "")
	}
	return map[string]any{"kind": "lua", "atoms": float64(d.atoms), "dim": float64(d.dim), "equivariant": d.equivariant, "code": code}
}

// Denoise calls the function. Its errors go on as Lua's own, past the walk,
// which stays as it was.
func (d *luaDenoiser) Denoise(_ context.Context, dst, x []float64, batch int, sigma float64) error {
	shape := []int{batch, d.dim}
	defer d.s.enterDenoiser()()
	d.l.Push(d.fn)
	d.l.Push(NewArray(d.l, slices.Clone(x), shape))
	d.l.Push(lua.LNumber(sigma))
	d.l.Call(2, 1)
	v := d.l.Get(-1)
	d.l.Pop(1)
	a, ok := AsArray(v)
	if !ok || !slices.Equal(a.Shape, shape) {
		return fmt.Errorf("denoiser.lua: fn must return an array of the shape of x, %s, got %s", shapeText(shape), spec.Describe(v))
	}
	copy(dst, a.Data)
	return nil
}

// enterDenoiser says that a script's denoiser runs, until what it returns is
// called: it draws no random numbers and begins no work of its own.
func (s *Session) enterDenoiser() (leave func()) {
	denoising, t := s.denoising, s.task
	s.denoising = true
	callback := t != nil && t.callback
	if t != nil {
		t.callback = true
	}
	return func() {
		s.denoising = denoising
		if t != nil {
			t.callback = callback
		}
	}
}
