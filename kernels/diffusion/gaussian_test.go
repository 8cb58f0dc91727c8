package diffusion

import (
	"context"
	"testing"

	"runlua/kernels/rng"
)

// Eq. (11) as it stands, for more modes than are scaled at a time.
func TestEachModeIsScaledByItsOwnVariance(t *testing.T) {
	const batch = 3
	sigma := 1.7
	for _, repeat := range []int{1, 3} {
		m := modes{repeat: repeat}
		for k := range 150 {
			m.variance = append(m.variance, 1/float64(k+1))
		}
		x, got := make([]float64, batch*m.Dim()), make([]float64, batch*m.Dim())
		normals(x, rng.Key(1), 0, 0, rng.PurposeDiffusionStart)
		if err := m.Denoise(context.Background(), got, x, batch, sigma); err != nil {
			t.Fatal(err)
		}
		for j := range x {
			v := m.variance[j%m.Dim()/repeat]
			if want := v / (v + float64(sigma*sigma)) * x[j]; got[j] != want {
				t.Fatalf("%d numbers a variance: number %d of %d is %v, want %v", repeat, j, len(x), got[j], want)
			}
		}
	}
}
