package bindings

import (
	"slices"
	"strings"
	"sync"
	"testing"
)

// In double precision a simulation of 16³ particles saves 6 · 8 bytes of each and
// 4 kB besides: three such snapshots, two kept and one being written, are 602 kB.
func TestSnapshotsOfAllPointsAtOnceMustFitOnTheDisk(t *testing.T) {
	const simulate = `
		local function simulate(particles)
			nbody.new { box = 64, particles = particles, seed = 1, precision = "double" }:evolve { steps = 2, label = "sim" }
		end
		local function run(particles, points)
			sweep.run { name = "sim" .. particles, over = sweep.grid { seed = sweep.range(points) }, each = function() simulate(particles) return 1 end }
		end
	`
	const nested = `
		sweep.run { name = "outer", over = { { n = 1 }, { n = 2 } }, each = function(p)
			sweep.run { name = "inner" .. p.n, over = sweep.grid { seed = sweep.range(4) }, each = function() simulate(16) return 1 end }
			return 1
		end }`
	for _, test := range []struct {
		name, script string
		free         int64
		want         []string // the host computes two points at once
	}{
		{"one fits", `checkpoint.task("sim", {}, function() simulate(16) return 1 end)`, 700e3, nil},
		{"one does not", `checkpoint.task("sim", {}, function() simulate(16) return 1 end)`, 500e3,
			[]string{"sim needs about 0.6 MB for its snapshots, and 0.5 MB are free in DIR: they may fail"}},
		{"two fit, whoever comes after them", `run(16, 5)`, 1300e3, nil},
		{"two do not", `run(16, 5)`, 1100e3,
			[]string{"2 points at once need about 1.2 MB for their snapshots, and 1.1 MB are free in DIR: they may fail; -j 1 fits"}},
		{"a single point does not wait for a second", `run(16, 1)`, 700e3, nil},
		{"not one of several", `run(16, 2)`, 500e3, []string{
			"2 points at once need about 1.2 MB for their snapshots, and 0.5 MB are free in DIR: they may fail",
			"sim needs about 0.6 MB for its snapshots, and 0.5 MB are free in DIR: they may fail"}},
		{"a sweep in each point adds nothing", nested, 1300e3, nil},
		{"nor does it hide the points around it", nested, 1100e3,
			[]string{"2 points at once need about 1.2 MB for their snapshots, and 1.1 MB are free in DIR: they may fail; -j 1 fits"}},
		{"larger ones are looked at again", `
			sweep.run { name = "mixed", over = { { n = 8 }, { n = 16 } }, each = function(p) simulate(p.n) return 1 end }`, 1100e3,
			[]string{"2 points at once need about 1.2 MB for their snapshots, and 1.1 MB are free in DIR: they may fail; -j 1 fits"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var mu sync.Mutex
			var got []string
			h := &scriptHost{t: t, disk: test.free}
			h.warn = func(text string) {
				mu.Lock()
				defer mu.Unlock()
				got = append(got, strings.ReplaceAll(text, h.store.Dir(), "DIR"))
			}
			if err := runScriptOn(h, simulate+test.script, "script.lua"); err != nil {
				t.Fatal(err)
			}
			slices.Sort(got)
			if !slices.Equal(got, test.want) {
				t.Errorf("told %q, want %q", got, test.want)
			}
		})
	}
}
