package fft_test

import (
	"fmt"
	"testing"

	"runlua/kernels/fft"
	"runlua/kernels/golden"
	"runlua/kernels/par"
)

// Sizes with every radix; 128 has 8 twice.
func TestGoldenTransforms(t *testing.T) {
	for _, c := range []struct {
		n              int
		single, double string
	}{
		{16, "c4696cdf111b2f19b9c1414a1db0554b", "57cb7ef5b07fdb580813277516be17b4"},
		{30, "157e4122d25bc89f38e1286cd21fde72", "dbd913d0cb6d8f6120fabe30d08f973e"},
		{36, "dddecdc2f1c1f381cbf6931f90eb3661", "926ffeb21063af8da7cad601936c9051"},
		{128, "c29c61820ff030df07332dae12c8d22a", "94a8f2cdc9c19062f7a951d93b3036ea"},
	} {
		pool := par.New(2)
		single, err := fft.NewSingle3(c.n, pool)
		if err != nil {
			t.Fatal(err)
		}
		double, err := fft.NewReal3(c.n, pool)
		if err != nil {
			t.Fatal(err)
		}
		goldenTransform(t, single, c.single, fmt.Sprintf("single, n = %d", c.n))
		goldenTransform(t, double, c.double, fmt.Sprintf("double, n = %d", c.n))
	}
}

// goldenTransform takes points to modes, and modes by ConvolveWith to others.
func goldenTransform[T fft.Float](t *testing.T, p *fft.Plan[T], want, what string) {
	t.Helper()
	l, mesh := p.Layout(), p.NewMesh()
	points := golden.Uniform(l.N*l.N*l.N, uint64(l.N), -1, 1)
	for x := range l.N {
		for y := range l.N {
			for z := range l.N {
				mesh[l.Index(x, y, z)] = T(points[(x*l.N+y)*l.N+z])
			}
		}
	}
	var bits []T
	keep := func(row int) {
		for x := range l.N {
			for y := range l.N {
				bits = append(bits, mesh[l.Index(x, y, 0):][:row]...)
			}
		}
	}
	p.Forward(mesh)
	keep(l.N + 2)
	f := p.NewFilter()
	p.SetFilter(f, func(kx, ky, kz int, factors []T) {
		for i := range factors {
			factors[i] = 1 / T(1+kx+2*ky+3*(kz+i))
		}
	})
	p.Inverse(mesh)
	p.ConvolveWith(mesh, f, 0.7)
	keep(l.N)
	golden.Bits(t, what, want, bits)
}
