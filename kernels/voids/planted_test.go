package voids

import (
	"math"
	"math/rand/v2"
)

// A hole is a planted void of the compensated profile
//
//	Δ(r) = depth (1 − (r/size)⁶) for r < size, 0 beyond
//
// so that Δ = t at r = size (1 − t/depth)^(1/6).
type hole struct {
	x, y, z, size float64
}

const holeDepth = -0.9

func (h hole) radius(threshold float64) float64 {
	return h.size * math.Pow(1-threshold/holeDepth, 1.0/6)
}

// holeOfRadius has Δ = threshold at radius r.
func holeOfRadius(x, y, z, r, threshold float64) hole {
	return hole{x, y, z, r / math.Pow(1-threshold/holeDepth, 1.0/6)}
}

// plant puts one particle at random into each cell of a lattice of n³ and
// pushes those within a hole outward, from q to the r at which the profile's
// enclosed mass r³(1+Δ(r)) is q³. Coordinates are multiples of 2⁻²⁰, so that
// whole-cell shifts of them are exact for boxes that are powers of two.
func plant(box float64, n int, holes []hole, seed uint64) []float64 {
	rnd := rand.New(rand.NewPCG(seed, 1))
	step := box / float64(n)
	pos := make([]float64, 0, 3*n*n*n)
	for i := range n {
		for j := range n {
			for k := range n {
				p := [3]float64{
					(float64(i) + rnd.Float64()) * step,
					(float64(j) + rnd.Float64()) * step,
					(float64(k) + rnd.Float64()) * step,
				}
				for _, h := range holes {
					d := [3]float64{p[0] - h.x, p[1] - h.y, p[2] - h.z}
					for a := range d {
						d[a] -= box * math.Round(d[a]/box)
					}
					q := math.Sqrt(d[0]*d[0] + d[1]*d[1] + d[2]*d[2])
					if q >= h.size {
						continue
					}
					lo, hi := q, h.size
					for range 60 {
						r := (lo + hi) / 2
						u := r * r * r / (h.size * h.size * h.size)
						if r*r*r*(1+holeDepth*(1-u*u)) < q*q*q {
							lo = r
						} else {
							hi = r
						}
					}
					for a, c := range [3]float64{h.x, h.y, h.z} {
						p[a] = c + d[a]*(lo/q)
					}
				}
				for _, x := range p {
					pos = append(pos, dyadic(x, box))
				}
			}
		}
	}
	return pos
}

// dyadic is x as a multiple of 2⁻²⁰ in [0, box).
func dyadic(x, box float64) float64 {
	x = math.Round(x*(1<<20)) / (1 << 20)
	x = math.Mod(x, box)
	if x < 0 {
		x += box
	}
	if x >= box {
		x -= box
	}
	return x
}

// shifted moves every particle by the vector s, exactly for dyadic values.
func shifted(pos []float64, box float64, s [3]float64) []float64 {
	out := make([]float64, len(pos))
	for i, x := range pos {
		x += s[i%3]
		if x >= box {
			x -= box
		}
		if x < 0 {
			x += box
		}
		out[i] = x
	}
	return out
}

// scatter is n particles at random.
func scatter(n int, box float64, seed uint64) []float64 {
	rnd := rand.New(rand.NewPCG(seed, 2))
	pos := make([]float64, 3*n)
	for i := range pos {
		pos[i] = dyadic(rnd.Float64()*box, box)
	}
	return pos
}

// distance between two points, nearest images.
func distance(a, b [3]float64, box float64) float64 {
	s := 0.0
	for i := range a {
		d := a[i] - b[i]
		d -= box * math.Round(d/box)
		s += d * d
	}
	return math.Sqrt(s)
}

func (v Void) centre() [3]float64 { return [3]float64{v.X, v.Y, v.Z} }
