package eigen_test

import (
	"context"
	"testing"

	"runlua/kernels/eigen"
	"runlua/kernels/golden"
	"runlua/kernels/par"
)

func TestGoldenEigenvectors(t *testing.T) {
	const n = 60
	a := golden.Uniform(n*n, 1, -1, 1)
	values, err := eigen.Symmetric(context.Background(), par.New(2), a, n)
	if err != nil {
		t.Fatal(err)
	}
	golden.Bits(t, "Symmetric", "194d64be97f75c8951b563c2bb8fc01f", values, a)
}
