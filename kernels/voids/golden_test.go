package voids_test

import (
	"context"
	"testing"

	"runlua/kernels/golden"
	"runlua/kernels/par"
	"runlua/kernels/voids"
)

// goldenParticles are uniform, but few in the lower half of the box.
func goldenParticles(box float64) (pos []float64) {
	for i, all := 0, golden.Uniform(3*6000, 1, 0, box); i < len(all); i += 3 {
		if all[i] > box/2 || i%11 == 0 {
			pos = append(pos, all[i:i+3]...)
		}
	}
	return pos
}

func TestGoldenVoids(t *testing.T) {
	const box = 80.0
	ctx, pool, pos := context.Background(), par.New(2), goldenParticles(box)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	found, err := voids.Spherical(ctx, pool, pos, voids.Options{Box: box, Mesh: 24, Threshold: -0.3})
	must(err)
	if len(found.Voids) < 5 {
		t.Fatalf("%d voids are too few for a digest", len(found.Voids))
	}
	var spheres []any
	for _, v := range found.Voids {
		spheres = append(spheres, []float64{v.X, v.Y, v.Z, v.Radius, v.Depth, v.Ladder, v.Limit}, v.Inside)
	}
	golden.Bits(t, "Spherical", "3029215c87d9c3f1d38a2984afe86328", append(spheres, found.Dropped)...)

	refined, err := voids.RefineAt(ctx, pool, golden.Uniform(3*3000, 2, 0, box), found.Voids, voids.RefineOptions{Box: box, Threshold: -0.3})
	must(err)
	golden.Bits(t, "RefineAt", "6da41a11f683b5bf63cc5ae41f7035b6", refined.Radii, refined.Inside)

	for _, c := range []struct {
		filter voids.Filter
		want   string
	}{{voids.TopHat, "f0400713f1ad5c8535270da9338e475d"}, {voids.Gaussian, "c59e35938a9f2d5e223e249d93edee66"}} {
		parts, err := voids.Threshold(ctx, pool, pos, voids.ThresholdOptions{Box: box, Mesh: 24, Threshold: -0.5, Smoothing: 5, Filter: c.filter})
		must(err)
		var numbers []any
		for _, p := range parts.List {
			numbers = append(numbers, []float64{p.X, p.Y, p.Z, p.Radius, p.Depth}, p.Cells)
		}
		golden.Bits(t, "Threshold, "+string(c.filter), c.want, append(numbers, parts.Cells)...)
	}

	stack, err := voids.Stack(ctx, pool, pos, found.Voids, voids.StackOptions{Box: box, To: 0.9, Bins: 12, Scaled: true, Jackknife: true})
	must(err)
	golden.Bits(t, "Stack", "3f0db2529ddf3566aa78c16ec8a29f36", stack.R, stack.Contrast, stack.Err, stack.Enclosed, stack.EnclosedErr, stack.Counts)

	edges := []float64{4, 6, 9, 13, 20}
	size, _, err := voids.SizeJackknife(voids.Divide(found.Voids, box), edges)
	must(err)
	golden.Bits(t, "SizeJackknife", "0f3ea40f6f775955fa6ad26f7711dac9", size.DnDlnR, size.Err)
}
