package structure_test

import (
	"testing"

	"runlua/kernels/golden"
	"runlua/kernels/structure"
)

func TestGoldenSuperposition(t *testing.T) {
	base, models := golden.Uniform(90, 1, -20, 20), [][]float64{}
	for m := range uint64(5) {
		model := golden.Uniform(90, 2+m, -1, 1)
		for i, x := range base {
			// Turned by a quarter with each odd model, so that there is something to do.
			if at := i; m%2 == 1 && i%3 < 2 {
				at += 1 - 2*(i%3)
				x = base[at] * float64(2*(i%3)-1)
			}
			model[i] += x
		}
		models = append(models, model)
	}
	e := structure.SuperposeAll(models, golden.Uniform(30, 9, 0.5, 2))
	numbers := []any{e.Mean, e.RMSD, e.Iterations}
	for _, m := range e.Models {
		numbers = append(numbers, m)
	}
	golden.Bits(t, "SuperposeAll", "cbaa7f2dda1955a09af0b815256a761c", numbers...)
	golden.Bits(t, "measures", "b22c637e55b731b816b1aa52927938f7", structure.RMSF(e.Models), structure.BFactors(structure.RMSF(e.Models)),
		structure.RadiusOfGyration(base, nil), structure.PairDistances(base))
}
