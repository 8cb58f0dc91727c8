package voids

import (
	"fmt"
	"math"
	"slices"
)

// ladderStep is the ratio of neighbouring radii in the default ladder, and
// what stands in for it where a ladder has a single radius.
const ladderStep = 1.08

// Options of Spherical. Box, Mesh and Threshold are required.
type Options struct {
	Box       float64 // comoving side L of the periodic box, Mpc/h
	Mesh      int     // cells a side M: even, a product of 2, 3 and 5
	Threshold float64 // contrast t of a void's sphere, -1 < t < 0

	// Radii is the ladder, Mpc/h, in any order, each at least one cell and at
	// most a quarter of the box. Nil stands for DefaultRadii(Box, Mesh).
	Radii []float64

	// Unrefined leaves each void's Radius at its ladder radius.
	Unrefined bool

	// Progress, unless nil, is called before the first radius of the ladder and
	// after each, with how many are done and how many there are. It changes
	// nothing.
	Progress func(done, total int)
}

// DefaultRadii is the ladder from three cells of the mesh up in steps of 8 per
// cent, ending below a quarter of the box, in descending order. It is empty
// for a mesh of fewer than 13 cells a side, where nothing lies between.
func DefaultRadii(box float64, mesh int) []float64 {
	var radii []float64
	for r := 3 * box / float64(mesh); r < box/4; r *= ladderStep {
		radii = append(radii, r)
	}
	slices.Reverse(radii)
	return radii
}

// ladder checks opt and returns its radii in descending order.
func (opt Options) ladder() ([]float64, error) {
	if err := checkBox(opt.Box); err != nil {
		return nil, err
	}
	if opt.Mesh < 1 {
		return nil, fmt.Errorf("voids: mesh must be positive, got %d", opt.Mesh)
	}
	if err := checkThreshold(opt.Threshold); err != nil {
		return nil, err
	}
	radii := slices.Clone(opt.Radii)
	if opt.Radii == nil {
		if radii = DefaultRadii(opt.Box, opt.Mesh); len(radii) == 0 {
			return nil, fmt.Errorf("voids: mesh must be at least 13 for the default radii, got %d", opt.Mesh)
		}
	}
	if len(radii) == 0 {
		return nil, fmt.Errorf("voids: radii must hold at least one radius, got none")
	}
	cell := opt.Box / float64(opt.Mesh)
	for _, r := range radii {
		switch {
		case math.IsNaN(r) || math.IsInf(r, 0):
			return nil, fmt.Errorf("voids: radii must be finite, got %v", r)
		case r < cell:
			return nil, fmt.Errorf("voids: radii must be at least one cell of the mesh (%v Mpc/h), got %v", cell, r)
		case r > opt.Box/4:
			return nil, fmt.Errorf("voids: radii must be at most a quarter of the box (%v Mpc/h), got %v", opt.Box/4, r)
		}
	}
	slices.Sort(radii)
	for i := 1; i < len(radii); i++ {
		if radii[i] == radii[i-1] {
			return nil, fmt.Errorf("voids: radii must differ from each other, got %v twice", radii[i])
		}
	}
	slices.Reverse(radii)
	if top := limits(radii)[0]; top > opt.Box/2 {
		return nil, fmt.Errorf("voids: radii must end in a step that continued stays within half the box (%v Mpc/h), got %v after %v",
			opt.Box/2, radii[0], radii[1])
	}
	return radii, nil
}

// limits gives for each radius of a descending ladder the one above it.
func limits(radii []float64) []float64 {
	out := make([]float64, len(radii))
	copy(out[1:], radii)
	out[0] = radii[0] * ladderStep
	if len(radii) > 1 {
		out[0] = radii[0] * (radii[0] / radii[1])
	}
	return out
}

// warnings tells what is allowed but doubtful about a ladder.
func (opt Options) warnings(radii []float64, particles int) []string {
	var out []string
	smallest := radii[len(radii)-1]
	cell := opt.Box / float64(opt.Mesh)
	if smallest < 3*cell {
		out = append(out, fmt.Sprintf(
			"the smallest radius is %.4g Mpc/h, under 3 cells of the mesh (%.4g): the mesh blurs such voids",
			smallest, 3*cell))
	}
	expected := (1 + opt.Threshold) * float64(particles) * sphere(smallest) / (opt.Box * opt.Box * opt.Box)
	if !opt.Unrefined && expected < 1 {
		out = append(out, fmt.Sprintf(
			"a void of the smallest radius, %.4g Mpc/h, holds %.2g particles on average: too few to refine it",
			smallest, expected))
	}
	return out
}

// sphere is the volume of a sphere of radius r.
func sphere(r float64) float64 { return float64(4 * math.Pi / 3 * r * r * r) }

func checkBox(box float64) error {
	if !(box > 0) || math.IsInf(box, 0) {
		return fmt.Errorf("voids: box must be positive and finite, got %v", box)
	}
	return nil
}

func checkThreshold(t float64) error {
	if !(t > -1 && t < 0) {
		return fmt.Errorf("voids: threshold must lie between -1 and 0, got %v", t)
	}
	return nil
}

// checkPositions wants x0 y0 z0 x1 … with every coordinate in [0, box).
func checkPositions(positions []float64, box float64) error {
	if len(positions)%3 != 0 {
		return fmt.Errorf("voids: positions must hold three coordinates a particle, got a length of %d", len(positions))
	}
	if len(positions) == 0 {
		return fmt.Errorf("voids: positions must hold at least one particle, got none")
	}
	for i, x := range positions {
		if !(x >= 0 && x < box) {
			return fmt.Errorf("voids: positions must lie in [0, %v), got %c = %v of particle %d", box, 'x'+rune(i%3), x, i/3)
		}
	}
	return nil
}
