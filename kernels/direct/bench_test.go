package direct

import (
	"fmt"
	"testing"

	"runlua/kernels/par"
)

// accelerators are of every precision and kind of loops that there is here.
func accelerators(c Config) map[string]accelerator {
	all := map[string]accelerator{
		"single/portable": newForces(c, portableKernels[float32](), loadSingle),
		"double/portable": newForces(c, portableKernels[float64](), loadDouble),
	}
	if k := vectorKernels[float32](); k != nil {
		all["single/"+k.name] = newForces(c, k, loadSingle)
	}
	if k := vectorKernels[float64](); k != nil {
		all["double/"+k.name] = newForces(c, k, loadDouble)
	}
	return all
}

// BenchmarkForce counts ordered pairs.
func BenchmarkForce(b *testing.B) {
	for _, n := range []int{512, 4096, 16384} {
		for threads := 1; threads <= 2; threads++ {
			pos, vel, mass := Plummer{N: n, Seed: 1, Mass: 1, Scale: 1, G: 1}.Draw()
			c := Config{Positions: pos, Velocities: vel, Masses: mass, G: 1, Softening: 0.01, Pool: par.New(threads)}
			for _, kind := range []string{"single/avx2", "single/portable", "double/avx2", "double/portable"} {
				f := accelerators(c)[kind]
				if f == nil {
					continue
				}
				b.Run(fmt.Sprintf("%s/n=%d/threads=%d", kind, n, threads), func(b *testing.B) {
					acc := make([]float64, 3*n)
					for b.Loop() {
						if err := f.accelerate(b.Context(), pos, acc); err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(float64(n)*float64(n-1)*float64(b.N)/b.Elapsed().Seconds()/1e9, "Gpairs/s")
				})
			}
		}
	}
}
