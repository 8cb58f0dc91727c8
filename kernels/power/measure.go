package power

import (
	"context"
	"fmt"
	"math"

	"runlua/kernels/fft"
	"runlua/kernels/fmath"
	"runlua/kernels/grid"
	"runlua/kernels/par"
)

// A Result holds one entry for each shell that has modes, by rising k.
type Result struct {
	K     []float64 // mean wave number of the shell's modes, h/Mpc
	P     []float64 // power, (Mpc/h)³; less Noise if asked for
	Err   []float64 // standard error of P, Eq. (3), of the power with its noise
	Modes []int     // independent modes, k and -k counted once
	Noise []float64 // what a random scatter of the particles gives, (Mpc/h)³

	ShotNoise   float64 // L³/N_p, (Mpc/h)³; 0 for a mesh
	Fundamental float64 // 2π/L, h/Mpc
	Nyquist     float64 // πM/L, h/Mpc
	Subtracted  bool    // whether P has Noise taken from it
}

// Measure returns the power spectrum of particles. positions holds
// x0 y0 z0 x1 …, Mpc/h, in [0, Box), and is not changed.
func Measure(ctx context.Context, pool *par.Pool, positions []float64, opt Options) (*Result, error) {
	if err := opt.check(); err != nil {
		return nil, err
	}
	if opt.Window != NoWindow {
		return nil, fmt.Errorf("power: window must not be given for particles, got %d", opt.Window)
	}
	if len(positions) == 0 || len(positions)%3 != 0 {
		return nil, fmt.Errorf("power: positions must hold three coordinates of at least one particle, got a length of %d", len(positions))
	}
	for i, x := range positions {
		if !(x >= 0 && x < opt.Box) {
			return nil, fmt.Errorf("power: positions must lie in [0, %v), got %c = %v of particle %d", opt.Box, 'x'+rune(i%3), x, i/3)
		}
	}
	plan, err := fft.NewReal3(opt.Mesh, pool)
	if err != nil {
		return nil, fmt.Errorf("power: mesh: %w", err)
	}
	mesh := plan.NewMesh()
	g, err := grid.New(plan.Layout(), opt.Box, pool)
	if err != nil {
		return nil, fmt.Errorf("power: %w", err)
	}
	if err := g.Contrast(mesh, positions); err != nil {
		return nil, fmt.Errorf("power: %w", err)
	}
	opt.Window = CIC
	return measure(ctx, pool, plan, mesh, opt, len(positions)/3)
}

// MeasureMesh returns the power spectrum of a contrast δ on a real mesh in
// fft's layout for opt.Mesh points a side. The mesh is not changed. It panics
// if the mesh has another length than that layout's.
func MeasureMesh(ctx context.Context, pool *par.Pool, mesh []float64, opt Options) (*Result, error) {
	if err := opt.check(); err != nil {
		return nil, err
	}
	if opt.Window != NoWindow && opt.Window != CIC {
		return nil, fmt.Errorf("power: window must be none or CIC, got %d", opt.Window)
	}
	if opt.SubtractNoise {
		return nil, fmt.Errorf("power: noise can be subtracted for particles only, got a mesh")
	}
	plan, err := fft.NewReal3(opt.Mesh, pool)
	if err != nil {
		return nil, fmt.Errorf("power: mesh: %w", err)
	}
	lay := plan.Layout()
	if len(mesh) != lay.Len() {
		panic(fmt.Sprintf("power: MeasureMesh: mesh must hold %d values, got %d", lay.Len(), len(mesh)))
	}
	for x := range lay.N {
		for y := range lay.N {
			for z, v := range mesh[lay.Index(x, y, 0):][:lay.N] {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					return nil, fmt.Errorf("power: mesh values must be finite, got %v at (%d, %d, %d)", v, x, y, z)
				}
			}
		}
	}
	return measure(ctx, pool, plan, append([]float64(nil), mesh...), opt, 0)
}

// measure transforms the mesh in place and averages its modes. particles is 0
// for a field.
func measure(ctx context.Context, pool *par.Pool, plan *fft.Real3, mesh []float64, opt Options, particles int) (*Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	plan.Forward(mesh)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	end := bound(opt)
	sh := newShells(end, opt.LogBins)
	sums := sumShells(pool, plan.Layout(), mesh, mesh, sh, opt.Window)

	volume := opt.Box * opt.Box * opt.Box
	points := float64(opt.Mesh) * float64(opt.Mesh) * float64(opt.Mesh)
	res := &Result{
		Fundamental: 2 * math.Pi / opt.Box,
		Nyquist:     math.Pi * float64(opt.Mesh) / opt.Box,
		Subtracted:  opt.SubtractNoise,
	}
	if particles > 0 {
		res.ShotNoise = volume / float64(particles)
	}
	for _, s := range sums {
		if s.vectors == 0 {
			continue
		}
		n := float64(s.vectors)
		p := s.power / n * volume / (points * points)
		noise := float64(res.ShotNoise * (s.noise / n))
		res.K = append(res.K, s.k/n*res.Fundamental)
		res.Modes = append(res.Modes, s.vectors/2)
		res.Err = append(res.Err, p/math.Sqrt(n/2))
		res.Noise = append(res.Noise, noise)
		if opt.SubtractNoise {
			p -= noise
		}
		res.P = append(res.P, p)
	}
	return res, nil
}

// A sum is one shell's, over wave vectors: k and -k both.
type sum struct {
	vectors         int
	k, power, noise float64 // Σ|m|, Σ Re(δ_a δ_b*)/W², ΣC/W²
}

// sumShells adds the products of two half-complex meshes, which may be one, into
// their shells: first each plane of constant k_x by itself, then the planes in
// their order.
func sumShells(pool *par.Pool, lay fft.Layout, a, b []float64, sh *shells, window Window) []sum {
	m := lay.N
	w2, c := windowTables(m, window)
	planes := make([][]sum, m)
	pool.For(m, func(ix int) {
		plane := make([]sum, sh.count)
		jx := fft.Wave(ix, m)
		for iy := range m {
			jy := fft.Wave(iy, m)
			perp := jx*jx + jy*jy
			if perp >= len(sh.of) {
				continue
			}
			row, other := a[lay.Index(ix, iy, 0):], b[lay.Index(ix, iy, 0):]
			wxy, cxy := w2[ix]*w2[iy], c[ix]*c[iy]
			for iz := 0; iz <= m/2; iz++ {
				m2 := perp + iz*iz
				if m2 >= len(sh.of) {
					break
				}
				if m2 == 0 {
					continue
				}
				// The plane k_z = 0 holds both k and -k; elsewhere -k is implied.
				count := 2
				if iz == 0 {
					count = 1
				}
				weight := float64(count)
				w := wxy * w2[iz]
				s := &plane[sh.of[m2]]
				s.vectors += count
				s.k += float64(weight * math.Sqrt(float64(m2)))
				s.power += float64(weight * ((float64(row[2*iz]*other[2*iz]) + float64(row[2*iz+1]*other[2*iz+1])) / w))
				s.noise += float64(weight * (cxy * c[iz] / w))
			}
		}
		planes[ix] = plane
	})
	total := make([]sum, sh.count)
	for _, plane := range planes {
		for i, s := range plane {
			total[i].vectors += s.vectors
			total[i].k += s.k
			total[i].power += s.power
			total[i].noise += s.noise
		}
	}
	return total
}

// windowTables holds each axis's factors of W² and C of Eq. (4) by index.
func windowTables(m int, window Window) (w2, c []float64) {
	w2, c = make([]float64, m), make([]float64, m)
	for i := range m {
		w2[i], c[i] = 1, 1
		if window == NoWindow || i == 0 {
			continue
		}
		s := math.Pi * float64(fft.Wave(i, m)) / float64(m)
		sin := fmath.Sin(s)
		q := sin / s
		w2[i] = q * q * q * q
		c[i] = 1 - float64(2.0/3*sin*sin)
	}
	return w2, c
}
