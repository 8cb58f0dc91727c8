package power

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync/atomic"

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
		for i, x := range positions {
			if !(x >= 0 && x < opt.Box) {
				return nil, fmt.Errorf("power: positions must lie in [0, %v), got %c = %v of particle %d", opt.Box, 'x'+rune(i%3), x, i/3)
			}
		}
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
	field := make([]float64, len(mesh))
	var bad atomic.Bool
	pool.For(lay.N, func(x int) {
		finite := true
		for y := range lay.N {
			row := field[lay.Index(x, y, 0):][:lay.N]
			copy(row, mesh[lay.Index(x, y, 0):])
			for _, v := range row {
				finite = finite && v-v == 0
			}
		}
		if !finite {
			bad.Store(true)
		}
	})
	if bad.Load() {
		return nil, notFinite(mesh, lay)
	}
	return measure(ctx, pool, plan, field, opt, 0)
}

// notFinite names the first value of a mesh that is not finite.
func notFinite(mesh []float64, lay fft.Layout) error {
	for x := range lay.N {
		for y := range lay.N {
			for z, v := range mesh[lay.Index(x, y, 0):][:lay.N] {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					return fmt.Errorf("power: mesh values must be finite, got %v at (%d, %d, %d)", v, x, y, z)
				}
			}
		}
	}
	return nil
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
	// The planes of k_x and -k_x hold the same wave numbers.
	pool.For(m/2+1, func(ix int) {
		planes[ix] = make([]sum, sh.count)
		sh.rows(m, ix, func(iy, perp, end int) {
			addWaves(planes[ix], sh, perp, end, w2[ix]*w2[iy], c[ix]*c[iy], w2, c)
		})
	})
	for ix := m/2 + 1; ix < m; ix++ {
		planes[ix] = slices.Clone(planes[m-ix])
	}
	pool.For(m, func(ix int) {
		terms := make([]float64, m/2+1)
		sh.rows(m, ix, func(iy, perp, end int) {
			first := lay.Index(ix, iy, 0)
			addPower(planes[ix], sh, perp, a[first:][:2*end], b[first:][:2*end], w2[ix]*w2[iy], w2, terms[:end])
		})
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

// addWaves adds to a plane's sums what depends on the wave numbers only, of the
// modes 0 ≤ k_z < end of a row: k_x² + k_y² = perp, and wxy and cxy are the
// factors of these axes.
func addWaves(plane []sum, sh *shells, perp, end int, wxy, cxy float64, w2, c []float64) {
	for iz := range end {
		m2 := perp + iz*iz
		if m2 == 0 {
			continue
		}
		// The plane k_z = 0 holds both k and -k; elsewhere -k is implied.
		count := 2
		if iz == 0 {
			count = 1
		}
		weight := float64(count)
		s := &plane[sh.of[m2]]
		s.vectors += count
		s.k += float64(weight * math.Sqrt(float64(m2)))
		s.noise += float64(weight * (cxy * c[iz] / (wxy * w2[iz])))
	}
}

// addPower adds the products of two rows of modes to a plane's sums. terms is
// scratch memory of one number a mode.
func addPower(plane []sum, sh *shells, perp int, a, b []float64, wxy float64, w2, terms []float64) {
	for iz := range terms {
		product := float64(a[2*iz]*b[2*iz]) + float64(a[2*iz+1]*b[2*iz+1])
		terms[iz] = 2 * (product / (wxy * w2[iz]))
	}
	terms[0] /= 2 // weights as in addWaves
	for iz, t := range terms {
		if shell := sh.of[perp+iz*iz]; shell >= 0 {
			plane[shell].power += t
		}
	}
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
