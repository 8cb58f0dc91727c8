package voids

// A winding counts how often a way through a periodic box leaves it by the
// upper face of each axis, less how often by the lower.
type winding [3]int32

func (a winding) plus(b winding) winding  { return winding{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }
func (a winding) minus(b winding) winding { return winding{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }

// joined is a union-find forest over numbered cells of a periodic mesh. Each
// edge carries the winding of the way it stands for, so that a set's cells can
// be laid out unwound, and a way that comes back to its cell with a winding
// other than zero shows that the set spans the box. The root of a set is its
// cell of lowest number, whatever the order of the joins.
type joined struct {
	parent []int32
	wind   []winding // from the parent to the cell; zero for a root
	loops  []bool    // of a root: the set spans the box
}

func newJoined(n int) *joined {
	j := &joined{make([]int32, n), make([]winding, n), make([]bool, n)}
	for i := range j.parent {
		j.parent[i] = int32(i)
	}
	return j
}

// find returns the root of a cell's set and the winding from it to the cell.
// It halves the ways it goes.
func (j *joined) find(i int32) (root int32, w winding) {
	for j.parent[i] != i {
		p := j.parent[i]
		j.wind[i] = j.wind[i].plus(j.wind[p])
		j.parent[i] = j.parent[p]
		w = w.plus(j.wind[i])
		i = j.parent[i]
	}
	return i, w
}

// join makes one set of those of a and b, neighbours with the winding across
// from a to b.
func (j *joined) join(a, b int32, across winding) {
	ra, wa := j.find(a)
	rb, wb := j.find(b)
	between := wa.plus(across).minus(wb) // from ra to rb
	switch {
	case ra == rb:
		j.loops[ra] = j.loops[ra] || between != winding{}
	case ra < rb:
		j.hang(rb, ra, between)
	default:
		j.hang(ra, rb, winding{}.minus(between))
	}
}

func (j *joined) hang(child, parent int32, w winding) {
	j.parent[child], j.wind[child] = parent, w
	j.loops[parent] = j.loops[parent] || j.loops[child]
}
