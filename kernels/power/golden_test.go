package power_test

import (
	"context"
	"testing"

	"runlua/kernels/golden"
	"runlua/kernels/par"
	"runlua/kernels/power"
)

func TestGoldenSpectrum(t *testing.T) {
	const box = 100.0
	pos := golden.Uniform(3*1500, 1, 0, box)
	opt := power.Options{Box: box, Mesh: 20, SubtractNoise: true}
	linear, err := power.Measure(context.Background(), par.New(2), pos, opt)
	if err != nil {
		t.Fatal(err)
	}
	golden.Bits(t, "Measure", "8548fd915e7ec30703f5fbb89457f250", linear.K, linear.P, linear.Err, linear.Modes, linear.Noise)
	opt.LogBins = 5
	log, without, err := power.Jackknife(context.Background(), par.New(2), pos, opt)
	if err != nil {
		t.Fatal(err)
	}
	numbers := []any{log.K, log.P, log.Err}
	for _, w := range without {
		numbers = append(numbers, w)
	}
	golden.Bits(t, "Jackknife", "7a511ab36a5f5281f4d139272cb1644b", numbers...)
}
