package power

import (
	"fmt"
	"math"
)

// A Window is what sampling did to the modes of a mesh.
type Window int

const (
	NoWindow Window = iota // the mesh samples the field itself
	CIC                    // the mesh was made by a cloud-in-cell deposit
)

// Options of Measure, MeasureMesh and MeasurePlanes. Box and Mesh are required.
type Options struct {
	Box  float64 // comoving side L of the periodic box, Mpc/h
	Mesh int     // points a side M: even, a product of 2, 3 and 5

	// LogBins is the number of shells a decade of k; 0 stands for linear
	// shells as wide as the fundamental.
	LogBins int

	// KMax leaves out modes at and above it, h/Mpc; 0 stands for the Nyquist
	// wave number of the mesh, its largest value.
	KMax float64

	// SubtractNoise takes Noise from P. For particles only.
	SubtractNoise bool

	// Window to divide out, for MeasureMesh and MeasurePlanes; Measure knows its
	// own.
	Window Window
}

// check validates what both measurements need.
func (opt Options) check() error {
	if !(opt.Box > 0) || math.IsInf(opt.Box, 0) {
		return fmt.Errorf("power: box must be positive and finite, got %v", opt.Box)
	}
	if opt.LogBins < 0 {
		return fmt.Errorf("power: bins a decade must not be negative, got %d", opt.LogBins)
	}
	if opt.KMax == 0 {
		return nil
	}
	fundamental, nyquist := 2*math.Pi/opt.Box, math.Pi*float64(opt.Mesh)/opt.Box
	if !(opt.KMax > fundamental && opt.KMax <= nyquist) {
		return fmt.Errorf("power: kmax must be above the fundamental (%.6g h/Mpc) and at most the Nyquist wave number of the mesh (%.6g), got %v",
			fundamental, nyquist, opt.KMax)
	}
	return nil
}
