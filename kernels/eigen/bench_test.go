package eigen

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"gonum.org/v1/gonum/mat"

	"runlua/kernels/par"
)

// BenchmarkSymmetric reports how many times longer gonum takes, in turns with
// it. gonum has one thread.
func BenchmarkSymmetric(b *testing.B) {
	for _, n := range []int{30, 100, 300, 600, 1050} {
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("n=%d/threads=%d", n, threads), func(b *testing.B) {
				m := random(rand.New(rand.NewPCG(1, 2)), n)
				pool := par.New(threads)
				var ours, theirs time.Duration
				for b.Loop() {
					a := append([]float64(nil), m...)
					start := time.Now()
					if _, err := Symmetric(context.Background(), pool, a, n); err != nil {
						b.Fatal(err)
					}
					ours += time.Since(start)
					start = time.Now()
					var e mat.EigenSym
					if !e.Factorize(mat.NewSymDense(n, append([]float64(nil), m...)), true) {
						b.Fatal("gonum's did not converge")
					}
					theirs += time.Since(start)
				}
				b.ReportMetric(ours.Seconds()/float64(b.N), "s/matrix")
				b.ReportMetric(theirs.Seconds()/ours.Seconds(), "gonum/ours")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}
