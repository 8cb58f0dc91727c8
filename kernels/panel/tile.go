package panel

// tile adds to a tile of Group rows of Lanes numbers each
//
//	c[i][l] += Σ_t x[t][l] y[i·across + t·along],  t = 0 … count−1
//
// one term after the other, each product and sum rounded once. next is what will be
// read soon, a number in each ahead: assembly asks for it to be fetched.
type tile func(c, x, y []float32, across, along, count int, next []float32, ahead int)

// tileEmulated is tile on any processor: products are exact in double precision.
func tileEmulated(c, x, y []float32, across, along, count int, _ []float32, _ int) {
	for i := 0; i < Group; i += 2 {
		for l := 0; l < Lanes; l += 4 {
			tileEmulated2x4(c[i*Lanes+l:(i+1)*Lanes+l+4], x[l:], y[i*across:], across, along, count)
		}
	}
}

func tileEmulated2x4(c, x, y []float32, across, along, count int) {
	c = c[:Lanes+4]
	a0, a1, a2, a3 := float64(c[0]), float64(c[1]), float64(c[2]), float64(c[3])
	b0, b1, b2, b3 := float64(c[Lanes]), float64(c[Lanes+1]), float64(c[Lanes+2]), float64(c[Lanes+3])
	at := 0
	for t := range count {
		v := x[t*Lanes : t*Lanes+4 : t*Lanes+4]
		x0, x1, x2, x3 := float64(v[0]), float64(v[1]), float64(v[2]), float64(v[3])
		y0, y1 := float64(y[at]), float64(y[at+across])
		at += along
		// fused, four at a time: the compiler does not put it here by itself.
		p0, p1, p2, p3 := float64(x0*y0), float64(x1*y0), float64(x2*y0), float64(x3*y0)
		s0, s1, s2, s3 := p0+a0, p1+a1, p2+a2, p3+a3
		if doubtful(s0) || doubtful(s1) || doubtful(s2) || doubtful(s3) {
			s0, s1, s2, s3 = roundOdd(p0, a0, s0), roundOdd(p1, a1, s1), roundOdd(p2, a2, s2), roundOdd(p3, a3, s3)
		}
		a0, a1, a2, a3 = float64(float32(s0)), float64(float32(s1)), float64(float32(s2)), float64(float32(s3))
		p0, p1, p2, p3 = float64(x0*y1), float64(x1*y1), float64(x2*y1), float64(x3*y1)
		s0, s1, s2, s3 = p0+b0, p1+b1, p2+b2, p3+b3
		if doubtful(s0) || doubtful(s1) || doubtful(s2) || doubtful(s3) {
			s0, s1, s2, s3 = roundOdd(p0, b0, s0), roundOdd(p1, b1, s1), roundOdd(p2, b2, s2), roundOdd(p3, b3, s3)
		}
		b0, b1, b2, b3 = float64(float32(s0)), float64(float32(s1)), float64(float32(s2)), float64(float32(s3))
	}
	c[0], c[1], c[2], c[3] = float32(a0), float32(a1), float32(a2), float32(a3)
	c[Lanes], c[Lanes+1], c[Lanes+2], c[Lanes+3] = float32(b0), float32(b1), float32(b2), float32(b3)
}
