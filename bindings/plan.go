package bindings

import (
	"fmt"

	"runlua/kernels/par"
)

// A plan is how the cores are shared out among the points of a sweep.
type plan struct {
	workers int // points at once
	threads int // of each
}

// cellsPerThread is the mesh for which another thread is worth it: below, a
// second simulation beside the first gains more than a second thread within it.
const cellsPerThread = 128 * 128 * 128

// planFor shares the cores out among a number of workers.
func planFor(workers, cores int) plan {
	return plan{workers, max(1, cores/workers)}
}

// defaultPlan is the rule where the command line names no number: a thread for
// each 128³ cells of a simulation's mesh, at least one, and as many workers as
// that and the memory leave room for. bytes is what a simulation takes, room what
// there is, 0 if that is not known.
func defaultPlan(cores int, cells, bytes, room int64) plan {
	threads := min(max(cells/cellsPerThread, 1), int64(cores))
	workers := int64(cores) / threads
	if bytes > 0 && room > 0 {
		workers = max(1, min(workers, room/bytes))
	}
	return planFor(int(workers), cores)
}

// size tells what a point does: a simulation with a mesh of so many cells and
// about so many bytes, or with 0 something else. The first to tell decides how
// many workers there are, unless the command line does.
func (c *crew) size(cells, bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	room := c.session.host.Memory()
	if c.plan.workers == 0 {
		c.plan = defaultPlan(c.cores, cells, bytes, room)
		c.dispatch()
	}
	if cells == 0 || c.told {
		return
	}
	c.told = true
	atOnce := int64(c.atOnce())
	if room == 0 || atOnce*bytes <= room {
		return
	}
	if fit := room / bytes; fit > 0 {
		c.session.host.Warn("%d simulations of this size at once take about %s of memory, and %s may be used: -j %d fits", atOnce, sizeText(atOnce*bytes), sizeText(room), fit)
	} else {
		c.session.host.Warn("a simulation of this size takes about %s of memory, and %s may be used", sizeText(bytes), sizeText(room))
	}
}

// atOnce is how many points run at the same time; the caller holds c.mu.
func (c *crew) atOnce() int { return min(c.workers(), len(c.points)) }

// sizeText is a number of bytes as a person says it.
func sizeText(bytes int64) string {
	switch {
	case bytes < 1e7:
		return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
	case bytes < 1e9:
		return fmt.Sprintf("%.0f MB", float64(bytes)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
}

// simulationPool is the pool for a simulation of a mesh of that size.
func (s *Session) simulationPool(particles, mesh int) *par.Pool {
	n, m := int64(particles), int64(mesh)
	for h := s.host; ; {
		w, ok := h.(*workerHost)
		if !ok {
			break
		}
		w.crew.size(m*m*m, bytesPerParticle*n*n*n+bytesPerCell*m*m*m)
		h = w.Host
	}
	return s.host.Pool()
}

// What a simulation takes at most, about: positions and momenta, a snapshot being
// written and what 2LPT needs besides; the force mesh and that of a void search;
// and what Go's collector lets stand before it looks again. Measured as resident
// memory of 64³ particles on 128³ and 128³ on 256³, double precision.
const (
	bytesPerParticle = 240
	bytesPerCell     = 24
)
