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
	golden.Bits(t, "Measure", "f1a2c1b66a6329b83a657bc1e54147a6", linear.K, linear.P, linear.Err, linear.Modes, linear.Noise)
	opt.LogBins = 5
	log, without, err := power.Jackknife(context.Background(), par.New(2), pos, opt)
	if err != nil {
		t.Fatal(err)
	}
	numbers := []any{log.K, log.P, log.Err}
	for _, w := range without {
		numbers = append(numbers, w)
	}
	golden.Bits(t, "Jackknife", "083a46cf7928c221615e9b93a7b12cce", numbers...)
}
