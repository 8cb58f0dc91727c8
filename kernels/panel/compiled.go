package panel

// tileCompiled is tile where the compiler makes one instruction of a product and
// a sum, which Go allows it and which it does for arm64 among others. Elsewhere
// it is something else; see fuses.
func tileCompiled(c, x, y []float32, across, along, count int, _ []float32, _ int) {
	for i := 0; i < Group; i += 2 {
		for l := 0; l < Lanes; l += 4 {
			tileCompiled2x4(c[i*Lanes+l:(i+1)*Lanes+l+4], x[l:], y[i*across:], across, along, count)
		}
	}
}

func tileCompiled2x4(c, x, y []float32, across, along, count int) {
	c = c[:Lanes+4]
	a0, a1, a2, a3 := c[0], c[1], c[2], c[3]
	b0, b1, b2, b3 := c[Lanes], c[Lanes+1], c[Lanes+2], c[Lanes+3]
	at := 0
	for t := range count {
		v := x[t*Lanes : t*Lanes+4 : t*Lanes+4]
		x0, x1, x2, x3 := v[0], v[1], v[2], v[3]
		y0, y1 := y[at], y[at+across]
		at += along
		a0 += x0 * y0
		a1 += x1 * y0
		a2 += x2 * y0
		a3 += x3 * y0
		b0 += x0 * y1
		b1 += x1 * y1
		b2 += x2 * y1
		b3 += x3 * y1
	}
	c[0], c[1], c[2], c[3] = a0, a1, a2, a3
	c[Lanes], c[Lanes+1], c[Lanes+2], c[Lanes+3] = b0, b1, b2, b3
}

// fuses tells whether a tile rounds once in each of its sums: it compares all
// with the emulated ones. Sums of a few terms most often differ otherwise.
func fuses(t tile) bool {
	state := uint32(1)
	random := func() float32 { // of either sign, 24 bits
		state = state*1664525 + 1013904223
		return float32(int32(state)>>7) / (1 << 24)
	}
	for count := 2; count < 34; count++ {
		x, y := make([]float32, count*Lanes), make([]float32, Group*count)
		for i := range x {
			x[i] = random()
		}
		for i := range y {
			y[i] = random()
		}
		var got, want [Group * Lanes]float32
		t(got[:], x, y, count, 1, count, nil, 0)
		tileEmulated(want[:], x, y, count, 1, count, nil, 0)
		if got != want {
			return false
		}
	}
	return true
}
