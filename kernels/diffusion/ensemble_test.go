package diffusion

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"testing"

	"runlua/kernels/par"
	"runlua/kernels/rng"
)

// clusters is n conformers around some random centres, of which each third one all
// but repeats another.
func clusters(n, dim int, spread float64) [][]float64 {
	centres, out := make([][]float64, 7), make([][]float64, n)
	for c := range centres {
		centres[c] = make([]float64, dim)
		normals(centres[c], rng.Key(21), int64(c), 0, rng.PurposeDiffusionStart)
	}
	for k := range out {
		out[k] = make([]float64, dim)
		normals(out[k], rng.Key(22), int64(k), 0, rng.PurposeDiffusionStart)
		for j := range out[k] {
			out[k][j] = 40*math.Sin(float64(j)) + spread*(centres[k%7][j]+0.3*out[k][j])
			if k%3 == 2 {
				out[k][j] = out[k-1][j] + 1e-4*math.Cos(float64(j*k))
			}
		}
	}
	return out
}

// ensembleByDistances is Eq. (10) as it is written, in double precision, and the
// weighted mean distance of the conformers from it.
func ensembleByDistances(conformers [][]float64, bandwidth float64, weights, x []float64, sigma float64) (d []float64, spread float64) {
	total := sigma*sigma + bandwidth*bandwidth
	w := make([]float64, len(conformers))
	for k, y := range conformers {
		var square float64
		for j, v := range y {
			square += (x[j] - v) * (x[j] - v)
		}
		w[k] = -square / (2 * total)
		if weights != nil {
			w[k] += math.Log(weights[k])
		}
	}
	softmax(w)
	mean := make([]float64, len(x))
	for k, y := range conformers {
		for j, v := range y {
			mean[j] += w[k] * v
		}
	}
	for k, y := range conformers {
		var square float64
		for j, v := range y {
			square += (v - mean[j]) * (v - mean[j])
		}
		spread += w[k] * math.Sqrt(square)
	}
	keep := bandwidth * bandwidth / total
	for j := range mean {
		mean[j] = keep*x[j] + (1-keep)*mean[j]
	}
	return mean, spread
}

// Products in single precision move D by no more than the package says: by a small
// part of the conformers' weighted distance from their mean, for the weights, and by
// the roundings of a sum of n terms. So it is at every noise level of a walk,
// with conformers that all but repeat others, with a bandwidth and without.
func TestEnsembleIsThatOfDistances(t *testing.T) {
	const rows = 20
	for _, size := range [][2]int{{30, 1000}, {300, 1000}, {3000, 100}} {
		dim, n := size[0], size[1]
		conformers, weights := clusters(n, dim, 2), make([]float64, n)
		for k := range weights {
			weights[k] = 1 + float64(k%10)
		}
		for _, bandwidth := range []float64{0, 0.5} {
			e, err := NewEnsemble(conformers, bandwidth, weights)
			if err != nil {
				t.Fatal(err)
			}
			single, double := 0, 0
			var worst, relative float64
			for _, sigma := range []float64{0.0064, 0.1, 0.5, 1, 2, 4, 8, 16, 32, 128, 2560} {
				x := make([]float64, rows*dim)
				for r := range rows {
					row := x[r*dim : (r+1)*dim]
					normals(row, rng.Key(5), int64(r), 0, rng.PurposeDiffusionStart)
					for j := range row {
						row[j] = conformers[r*5][j] + math.Hypot(sigma, bandwidth)*row[j]
					}
				}
				got := denoise(t, e, x, sigma)
				for r := range rows {
					row := x[r*dim : (r+1)*dim]
					want, spread := ensembleByDistances(conformers, bandwidth, weights, row, sigma)
					var square float64
					for j, v := range want {
						square += (got[r*dim+j] - v) * (got[r*dim+j] - v)
						worst = max(worst, math.Abs(got[r*dim+j]-v))
					}
					shifted := slices.Clone(row)
					for j, c := range e.centre {
						shifted[j] -= c
					}
					off, limit := math.Sqrt(square), trusted*spread+2*roundoff*math.Sqrt(float64(n))*e.longest
					if relative = max(relative, (off-2*roundoff*math.Sqrt(float64(n))*e.longest)/spread); off > limit {
						t.Errorf("D = %d, bandwidth %v, σ = %v, row %d: %.1e Å off, want at most %.1e", dim, bandwidth, sigma, r, off, limit)
					}
					if p, _ := e.singleError(shifted, sigma*sigma+bandwidth*bandwidth); p <= trusted {
						single++
						continue
					}
					double++
					// One conformer alone: what it is, to the last digits.
					if spread < 1e-12 && off > 1e-12 {
						t.Errorf("D = %d, bandwidth %v, σ = %v, row %d: %.1e Å off its only conformer", dim, bandwidth, sigma, r, off)
					}
				}
			}
			t.Logf("D = %d, bandwidth %v: at most %.1e Å off a coordinate, beyond the sum's roundings %.1e of the distance", dim, bandwidth, worst, relative)
			if single < 2*rows || double < 2*rows {
				t.Errorf("D = %d: %d rows by single precision and %d by double, want some of each", dim, single, double)
			}
		}
	}
}

// A row's bits are its own: alone, among others, in another lane, on any number
// of threads, beside rows of other kinds.
func TestEnsembleRowsAreTheirOwn(t *testing.T) {
	const dim, n = 33, 300
	e, err := NewEnsemble(clusters(n, dim, 2), 0.1, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, sigma := range []float64{0.01, 1, 5, 300} {
		x := make([]float64, 41*dim)
		normals(x, rng.Key(6), 0, 0, rng.PurposeDiffusionStart)
		for j := range x {
			x[j] = 40*math.Sin(float64(j%dim)) + sigma*x[j]*float64(1+j/dim%4)
		}
		x[7*dim] = 1e20 // too far for single precision
		want := denoise(t, e, x, sigma)
		for r := range 41 {
			if got := denoise(t, e, x[r*dim:(r+1)*dim], sigma); !sameBits(got, want[r*dim:(r+1)*dim]) {
				t.Fatalf("σ = %v: row %d alone has other bits", sigma, r)
			}
		}
		got := make([]float64, len(x))
		if err := e.DenoiseOn(background, par.New(3), got, x, 41, sigma); err != nil {
			t.Fatal(err)
		}
		if !sameBits(got, want) {
			t.Errorf("σ = %v: three threads give other bits", sigma)
		}
	}
}

// Conformers too long for single precision, and rows that are no numbers, do not
// disturb others.
func TestEnsembleOfHugeConformers(t *testing.T) {
	conformers := clusters(50, 6, 2)
	for k := range conformers {
		conformers[k][0] = 1e30 * float64(k%2)
	}
	e, err := NewEnsemble(conformers, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	x := append([]float64(nil), conformers[4]...)
	closeTo(t, "huge", denoise(t, e, x, 0.01), x, 1e15)

	e, err = NewEnsemble(clusters(50, 6, 2), 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	x = make([]float64, 12)
	copy(x, clusters(50, 6, 2)[4])
	want := denoise(t, e, x[:6], 0.01)
	for _, bad := range []float64{math.NaN(), math.Inf(1), 1e300} {
		x[7] = bad
		if got := denoise(t, e, x, 0.01); !sameBits(got[:6], want) {
			t.Errorf("a row with %v changes another", bad)
		}
	}
}

// The same bits from assembly, from portable Go and from a compiler that fuses,
// with rows of single and of double precision: those that amd64 and arm64 gave.
func TestGoldenEnsembleOfBothPrecisions(t *testing.T) {
	const dim, n, rows = 33, 500, 18
	conformers := make([][]float64, n)
	for k := range conformers {
		conformers[k] = make([]float64, dim)
		normals(conformers[k], rng.Key(31), int64(k), 0, rng.PurposeDiffusionStart)
	}
	e, err := NewEnsemble(conformers, 0.2, nil)
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	for _, sigma := range []float64{0.3, 0.8, 2, 200} {
		x := make([]float64, rows*dim)
		normals(x, rng.Key(32), 0, 0, rng.PurposeDiffusionStart)
		for j := range x {
			x[j] = conformers[j/dim][j%dim] + float64(sigma*x[j])
		}
		for _, v := range denoise(t, e, x, sigma) {
			if err := binary.Write(h, binary.LittleEndian, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := fmt.Sprintf("%x", h.Sum(nil)[:8]); got != "98e391b8bf060942" {
		t.Errorf("the digest is %s", got)
	}
}
