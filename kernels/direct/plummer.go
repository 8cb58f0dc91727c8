package direct

import (
	"math"
	"strconv"

	"runlua/kernels/fmath"
	"runlua/kernels/rng"
)

// StandardScale is s of Eq. (8) in standard N-body units: the energy of a
// sphere with G = M = 1 is −3π/(64 s) = −1/4.
const StandardScale = 3 * math.Pi / 16

// Plummer describes a random sphere of n equal masses.
type Plummer struct {
	N     int // at least 2
	Seed  uint64
	Mass  float64 // M, of all together
	Scale float64 // s of Eq. (8)
	G     float64
}

// Validate checks the sphere's rules. Its error is a *ParamError.
func (p Plummer) Validate() error {
	if p.N < 2 {
		return &ParamError{"n", "must be at least 2", strconv.Itoa(p.N), ""}
	}
	for _, q := range []struct {
		name  string
		value float64
	}{{"mass", p.Mass}, {"scale", p.Scale}, {"G", p.G}} {
		if !(q.value > 0) || !isFinite(q.value) {
			return &ParamError{q.name, "must be positive", formatFloat(q.value), ""}
		}
	}
	return nil
}

// largestFraction of the mass at which a particle is placed: 4e4 scales out.
// Nearer to 1 the inverse of Eq. (8) loses its digits.
const largestFraction = 1 - 1e-10

// Draw returns positions and velocities, length 3n each, and masses. Particle i
// has a stream of random numbers of its own, so that a sphere of more particles
// begins with the same ones, up to the shift that puts the centre of mass at
// rest in the origin and to its masses.
func (p Plummer) Draw() (pos, vel, mass []float64) {
	pos, vel, mass = make([]float64, 3*p.N), make([]float64, 3*p.N), make([]float64, p.N)
	for i := range mass {
		mass[i] = p.Mass / float64(p.N)
		random := rng.NewStream(p.Seed, rng.PurposePlummer, uint64(i))
		r := float64(p.Scale * radius(random))
		escape := math.Sqrt(2 * p.G * p.Mass / math.Sqrt(float64(r*r)+float64(p.Scale*p.Scale)))
		direction(random, r, pos[3*i:3*i+3])
		direction(random, escape*speed(random), vel[3*i:3*i+3])
	}
	for _, x := range [][]float64{pos, vel} {
		c := centre(mass, x)
		for i := range x {
			x[i] -= c[i%3]
		}
	}
	return pos, vel, mass
}

// radius draws r/s: Eq. (8) solved for it.
func radius(random *rng.Stream) float64 {
	for {
		if u := random.Float64(); u > 0 && u <= largestFraction {
			c := fmath.Cbrt(u)
			return c / math.Sqrt((1-c)*(1+c))
		}
	}
}

// speed draws q of Eq. (9) by rejection: the density is below 0.1 everywhere.
func speed(random *rng.Stream) float64 {
	for {
		q, y := random.Float64(), 0.1*random.Float64()
		w := 1 - float64(q*q)
		if y < q*q*w*w*w*math.Sqrt(w) {
			return q
		}
	}
}

// direction sets x to a vector of the given length and a random direction.
func direction(random *rng.Stream, length float64, x []float64) {
	z := float64(2*float64(random.Float64())) - 1
	sin, cos := fmath.Sincos(2 * math.Pi * random.Float64())
	flat := length * math.Sqrt((1-z)*(1+z))
	x[0], x[1], x[2] = float64(flat*cos), float64(flat*sin), float64(length*z)
}
