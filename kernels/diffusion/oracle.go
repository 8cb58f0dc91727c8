package diffusion

// PredictedVariance returns the variance, Å², with which a mode of a Gaussian
// distribution comes out of a walk whose denoiser knows that distribution:
// the recursion of Eqs. (7) and (8), which is exact. v is the mode's own
// variance, Å², positive; with v = 0 the mode stands still.
//
// Augmentation is left out: a random rotation keeps the variance of what is
// equivariant, and moving adds to the centre of mass only.
func (s Settings) PredictedVariance(v float64) float64 {
	sigmas := s.Sigmas()
	out := sigmas[0] * sigmas[0]
	for _, l := range s.levels() {
		a := l.factor(v)
		out = a * a * (out + float64(l.noise*l.noise))
	}
	return out
}

// factor is what a step multiplies a mode of variance v with, once its noise
// is in.
func (l level) factor(v float64) float64 {
	slope := func(t float64) float64 { return t / (v + float64(t*t)) } // (x − D(x, t))/(t x)
	h := l.next - l.hat
	euler := 1 + float64(l.eta*h*slope(l.hat))
	if !l.heun {
		return euler
	}
	return 1 + float64(h/2*(slope(l.hat)+float64(euler*slope(l.next))))
}
