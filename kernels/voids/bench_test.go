package voids

import (
	"context"
	"fmt"
	"testing"

	"runlua/kernels/par"
)

// A ladder of 31 radii on 128³ cells, and the refinement of what it finds.
func BenchmarkSpherical(b *testing.B) {
	const box, mesh = 128.0, 128
	pos := plant(box, 64, plantedHoles(), 1)
	opt := Options{Box: box, Mesh: mesh, Threshold: threshold}
	for b.Loop() {
		if _, err := Spherical(context.Background(), par.New(2), pos, opt); err != nil {
			b.Fatal(err)
		}
	}
	cells := float64(len(DefaultRadii(box, mesh))) * mesh * mesh * mesh
	b.ReportMetric(cells*float64(b.N)/b.Elapsed().Seconds(), "cells/s")
}

func BenchmarkRefineAt(b *testing.B) {
	const box, n = 128.0, 64
	pos := scatter(n*n*n, box, 1)
	voids := make([]Void, 2000)
	for i := range voids {
		voids[i] = Void{X: pos[3*i], Y: pos[3*i+1], Z: pos[3*i+2], Limit: 5}
	}
	for b.Loop() {
		if _, err := RefineAt(context.Background(), par.New(2), pos, voids, RefineOptions{Box: box, Threshold: threshold}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(voids)*b.N)/b.Elapsed().Seconds(), "voids/s")
}

// The cell lists of 128³ particles, which Stack and RefineAt begin with.
func BenchmarkChain(b *testing.B) {
	const box, n = 128.0, 128
	pos := scatter(n*n*n, box, 1)
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprintf("threads=%d", threads), func(b *testing.B) {
			pool := par.New(threads)
			for b.Loop() {
				newChain(pool, pos, box)
			}
			b.ReportMetric(n*n*n*float64(b.N)/b.Elapsed().Seconds(), "particles/s")
		})
	}
}
