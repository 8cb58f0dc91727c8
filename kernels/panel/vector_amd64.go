//go:build amd64 && !noasm

package panel

//go:generate go run -C _gen . -pkg panel -out ../panel_amd64.s -stubs ../panel_amd64.go

import "golang.org/x/sys/cpu"

// vectorLoops are the loops in assembly, or nil if the processor lacks AVX2 or
// FMA. The functions here check what the assembly takes for granted.
func vectorLoops() *loops {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
		return nil
	}
	return &loops{"avx2", vectorTile, passes{
		func(v, offset []float32, scale float32, largest *[Lanes]float32) {
			_ = v[len(offset)*Lanes-1]
			scoresVector(&v[0], &offset[0], len(offset), scale, &largest[0])
		},
		func(v []float32, largest *[Lanes]float32, sums *[Lanes]float64) {
			weightsVector(&v[0], &largest[0], &sums[0], len(v)/Lanes)
		},
		func(marks []uint16, v []float32, bound *[Lanes]float32) {
			_ = v[len(marks)*Lanes-1]
			marksVector(&marks[0], &v[0], &bound[0], len(marks))
		},
		func(parts *[Lanes]float64, a, b []float64) {
			_ = b[len(a)-1]
			distanceVector(&parts[0], &a[0], &b[0], len(a)/Lanes)
		},
	}}
}

func vectorTile(c, x, y []float32, across, along, count int, next []float32, ahead int) {
	if count <= 0 {
		return
	}
	_ = c[Group*Lanes-1]
	_ = x[count*Lanes-1]
	_ = y[(Group-1)*across+(count-1)*along]
	if len(next) < (count-1)*ahead+1 {
		next, ahead = y, 0
	}
	tileFused(&c[0], &x[0], &y[0], 4*across, 4*along, count, &next[0], 4*ahead)
}
