package grid

import "runlua/kernels/par"

// orderParts is the number of parts into which ByCell cuts a row of cells.
const orderParts = 8

// ByCell sets order to the indices of the particles, in the order of the mesh's
// points in memory: by plane of cells, row and eighth of the row, in which they
// keep the order that they have. Gather and Deposit take particles in this order
// several times faster than at random. It panics if order has not one element a
// particle. It returns an error that names the first particle out of [0, box),
// NaN among them; order is then as it was.
func (g *Grid) ByCell(order []uint32, pos []float64) error {
	if err := g.sort(pos, len(order)); err != nil {
		return err
	}
	g.sorted.byCell(g.pool, order, func(i uint32) (y, z int) {
		p := pos[3*int(i):][:3]
		y, _ = g.cell(p[1])
		z, _ = g.cell(p[2])
		return y, z
	})
	return nil
}

// byCell sorts each plane by row of cells and part of it; cell is that of a particle.
func (s *sorting) byCell(pool *par.Pool, order []uint32, cell func(i uint32) (y, z int)) {
	counts := make([][]uint32, pool.Threads())
	pool.Workers(s.n, func(worker, plane int) {
		count := resize(counts[worker], s.n*orderParts)
		counts[worker] = count
		clear(count)
		place := func(i uint32) *uint32 {
			y, z := cell(i)
			return &count[y*orderParts+z*orderParts/s.n]
		}
		for _, i := range s.particles(plane) {
			*place(i)++
		}
		next := uint32(s.start[plane])
		for i, c := range count {
			count[i] = next
			next += c
		}
		for _, i := range s.particles(plane) {
			at := place(i)
			order[*at] = i
			*at++
		}
	})
}
