package nbody

import (
	"fmt"
	"math"
	"strconv"

	"runlua/kernels/fft"
	"runlua/kernels/fmath"
	"runlua/kernels/rng"
)

// modes draws the linear density modes of Eq. (1).
type modes struct {
	key          [2]uint32
	fixed        bool
	cosine, sine float64   // of the phase added to each drawn mode
	amplitude    []float64 // √(P(k)/V)·D by i²+j²+k²; [0] is 0
	particles    int
	shift        float64 // π/M: k·s of the lattice's shift s, per unit of i+j+k
}

// newModes tabulates the amplitudes with growth factor d. The error names a
// wave number at which the spectrum is negative or not finite.
func newModes(c *Config, d float64) (*modes, error) {
	m := &modes{
		key:       rng.Key(c.Seed),
		fixed:     c.FixedAmplitude,
		particles: c.Particles,
		shift:     math.Pi / float64(c.Mesh),
	}
	switch c.Phase {
	case 0:
		m.cosine, m.sine = 1, 0
	case math.Pi, -math.Pi:
		m.cosine, m.sine = -1, 0 // exactly −δ, which cos and sin of a rounded π are not
	default:
		m.sine, m.cosine = fmath.Sincos(c.Phase)
	}
	largest := c.Particles/2 - 1 // below the Nyquist frequency
	m.amplitude = make([]float64, 3*largest*largest+1)
	volume := c.Box * c.Box * c.Box
	for n2 := 1; n2 < len(m.amplitude); n2++ {
		k := waveUnit(c.Box) * math.Sqrt(float64(n2))
		p := c.Spectrum.P(k)
		if !(p >= 0) || !isFinite(p) {
			return nil, fmt.Errorf("nbody: the power spectrum must be finite and not negative, got P = %v at k = %v h/Mpc", p, k)
		}
		m.amplitude[n2] = math.Sqrt(p/volume) * d
	}
	return m, nil
}

// waveUnit is 2π/L, the wave number in h/Mpc of one period in the box.
func waveUnit(box float64) float64 { return 2 * math.Pi / box }

// at returns δ_k of the wave-vector 2π/L (i, j, k), a factor of exp(ik·x) in
// δ(x). It is 0 at the origin and on and beyond the Nyquist planes, and at(−k)
// is the conjugate of at(k), exactly.
func (m *modes) at(i, j, k int) (re, im float64) {
	if h := m.particles / 2; max(i, -i, j, -j) >= h || max(k, -k) >= h {
		return 0, 0
	}
	sign := 1.0
	if k < 0 || k == 0 && (j < 0 || j == 0 && i < 0) {
		i, j, k, sign = -i, -j, -k, -1
	}
	amp := m.amplitude[i*i+j*j+k*k]
	if amp == 0 {
		return 0, 0
	}
	a, b := rng.Normal2(counter(i, j, k), m.key)
	re, im = m.of(amp, a, b)
	return re, sign * im
}

// counter is that of a wave-vector's normals.
func counter(i, j, k int) [4]uint32 {
	return [4]uint32{uint32(int32(i)), uint32(int32(j)), uint32(int32(k)), rng.PurposeModes}
}

// of returns the mode of amplitude amp that the normals a and b give.
func (m *modes) of(amp, a, b float64) (re, im float64) {
	if m.fixed {
		r := math.Sqrt(float64(a*a) + float64(b*b))
		if r == 0 {
			a, b, r = 1, 0, 1
		}
		amp /= r
	} else {
		amp *= math.Sqrt2 / 2
	}
	re = amp * (float64(a*m.cosine) - float64(b*m.sine))
	im = amp * (float64(a*m.sine) + float64(b*m.cosine))
	return re, im
}

// LinearModes returns rows i, j, k, re, im: δ_k of Eq. (1) at z_start for the
// wave-vectors 2π/L (i, j, k) of components up to limit, in rising order of k,
// j, i, one of each pair ±k. The error is New's, or a *ParamError if limit is not
// below the Nyquist frequency.
func LinearModes(cfg Config, limit int) ([]float64, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if limit < 1 || limit >= cfg.Particles/2 {
		return nil, &ParamError{"limit", fmt.Sprintf("must be from 1 to %d, below half the particles per side", cfg.Particles/2-1), strconv.Itoa(limit), ""}
	}
	cfg, model, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	growth, err := cfg.initialGrowth(model)
	if err != nil {
		return nil, err
	}
	m, err := newModes(&cfg, growth.D(1/(1+cfg.ZStart)))
	if err != nil {
		return nil, err
	}
	var rows []float64
	for k := 0; k <= limit; k++ {
		for j := -limit; j <= limit; j++ {
			for i := -limit; i <= limit; i++ {
				if k == 0 && (j < 0 || j == 0 && i <= 0) {
					continue
				}
				re, im := m.at(i, j, k)
				rows = append(rows, float64(i), float64(j), float64(k), re, im)
			}
		}
	}
	return rows, nil
}

// fill writes the modes into mesh in the layout of plan.Forward's output,
// times exp(ik·s) with s the shift of the particle lattice on each axis: mesh
// point (i, j, k) then stands for the lattice's point (i, j, k).
func (m *modes) fill(plan *fft.Real3, mesh []float64) {
	n := m.particles
	scale := float64(n) * float64(n) * float64(n)
	half := n / 2
	cosine, sine := make([]float64, 3*n), make([]float64, 3*n)
	for t := range cosine { // t − n runs over each sum of three wave numbers that matters
		sine[t], cosine[t] = fmath.Sincos(float64(m.shift * float64(t-n)))
	}
	plan.Apply(mesh, func(ix, iy int, row []float64) {
		i, j := fft.Wave(ix, n), fft.Wave(iy, n)
		drawn := 0 // row[2k] and row[2k+1] hold the normals of k = 1 … drawn-1, for which at turns no sign
		if max(i, -i, j, -j) < half {
			drawn = half
			rng.Normals(row[2:2*half], counter(i, j, 1), 2, m.key)
		}
		for k := 0; k <= half; k++ {
			var re, im float64
			if 0 < k && k < drawn {
				if amp := m.amplitude[i*i+j*j+k*k]; amp != 0 {
					re, im = m.of(amp, row[2*k], row[2*k+1])
				}
			} else {
				re, im = m.at(i, j, k)
			}
			re, im = scale*re, scale*im
			c, s := cosine[i+j+k+n], sine[i+j+k+n]
			row[2*k] = float64(re*c) - float64(im*s)
			row[2*k+1] = float64(re*s) + float64(im*c)
		}
	})
}
