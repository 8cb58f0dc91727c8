package power

import (
	"context"
	"testing"

	"runlua/kernels/par"
)

func BenchmarkMeasure(b *testing.B) {
	const n, mesh = 64 * 64 * 64, 128
	pos := scatter(n, 256, 1)
	for b.Loop() {
		if _, err := Measure(context.Background(), par.New(2), pos, Options{Box: 256, Mesh: mesh}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(mesh*mesh*mesh*b.N)/b.Elapsed().Seconds(), "cells/s")
}
