package bindings

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"runlua/kernels/cosmology"
	"runlua/kernels/gadget"
)

// snapshotOf is a snapshot of format 1 with 8 particles of type 1 on a lattice of
// 10 Mpc/h and as many of another type, by its masses in shares of the matter.
func snapshotOf(share float64, other int, otherShare float64) string {
	const box, omegaM = 10.0, 0.315
	whole := omegaM * gadget.CriticalDensity * box * box * box
	var head bytes.Buffer
	put := func(x any) {
		if err := binary.Write(&head, binary.LittleEndian, x); err != nil {
			panic(err)
		}
	}
	var count [6]uint32
	var mass [6]float64
	count[1], mass[1] = 8, share*whole/8
	if other >= 0 {
		count[other], mass[other] = 8, otherShare*whole/8
	}
	put(count)
	put(mass)
	put([2]float64{0.02, 49})
	put([2]int32{})
	put(count)
	put([2]int32{0, 1})
	put([4]float64{box, omegaM, 1 - omegaM, 0.6736})
	put(make([]byte, 256-head.Len()))
	var out bytes.Buffer
	record := func(body any) {
		n := uint32(binary.Size(body))
		for _, part := range []any{n, body, n} {
			if err := binary.Write(&out, binary.LittleEndian, part); err != nil {
				panic(err)
			}
		}
	}
	record(head.Bytes())
	n := 8
	if other >= 0 {
		n = 16
	}
	pos, ids := make([]float32, 3*n), make([]uint32, n)
	for i := range n {
		ids[i] = uint32(i)
		for axis := range 3 {
			pos[3*i+axis] = float32(5*(i>>axis&1)) + 1.25
		}
	}
	record(pos)
	record(make([]float32, 3*n))
	record(ids)
	return out.String()
}

// Gas may be left out, with a warning of what that means; the fine particles of a
// zoom are no box.
func TestParticlesOfAFileMustFillTheBox(t *testing.T) {
	var warnings []string
	remember := func(text string) { warnings = append(warnings, text) }
	err := runScriptWith(t, `
		local sim = nbody.read_gadget { file = "gas.gadget", others = "leave_out", mesh = 4 }
		assert(sim:count() == 8 and sim:box() == 10 and sim:positions()[1][1] == 1.25)`, "script.lua", remember)
	if err != nil {
		t.Fatal(err)
	}
	const want = "the particles of type 1 (halo) in gas.gadget have 84.4 % of the matter; with the others left out they stand for all of it"
	if text := strings.Join(warnings, "\n"); !strings.Contains(text, want) {
		t.Errorf("warned of\n%s\nwant %s", text, want)
	}
}

// What decides a simulation from a file is all that decides its gravity: a
// table's numbers and a range too.
func TestGravityDecidesASimulationFromAFile(t *testing.T) {
	table := func(mu float64) *cosmology.Table {
		law, err := cosmology.NewTable([]float64{0.02, 1}, []float64{1, mu})
		if err != nil {
			t.Fatal(err)
		}
		return law
	}
	yukawa := func(mass float64) *gravityValue {
		law, err := cosmology.Yukawa(0.4, mass)
		if err != nil {
			t.Fatal(err)
		}
		return &gravityValue{kind: "yukawa", beta: 0.4, mass: mass, scale: law}
	}
	seen := map[string]bool{}
	for _, g := range []*gravityValue{{kind: "constant", beta: 0.4}, {kind: "table", table: table(1.1)}, {kind: "table", table: table(1.2)}, yukawa(0.1), yukawa(0.2)} {
		of := map[string]any{}
		g.settings(of)
		seen[settingsDigest(of)] = true
	}
	if len(seen) != 5 {
		t.Errorf("five gravities have %d digests", len(seen))
	}
	program(t, `
		local function ends(g)
			local sim = nbody.read_gadget { file = "whole.gadget", mesh = 4, shift = 0.3, gravity = g }
			sim:evolve { to = 9, steps = 2 }
			return sim
		end
		-- A file without a lattice of a known number still has a mean distance.
		local sim = ends(gravity.table { { 0.02, 1 }, { 1, 1.5 } })
		assert(voids.threshold(sim, { threshold = -0.5, smoothing = 0 }).small == 0)
		assert(pcall(voids.threshold, sim, { threshold = -0.5 }) == false) -- 5 Mpc/h, over a quarter of the box`)
}
