package voidtheory_test

import (
	"testing"

	"runlua/kernels/cosmology"
	"runlua/kernels/golden"
	"runlua/kernels/voidtheory"
)

func TestGoldenSizeFunction(t *testing.T) {
	m, err := cosmology.New(cosmology.Planck2018())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what string
		opt  voidtheory.Options
		want string
	}{
		{"series", voidtheory.Options{Threshold: -0.7, Z: 0.5}, "fac04c6a42cedfeabf44c708d9bf125b"},
		{"approximation", voidtheory.Options{Threshold: -0.7, Approximate: true}, "fb07f675d8de724787e8e8181fc94f3d"},
		{"another gravity", voidtheory.Options{Threshold: -0.8, Gravity: cosmology.Constant(0.2), ZStart: 49}, "a378a02d39d1ddc2027324cb87a93548"},
	} {
		v, err := voidtheory.New(m, c.opt)
		if err != nil {
			t.Fatal(err)
		}
		numbers := []any{v.Barriers, v.Ratio, v.Growth}
		for _, r := range golden.Uniform(20, 1, 2, 40) {
			numbers = append(numbers, v.At(r))
		}
		golden.Bits(t, c.what, c.want, numbers...)
	}
}
