package bindings

import (
	"encoding/json"
	"fmt"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/checkpointdb"
	"runlua/progress"
)

// chunksFunc is the global function chunks: numbered items done range by range,
// each range a task, so that what is done does not depend on the ranges' size.
func (s *Session) chunksFunc() spec.Func {
	return spec.Func{
		Name: "chunks", Named: true,
		Doc: "Numbered items 1 to total, worked on in chunks. `each` is called for each range of items that is still missing, with range.first, range.last " +
			"and range.count, and returns range.count results: a list, or an array whose first dimension counts the items. Every range is recorded as a task, " +
			"so an interrupted run goes on behind the last one, another size or a larger total changes nothing of what is recorded, and the results come " +
			"out the same whatever the size. Random numbers are an item's own: call math.randomseed(i) before item i draws any.",
		Args: []spec.Arg{
			{Name: "name", Kind: taskName, Doc: "of the tasks; with first and last it is a task's key"},
			{Name: "total", Kind: spec.Int(1, 1<<24), Doc: "items in all"},
			{Name: "size", Kind: spec.AtLeast(1), Doc: "items in a chunk; at most total"},
			{Name: "each", Kind: spec.Function, Doc: "function(range, task) that returns the results of the range's items"},
			{Name: "fixed", Kind: spec.Any, Optional: true, Doc: "further values that the results depend on"},
			{Name: "label", Kind: spec.String, Optional: true, Doc: "of the bar; default name"},
			{Name: "unit", Kind: spec.Name, Default: "item", Doc: "what the bar counts"},
		},
		Returns: "the results of all items in order: a list, or an array where every range returned an array",
		Example: `local energies = chunks { name = "energies", total = 500, size = 100, each = function(range) … return list end }`,
		Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{s.newChunked(c).run()} },
	}
}

// chunked is one call of chunks. Items count from 1.
type chunked struct {
	session *Session
	call    *spec.Call
	request request
	total   int64
	size    int64
	items   []any // results by item − 1; nil: missing
	arrays  bool  // every range so far returned an array
	rows    [][]float64
	shape   []int // of an item, where arrays
}

func (s *Session) newChunked(c *spec.Call) *chunked {
	k := &chunked{session: s, call: c, total: int64(c.Int("total")), size: int64(c.Int("size")), arrays: true}
	k.request = request{caller: "chunks", name: c.String("name"), fn: c.Function("each"), items: true}
	if k.size > k.total {
		c.Fail("size", fmt.Sprintf("must be at most total, got %d > %d", k.size, k.total), "")
	}
	if k.request.fn.IsG {
		c.Fail("each", "must be a Lua function", "")
	}
	if c.Has("fixed") {
		fixed, err := toGo(c.Lua("fixed"), "fixed")
		c.Check(err)
		k.request.fixed = fixed
	}
	k.items = make([]any, k.total)
	k.rows = make([][]float64, k.total)
	return k
}

// itemRange is items first to last.
type itemRange struct{ First, Last int64 }

func (r itemRange) params() map[string]any {
	return map[string]any{"first": float64(r.First), "last": float64(r.Last)}
}

func (k *chunked) run() lua.LValue {
	s, c := k.session, k.call
	store := s.store(c.L, k.request.caller)
	defer s.hold(c.L, "chunks "+k.request.name)() // two workers that ask for the same
	done, err := store.Done(k.request.name)
	c.Check(err)
	for _, key := range done {
		if r, ok := parseItems(key); ok && r.First <= k.total && k.isMissing(r) {
			k.take(r) // or runs it again, where it is stale or its files are damaged
		}
	}
	missing := k.missing()
	if missing > 0 {
		label := c.String("label")
		if !c.Has("label") {
			label = k.request.name
		}
		bar := s.host.Board().Open(progress.Spec{Label: label, Total: k.total, Start: k.total - missing, Unit: c.String("unit")})
		defer bar.Close()
		begun, err := store.Begun(k.request.name)
		c.Check(err)
		for _, key := range begun {
			if r, ok := parseItems(key); ok && r.Last <= k.total && k.allMissing(r) {
				bar.Add(k.take(r))
			}
		}
		for _, r := range k.ranges() {
			bar.Add(k.take(r))
		}
		bar.Close()
	}
	return k.results()
}

// parseItems reads the key of a range's task.
func parseItems(key checkpointdb.Key) (itemRange, bool) {
	var params map[string]int64
	if json.Unmarshal(key.Params, &params) != nil || len(params) != 2 {
		return itemRange{}, false
	}
	r := itemRange{params["first"], params["last"]}
	return r, r.First >= 1 && r.Last >= r.First
}

func (k *chunked) has(item int64) bool { return k.items[item-1] != nil || k.rows[item-1] != nil }

func (k *chunked) isMissing(r itemRange) bool {
	for i := r.First; i <= min(r.Last, k.total); i++ {
		if !k.has(i) {
			return true
		}
	}
	return false
}

func (k *chunked) allMissing(r itemRange) bool {
	for i := r.First; i <= r.Last; i++ {
		if k.has(i) {
			return false
		}
	}
	return true
}

func (k *chunked) missing() (n int64) {
	for i := int64(1); i <= k.total; i++ {
		if !k.has(i) {
			n++
		}
	}
	return n
}

// ranges lists the missing items, cut where a chunk of the call's size ends.
func (k *chunked) ranges() []itemRange {
	var out []itemRange
	for i := int64(1); i <= k.total; i++ {
		switch n := len(out); {
		case k.has(i):
		case n > 0 && out[n-1].Last == i-1 && (i-1)%k.size != 0:
			out[n-1].Last = i
		default:
			out = append(out, itemRange{i, i})
		}
	}
	return out
}

// take gets the results of a range, recorded or made now, and returns how many
// items of the call it brought.
func (k *chunked) take(r itemRange) int64 {
	c := k.call
	req := k.request
	count := r.Last - r.First + 1
	req.params = r.params()
	req.check = func(plain any) error {
		n := int64(-1)
		switch v := plain.(type) {
		case []any:
			n = int64(len(v))
		case *checkpointdb.Array:
			if n = 1; len(v.Shape) > 0 {
				n = int64(v.Shape[0])
			}
		}
		if n < 0 {
			return fmt.Errorf("each must return a list or an array, one result for each item, for items %d to %d", r.First, r.Last)
		}
		if n != count {
			return fmt.Errorf("each must return %d results for items %d to %d, got %d", count, r.First, r.Last, n)
		}
		return nil
	}
	value := k.session.run(c.L, req).value
	before := k.missing()
	if a, ok := AsArray(value); ok {
		if k.shape == nil {
			k.shape = a.Shape[1:]
		}
		k.arrays = k.arrays && slices.Equal(k.shape, a.Shape[1:])
		n := a.rowLength()
		for i := r.First; i <= min(r.Last, k.total); i++ {
			if !k.has(i) {
				k.rows[i-1] = a.Data[int(i-r.First)*n : int(i-r.First+1)*n]
			}
		}
		return before - k.missing()
	}
	plain, err := toGo(value, "result")
	c.Check(err)
	list := plain.([]any)
	k.arrays = false
	for i := r.First; i <= min(r.Last, k.total); i++ {
		if !k.has(i) {
			k.items[i-1] = list[i-r.First]
		}
	}
	return before - k.missing()
}

// results are those of all items.
func (k *chunked) results() lua.LValue {
	l := k.call.L
	if k.arrays {
		var data []float64
		for _, row := range k.rows {
			data = append(data, row...)
		}
		return NewArray(l, data, append([]int{int(k.total)}, k.shape...))
	}
	t := l.CreateTable(int(k.total), 0)
	for i, item := range k.items {
		if row := k.rows[i]; row != nil {
			if len(k.shape) == 0 {
				t.Append(lua.LNumber(row[0]))
			} else {
				t.Append(NewArray(l, row, k.shape))
			}
			continue
		}
		t.Append(toLua(l, item))
	}
	return t
}
