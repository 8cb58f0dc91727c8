package diffusion

import "context"

// modes is the part that Gaussian denoisers share: the walk goes along the
// modes, where the covariance is diagonal.
type modes struct {
	variance []float64 // Å², of each coordinate of the walk; positive
	repeat   int       // how many coordinates in a row have one variance
}

// Dim returns the number of coordinates of the walk.
func (m *modes) Dim() int { return len(m.variance) * m.repeat }

// Concurrent marks Denoise as safe to be called at once.
func (m *modes) Concurrent() {}

// Denoise is D = v/(v + σ²) x, mode by mode, Eq. (11).
func (m *modes) Denoise(_ context.Context, dst, x []float64, batch int, sigma float64) error {
	s2 := float64(sigma * sigma)
	for start := 0; start < batch*m.Dim(); start += m.Dim() {
		j := start
		for _, v := range m.variance {
			keep := v / (v + s2)
			for range m.repeat {
				dst[j] = float64(keep * x[j])
				j++
			}
		}
	}
	return nil
}

// Variances returns the variance, Å², of each coordinate of the walk.
func (m *modes) Variances() []float64 {
	out := make([]float64, 0, m.Dim())
	for _, v := range m.variance {
		for range m.repeat {
			out = append(out, v)
		}
	}
	return out
}
