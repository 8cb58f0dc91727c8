package grid_test

import (
	"testing"

	"runlua/kernels/fft"
	"runlua/kernels/golden"
	"runlua/kernels/grid"
	"runlua/kernels/par"
)

func TestGoldenDepositAndGather(t *testing.T) {
	const n, particles, box = 12, 1000, 37.3
	pool := par.New(2)
	plan, err := fft.NewReal3(n, pool)
	if err != nil {
		t.Fatal(err)
	}
	g, err := grid.New(plan.Layout(), box, pool)
	if err != nil {
		t.Fatal(err)
	}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	pos, mesh, slope := golden.Uniform(3*particles, 1, 0, box), plan.NewMesh(), plan.NewMesh()
	points := func(mesh []float64) (out []float64) {
		for i := range n * n {
			out = append(out, mesh[plan.Layout().Index(i/n, i%n, 0):][:n]...)
		}
		return out
	}
	check(g.Deposit(mesh, pos, 1.7))
	golden.Bits(t, "Deposit", "0a426a3f588aa108dacd3fbca7ab044f", points(mesh))
	check(g.Contrast(mesh, pos))
	golden.Bits(t, "Contrast", "a2b74ff662af577c97c4bd2436df9760", points(mesh))

	at, one, three := golden.Uniform(3*particles, 2, 0, box), make([]float64, particles), make([]float64, 3*particles)
	check(g.Gather(mesh, at, one))
	golden.Bits(t, "Gather", "36fd57dd87623904f49747d562aca42a", one)
	check(g.GatherGradient(mesh, at, three))
	golden.Bits(t, "GatherGradient", "1c2e47d85b2d89ea12fe69f09246a0b5", three)
	for axis, want := range []string{"5a1af0f11f0e8da97d4ff3941552e117", "c088d11696e1e822442180922d205380", "fe46f12c5d9a7d61c91d31771dfd01d1"} {
		g.Gradient(slope, mesh, axis)
		golden.Bits(t, "Gradient", want, points(slope))
	}
	map2, err := grid.Project(pos, box, 1, 3.1, 8.9, 20)
	check(err)
	golden.Bits(t, "Project", "6b241491492aa3b75225738b317f9745", map2)
}
