package nbody

import (
	"math"
	"slices"

	"runlua/kernels/fft"
	"runlua/kernels/grid"
	"runlua/kernels/state"
)

// packed is the store of 24 bytes a particle: positions are fractions of the box, in
// units of L/2^32, and momenta have single precision. What is computed of them is
// computed in double precision and rounded when it is stored.
type packed struct {
	grid *grid.Single
	unit float64 // of positions, L/2^32
	pos  []uint32
	mom  []float32
}

// newPacked rounds positions in [0, L) and momenta; where they are nil it makes n
// particles at rest on the origin.
func newPacked(g *grid.Single, n int, pos, mom []float64) *packed {
	if pos != nil {
		n = len(pos) / 3
	}
	s := &packed{g, grid.FromFraction(1, g.Box()), make([]uint32, 3*n), make([]float32, 3*n)}
	for i, x := range pos {
		s.pos[i], s.mom[i] = grid.Fraction(x, g.Box()), float32(mom[i])
	}
	return s
}

func (s *packed) number() int { return len(s.pos) / 3 }

func (s *packed) contrast(mesh []float32, done func(worker, x int)) error {
	return s.grid.ContrastPlanes(mesh, s.pos, done)
}

func (s *packed) onto(plan *fft.Single3) (store[float32], error) {
	g, err := grid.NewSingle(plan.Layout(), s.grid.Box(), plan.Pool())
	if err != nil {
		return nil, err
	}
	return &packed{g, s.unit, s.pos, s.mom}, nil
}

func (s *packed) extend(field []float32) { s.grid.Extend(field) }

func (s *packed) gradient(mesh []float32, lo, hi int, f []float64) int {
	s.grid.GatherGradientOf(mesh, s.pos[3*lo:3*hi], f)
	return -1
}

func (s *packed) gather(mesh []float32, lo, hi int, values []float64) error {
	s.grid.Gather(mesh, s.pos[3*lo:3*hi], values)
	return nil
}

func isFinite32(x float32) bool { return x-x == 0 }

func (s *packed) kick(lo, hi int, f []float64, k float64) int {
	p := s.mom[3*lo : 3*hi]
	f = f[:len(p)]
	if isFinite32(math.Float32frombits(kickAll(vectorised, p, f, k))) {
		return -1
	}
	return lo + slices.IndexFunc(p, func(v float32) bool { return !isFinite32(v) })/3
}

// kickAll subtracts k f from p and returns the bits of the largest |p|.
func kickAll(vectors bool, p []float32, f []float64, k float64) (largest uint32) {
	if fours := len(p) / 4; vectors && fours > 0 {
		largest = kickFours(&p[0], &f[0], fours, k)
		p, f = p[4*fours:], f[4*fours:]
	}
	for i := range p {
		v := float32(float64(p[i]) - float64(k*f[i]))
		largest = max(largest, math.Float32bits(v)&^(1<<31))
		p[i] = v
	}
	return largest
}

func (s *packed) kickAlong(axis, lo int, f []float64, k float64) int {
	for i := range f {
		p := &s.mom[3*(lo+i)+axis]
		*p = float32(float64(*p) - float64(k*f[i]))
		if !isFinite32(*p) {
			return lo + i
		}
	}
	return -1
}

func (s *packed) drift(lo, hi int, w float64) int {
	bad := driftAll(vectorised, s.pos[3*lo:3*hi], s.mom[3*lo:3*hi], w/s.unit)
	if bad < 0 {
		return -1
	}
	return lo + bad/3
}

// driftAll moves pos by w mom. It returns the first number that is then none, or -1.
func driftAll(vectors bool, pos []uint32, mom []float32, w float64) (bad int) {
	bad = -1
	for i := 0; i < len(pos); {
		if fours := (len(pos) - i) / 4; vectors && fours > 0 {
			i += 4 * driftFours(&pos[i], &mom[i], fours, w)
		}
		for end := min(i+4, len(pos)); i < end; i++ { // the rest, or what goes far
			d := float64(w * float64(mom[i]))
			if grid.Shifts(d) {
				pos[i] = grid.ShiftFraction(pos[i], d)
			} else if d = math.Mod(d, 1<<32); isFinite(d) { // exact
				pos[i] = grid.ShiftFraction(pos[i], d)
			} else if bad < 0 {
				bad = i
			}
		}
	}
	return bad
}

func (s *packed) set(particle, axis int, x, p float64) {
	s.pos[3*particle+axis] = grid.Fraction(grid.Wrap(x, s.grid.Box()), s.grid.Box())
	s.mom[3*particle+axis] = float32(p)
}

func (s *packed) vectors(i int) (pos, mom [3]float64) {
	for axis := range 3 {
		pos[axis] = grid.FromFraction(s.pos[3*i+axis], s.grid.Box())
		mom[axis] = float64(s.mom[3*i+axis])
	}
	return pos, mom
}

func (s *packed) positions() []float64 {
	x := make([]float64, len(s.pos))
	for i, u := range s.pos {
		x[i] = grid.FromFraction(u, s.grid.Box())
	}
	return x
}

func (s *packed) momenta() []float64 {
	return s.momentaOf(0, s.number(), make([]float64, len(s.mom)))
}

func (s *packed) momentaOf(lo, hi int, room []float64) []float64 {
	room = room[:3*(hi-lo)]
	for i, p := range s.mom[3*lo : 3*hi] {
		room[i] = float64(p)
	}
	return room
}

func (s *packed) others(places []float64) store[float32] {
	return newPacked(s.grid, 0, places, make([]float64, len(places)))
}

func (s *packed) byCell(order []uint32) error { return s.grid.ByCell(order, s.pos) }

func (s *packed) permute(each blocks, memory []float64, from []uint32, back bool) {
	permute(each, view[uint32](memory), s.pos, from, back)
	permute(each, view[float32](memory), s.mom, from, back)
}

func (s *packed) clone() store[float32] {
	return &packed{s.grid, s.unit, slices.Clone(s.pos), slices.Clone(s.mom)}
}

func (s *packed) parts() []state.Part {
	return []state.Part{state.Numbers(s.pos), state.Numbers(s.mom)}
}

func (s *packed) read(in *state.Reader) (stray int, err error) {
	if err := state.ReadNumbers(in, s.pos, "particles"); err != nil {
		return 0, err
	}
	if err := state.ReadNumbers(in, s.mom, "particles"); err != nil {
		return 0, err
	}
	for i, p := range s.mom {
		if !isFinite32(p) {
			return i / 3, nil
		}
	}
	return -1, nil
}
