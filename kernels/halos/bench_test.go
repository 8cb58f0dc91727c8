package halos

import (
	"context"
	"testing"

	"runlua/kernels/par"
)

func BenchmarkFind(b *testing.B) {
	const n, box = 1 << 18, 64
	pos := scatter(n, box, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Find(context.Background(), par.New(2), pos, Options{Box: box, B: 0.2, Min: 20}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "particles/s")
}
