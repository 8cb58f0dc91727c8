package voids

import (
	"context"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"runlua/kernels/abundance"
	"runlua/kernels/par"
)

func stack(t *testing.T, threads int, pos []float64, voids []Void, opt StackOptions) *Profile {
	t.Helper()
	p, err := Stack(context.Background(), par.New(threads), pos, voids, opt)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// planted are the voids of plantedHoles as a perfect finder would list them.
func planted() []Void {
	var out []Void
	for _, h := range plantedHoles() {
		out = append(out, Void{X: h.x, Y: h.y, Z: h.z, Radius: h.size})
	}
	return out
}

// In units of its size s every planted hole has Δ(u) = depth (1 - u⁶), and the
// shell from u to u' the difference of u³Δ over that of u³. Particles sit at
// random in cells of a lattice, so a shell's count is off by less than Poisson's
// √N; summed over the six holes that is a relative 1/√N of 1 + δ. Beyond s
// the neighbours' holes begin somewhere, so the test ends there. Three of the
// holes lie across an edge of the box.
func TestStackOfPlantedHolesIsTheirProfile(t *testing.T) {
	const box = 128.0
	pos := plant(box, 96, plantedHoles(), 5)
	p := stack(t, 2, pos, planted(), StackOptions{Box: box, To: 1, Bins: 10, Scaled: true})
	if p.Voids != 6 || p.Edges[10] != 1 || math.Abs(p.R[3]-0.35) > 1e-15 {
		t.Fatalf("%d voids, edges %v, middles %v", p.Voids, p.Edges, p.R)
	}
	enclosed := func(u float64) float64 { return holeDepth * (1 - math.Pow(u, 6)) }
	for b := range p.R {
		u, v := p.Edges[b], p.Edges[b+1]
		shell := (v*v*v*enclosed(v) - u*u*u*enclosed(u)) / (v*v*v - u*u*u)
		noise := (1 + shell) / math.Sqrt(math.Max(float64(p.Counts[b]), 1))
		t.Logf("%.2f: shell %+.4f (%+.4f) ± %.4f, enclosed %+.4f (%+.4f) ± %.4f, %d particles", p.R[b], p.Contrast[b], shell, p.Err[b], p.Enclosed[b], enclosed(v), p.EnclosedErr[b], p.Counts[b])
		if b < 2 {
			continue // under fifty particles
		}
		// Each hole weighs the same, so small ones carry more than their share
		// of the noise: three times that of the sum.
		if math.Abs(p.Contrast[b]-shell) > 3*noise {
			t.Errorf("shell %d: %v, want %v ± %v", b, p.Contrast[b], shell, noise)
		}
		if math.Abs(p.Enclosed[b]-enclosed(v)) > 3*noise {
			t.Errorf("up to %v: %v, want %v ± %v", v, p.Enclosed[b], enclosed(v), noise)
		}
	}
}

// By hand, each particle against each void.
func TestStackCountsEveryPairOnce(t *testing.T) {
	const box = 32.0
	pos := scatter(3000, box, 21)
	voids := []Void{{X: 0, Y: 31, Z: 16, Radius: 3}, {X: 10, Y: 10, Z: 1, Radius: 5}, {X: 20, Y: 3, Z: 30, Radius: 2.5}}
	for _, scaled := range []bool{true, false} {
		opt := StackOptions{Box: box, From: 0.5, To: 3, Bins: 5, Scaled: scaled}
		p := stack(t, 1, pos, voids, opt)
		for b := range p.R {
			var shell, inside []float64
			for _, v := range voids {
				unit := 1.0
				if scaled {
					unit = v.Radius
				}
				lo, hi := p.Edges[b]*unit, p.Edges[b+1]*unit
				n, in := 0, 0
				for i := 0; i < len(pos); i += 3 {
					d := distance(v.centre(), [3]float64(pos[i:i+3]), box)
					if d < hi {
						in++
						if d >= lo {
							n++
						}
					}
				}
				nbar := 3000 / (box * box * box)
				shell = append(shell, float64(n)/(nbar*4*math.Pi/3*(hi*hi*hi-lo*lo*lo))-1)
				inside = append(inside, float64(in)/(nbar*4*math.Pi/3*hi*hi*hi)-1)
			}
			m := (shell[0] + shell[1] + shell[2]) / 3
			s := math.Sqrt(((shell[0]-m)*(shell[0]-m) + (shell[1]-m)*(shell[1]-m) + (shell[2]-m)*(shell[2]-m)) / 6)
			if math.Abs(p.Contrast[b]-m) > 1e-12 || math.Abs(p.Err[b]-s) > 1e-12 {
				t.Errorf("scaled %v, bin %d: %v ± %v, want %v ± %v", scaled, b, p.Contrast[b], p.Err[b], m, s)
			}
			if m := (inside[0] + inside[1] + inside[2]) / 3; math.Abs(p.Enclosed[b]-m) > 1e-12 {
				t.Errorf("scaled %v, up to edge %d: %v, want %v", scaled, b+1, p.Enclosed[b], m)
			}
		}
	}
}

// With one void in each sub-box the jackknife of a mean is its standard error.
func TestJackknifeOfOneVoidASubBoxIsTheStandardError(t *testing.T) {
	const box = 60.0
	pos := scatter(20000, box, 22)
	var voids []Void
	for i := range abundance.SubBoxes {
		voids = append(voids, Void{X: float64(20*(i/9)) + 1, Y: float64(20*(i/3%3)) + 19, Z: float64(20*(i%3)) + 10, Radius: 3 + float64(i)/20})
		if got := abundance.SubBox(voids[i].X, voids[i].Y, voids[i].Z, box); got != i {
			t.Fatalf("void %d is in sub-box %d", i, got)
		}
	}
	opt := StackOptions{Box: box, To: 2, Bins: 4, Scaled: true}
	plain := stack(t, 1, pos, voids, opt)
	opt.Jackknife = true
	jack := stack(t, 3, pos, voids, opt)
	for b := range plain.R {
		if plain.Contrast[b] != jack.Contrast[b] || math.Abs(jack.Err[b]/plain.Err[b]-1) > 1e-10 || math.Abs(jack.EnclosedErr[b]/plain.EnclosedErr[b]-1) > 1e-10 {
			t.Errorf("bin %d: %v ± %v, by the standard error %v ± %v", b, jack.Contrast[b], jack.Err[b], plain.Contrast[b], plain.Err[b])
		}
	}
	// The rows without a sub-box's voids are what the error is of.
	var row []float64
	for g, w := range jack.Without {
		row = append(row, w[1])
		if !jack.Occupied[g] {
			t.Errorf("sub-box %d has its void", g)
		}
	}
	if e := abundance.DeleteOne(row); math.Abs(e/jack.Err[1]-1) > 1e-12 || len(row) != 27 {
		t.Errorf("the rows have the error %v, want %v", e, jack.Err[1])
	}
	// Twice the same voids double the sample, not the knowledge.
	twice := stack(t, 1, pos, append(voids, voids...), opt)
	opt.Jackknife = false
	naive := stack(t, 1, pos, append(voids, voids...), opt)
	for b := range plain.R {
		if math.Abs(twice.Err[b]/jack.Err[b]-1) > 1e-10 || !(naive.Err[b] < 0.72*plain.Err[b]) {
			t.Errorf("bin %d of voids listed twice: jackknife %v, standard error %v, once %v", b, twice.Err[b], naive.Err[b], plain.Err[b])
		}
	}
}

func TestStackIsTheSameForAnyThreads(t *testing.T) {
	pos := scatter(5000, 64, 23)
	var voids []Void
	for i := range 200 {
		voids = append(voids, Void{X: pos[3*i], Y: pos[3*i+1], Z: pos[3*i+2], Radius: 2 + float64(i%7)})
	}
	opt := StackOptions{Box: 64, To: 3, Bins: 12, Scaled: true, Jackknife: true}
	if one, many := stack(t, 1, pos, voids, opt), stack(t, 5, pos, voids, opt); !reflect.DeepEqual(one, many) {
		t.Error("5 threads give another profile than one")
	}
}

func TestStackErrors(t *testing.T) {
	good := StackOptions{Box: 64, To: 3, Bins: 5, Scaled: true}
	pair := []Void{{X: 1, Y: 2, Z: 3, Radius: 4}, {X: 5, Y: 6, Z: 7, Radius: 8}}
	for _, c := range []struct {
		change func(*StackOptions)
		voids  []Void
		want   string
	}{
		{func(o *StackOptions) { o.From = -1 }, pair, "voids: from must be at least 0, got -1"},
		{func(o *StackOptions) { o.To = 0 }, pair, "voids: to must be above from (0) and finite, got 0"},
		{func(o *StackOptions) { o.Bins = 0 }, pair, "voids: bins must be at least 1, got 0"},
		{func(o *StackOptions) { o.To = 5 }, pair, "voids: a profile must end within half the box (32 Mpc/h), got 40 around void 1"},
		{func(o *StackOptions) {}, pair[:1], "voids: a stack needs at least two voids, got 1"},
		{func(o *StackOptions) { o.Jackknife = true }, pair, "voids: a jackknife needs voids in at least two of the 27 sub-boxes, got all 2 in one"},
		{func(o *StackOptions) {}, []Void{{Radius: 1}, {}}, "voids: radii must be positive, got 0 of void 1"},
		{func(o *StackOptions) {}, []Void{{Radius: 1}, {X: 64, Radius: 1}}, "voids: centres must lie in [0, 64), got x = 64 of void 1"},
	} {
		opt := good
		c.change(&opt)
		if _, err := Stack(context.Background(), par.New(1), scatter(10, 64, 1), c.voids, opt); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want %q", opt, err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Stack(ctx, par.New(1), scatter(10, 64, 1), pair, good); !errors.Is(err, context.Canceled) {
		t.Errorf("a done context: %v, want context.Canceled", err)
	}
}
