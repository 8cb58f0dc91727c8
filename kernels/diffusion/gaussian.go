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

// Denoise is D = v/(v + σ²) x, mode by mode, Eq. (11): some modes of all rows,
// then the next ones, so that each quotient is formed once.
func (m *modes) Denoise(_ context.Context, dst, x []float64, batch int, sigma float64) error {
	s2 := float64(sigma * sigma)
	dim := m.Dim()
	var keep [64]float64
	for first := 0; first < len(m.variance); first += len(keep) {
		some := m.variance[first:min(first+len(keep), len(m.variance))]
		for i, v := range some {
			keep[i] = v / (v + s2)
		}
		for r := range batch {
			from := r*dim + first*m.repeat
			to := from + len(some)*m.repeat
			scaleModes(dst[from:to], x[from:to], keep[:len(some)], m.repeat)
		}
	}
	return nil
}

// scaleModes is dst = keep x with each factor for the next repeat numbers.
func scaleModes(dst, x, keep []float64, repeat int) {
	if repeat == 1 {
		dst, x = dst[:len(keep)], x[:len(keep)]
		for j, k := range keep {
			dst[j] = float64(k * x[j])
		}
		return
	}
	j := 0
	for _, k := range keep {
		for range repeat {
			dst[j] = float64(k * x[j])
			j++
		}
	}
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
