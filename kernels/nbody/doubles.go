package nbody

import (
	"slices"

	"runlua/kernels/fft"
	"runlua/kernels/grid"
	"runlua/kernels/state"
)

// doubles is the store of positions in Mpc/h and momenta in double precision.
type doubles struct {
	grid     *grid.Grid
	pos, mom []float64
}

func newDoubles(g *grid.Grid, n int, pos, mom []float64) *doubles {
	if pos == nil {
		pos, mom = make([]float64, 3*n), make([]float64, 3*n)
	}
	return &doubles{g, pos, mom}
}

func (d *doubles) number() int { return len(d.pos) / 3 }

func (d *doubles) contrast(mesh []float64, done func(worker, x int)) error {
	return d.grid.ContrastPlanes(mesh, d.pos, done)
}

func (d *doubles) onto(plan *fft.Real3) (store[float64], error) {
	g, err := grid.New(plan.Layout(), d.grid.Box(), plan.Pool())
	if err != nil {
		return nil, err
	}
	return &doubles{g, d.pos, d.mom}, nil
}

func (d *doubles) extend([]float64) {}

func (d *doubles) gradient(mesh []float64, lo, hi int, f []float64) int {
	if done := d.grid.GatherGradientOf(mesh, d.pos[3*lo:3*hi], f); done < hi-lo {
		return lo + done
	}
	return -1
}

func (d *doubles) gather(mesh []float64, lo, hi int, values []float64) error {
	return d.grid.Gather(mesh, d.pos[3*lo:3*hi], values)
}

func (d *doubles) kick(lo, hi int, f []float64, k float64) int {
	first := -1
	p := d.mom[3*lo : 3*hi]
	for i := range p {
		p[i] -= float64(k * f[i])
		if first < 0 && !isFinite(p[i]) {
			first = lo + i/3
		}
	}
	return first
}

func (d *doubles) kickAlong(axis, lo int, f []float64, k float64) int {
	for i := range f {
		p := &d.mom[3*(lo+i)+axis]
		*p -= float64(k * f[i])
		if !isFinite(*p) {
			return lo + i
		}
	}
	return -1
}

func (d *doubles) drift(lo, hi int, w float64) int {
	first, box := -1, d.grid.Box()
	pos, mom := d.pos[3*lo:3*hi], d.mom[3*lo:3*hi]
	for i := range pos {
		x := pos[i] + float64(w*mom[i])
		if !(x >= 0 && x < box) {
			x = grid.Wrap(x, box)
			if first < 0 && !(x >= 0 && x < box) {
				first = lo + i/3
			}
		}
		pos[i] = x
	}
	return first
}

func (d *doubles) set(particle, axis int, x, p float64) {
	d.pos[3*particle+axis], d.mom[3*particle+axis] = x, p
}

func (d *doubles) vectors(i int) (pos, mom [3]float64) {
	return [3]float64(d.pos[3*i:]), [3]float64(d.mom[3*i:])
}

func (d *doubles) positions() []float64 { return d.pos }

func (d *doubles) momenta() []float64 { return d.mom }

func (d *doubles) momentaOf(lo, hi int, _ []float64) []float64 { return d.mom[3*lo : 3*hi] }

func (d *doubles) others(places []float64) store[float64] {
	return newDoubles(d.grid, 0, places, make([]float64, len(places)))
}

func (d *doubles) byCell(order []uint32) error { return d.grid.ByCell(order, d.pos) }

func (d *doubles) permute(each blocks, memory []float64, from []uint32, back bool) {
	permute(each, memory, d.pos, from, back)
	permute(each, memory, d.mom, from, back)
}

func (d *doubles) clone() store[float64] {
	return newDoubles(d.grid, 0, slices.Clone(d.pos), slices.Clone(d.mom))
}

func (d *doubles) parts() []state.Part {
	return []state.Part{state.Numbers(d.pos), state.Numbers(d.mom)}
}

func (d *doubles) read(in *state.Reader) (stray int, err error) {
	for _, x := range [][]float64{d.pos, d.mom} {
		if err := state.ReadNumbers(in, x, "particles"); err != nil {
			return 0, err
		}
	}
	for i, x := range d.pos {
		if !(x >= 0 && x < d.grid.Box()) || !isFinite(d.mom[i]) {
			return i / 3, nil
		}
	}
	return -1, nil
}
