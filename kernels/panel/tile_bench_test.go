package panel

import "testing"

// BenchmarkTile reports each code of a tile, of numbers and of a matrix as a
// denoiser has them, in GFLOP/s.
func BenchmarkTile(b *testing.B) {
	const count = 300
	x, y := make([]float32, count*Lanes), make([]float32, Group*count)
	for i := range x {
		x[i] = float32(i*7919%1000)/999 - 0.5
	}
	for i := range y {
		y[i] = float32(i*104729%1000)/997 - 0.5
	}
	for name, t := range everyTile() {
		b.Run(name, func(b *testing.B) {
			var c [Group * Lanes]float32
			for b.Loop() {
				t(c[:], x, y, count, 1, count, nil, 0)
			}
			b.ReportMetric(2*Group*Lanes*count*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
	dot := func(a, c []float64) (s float64) { // the plain loop, in double precision
		for i, v := range a {
			s += float64(v * c[i])
		}
		return s
	}
	b.Run("double", func(b *testing.B) {
		u, v := make([]float64, count), make([]float64, count)
		var s float64
		for b.Loop() {
			s += dot(u, v)
		}
		_ = s
		b.ReportMetric(2*count*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
	})
}
