package bindings

import "fmt"

// snapshotsAtOnce is how many snapshots of one simulation are on disk at the same
// time: the two newest stay while the next one is written.
const snapshotsAtOnce = 3

// warnIfDiskIsShort tells before the first step that the snapshots will not fit.
// The first point of a sweep speaks for all that run at once: none of their
// snapshots is written yet. Those after it take the room of points that are done,
// and count themselves alone.
func (a *advancing) warnIfDiskIsShort() {
	host := a.session.host
	points := 1
	if c := outermostCrew(host); c != nil {
		points = c.pointsToSave(a.size)
	}
	dir := a.session.store(a.l, a.caller).Dir()
	each := snapshotsAtOnce * a.size
	free, err := host.FreeDisk(dir)
	if err != nil || free >= int64(points)*each {
		return
	}
	if points == 1 {
		host.Warn("%s needs about %s for its snapshots, and %s are free in %s: they may fail", a.label, sizeText(each), sizeText(free), dir)
		return
	}
	advice := ""
	if fit := free / each; fit > 0 {
		advice = fmt.Sprintf("; -j %d fits", fit)
	}
	host.Warn("%d points at once need about %s for their snapshots, and %s are free in %s: they may fail%s", points, sizeText(int64(points)*each), sizeText(free), dir, advice)
}

// outermostCrew is that of the sweep around all others; nil outside of sweeps.
// Within its points others run one at a time.
func outermostCrew(h Host) *crew {
	var outermost *crew
	for {
		w, ok := h.(*workerHost)
		if !ok {
			return outermost
		}
		outermost, h = w.crew, w.Host
	}
}

// pointsToSave is for how many points one that is about to save states of that
// size has to find room: for all that run at once if none before it asked for as
// much, else for itself.
func (c *crew) pointsToSave(size int64) int {
	c.size(0, 0) // decides how many, if nothing has
	c.mu.Lock()
	defer c.mu.Unlock()
	if size <= c.saving {
		return 1
	}
	c.saving = size
	return c.atOnce()
}
