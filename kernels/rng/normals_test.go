package rng

import (
	"encoding/binary"
	"math"
	"testing"
	"time"
)

// guard stands around a test's output.
const guard = -12345.678

// checkNormals compares n normals of Normals with Normal2, bit by bit.
func checkNormals(t testing.TB, n int, ctr [4]uint32, word int, key [2]uint32) {
	t.Helper()
	buffer := make([]float64, n+2)
	buffer[0], buffer[n+1] = guard, guard
	got := buffer[1 : n+1]
	Normals(got, ctr, word, key)
	if buffer[0] != guard || buffer[n+1] != guard {
		t.Fatalf("%d normals along word %d are written beside dst", n, word)
	}
	at := ctr
	for j := 0; j < n; j += 2 {
		at[word] = ctr[word] + uint32(j/2)
		a, b := Normal2(at, key)
		for i, want := range [2]float64{a, b} {
			if j+i < n && math.Float64bits(got[j+i]) != math.Float64bits(want) {
				t.Fatalf("counter %08x along word %d, key %08x: normal %d of %d is %x, want %x", ctr, word, key, j+i, n, got[j+i], want)
			}
		}
	}
}

func TestNormalsHaveTheBitsOfNormal2(t *testing.T) {
	blocks := 1 << 21
	if testing.Short() {
		blocks = 1 << 17
	}
	for _, word := range []int{0, 2} {
		checkNormals(t, 2*blocks, [4]uint32{1, 2, 3, PurposeModes}, word, Key(uint64(7+word)))
	}
}

// Lengths about those of vectors and chunks; the counter passes 2^32 at a place
// of its own in each.
func TestNormalsOfEveryShortLength(t *testing.T) {
	for _, word := range []int{0, 2} {
		for n := range 81 {
			ctr := [4]uint32{11, 12, 13, uint32(n)}
			checkNormals(t, n, ctr, word, Key(1))
			ctr[word] = -uint32(n / 3)
			checkNormals(t, n, ctr, word, Key(1<<63))
		}
		for n := 2*chunk - 35; n < 2*chunk+35; n++ {
			checkNormals(t, n, [4]uint32{0, ^uint32(0), 0, uint32(n)}, word, [2]uint32{^uint32(0), ^uint32(0)})
		}
	}
}

// Both ways of uniforms, in parts that leave the vectors' lengths.
func TestUniformsHaveTheBitsOfUniform2(t *testing.T) {
	for _, word := range []int{0, 2} {
		ctr, key := [4]uint32{5, 6, 7, 8}, Key(0x0123456789abcdef)
		ctr[word] -= 500 // passes 2^32
		for name, fill := range map[string]func(s *series, u, v []float64){
			"uniforms": (*series).uniforms, "uniformsFrom": (*series).uniformsFrom,
		} {
			s, at := newSeries(ctr, word, key), ctr
			for n := range 40 {
				u, v := make([]float64, n), make([]float64, n)
				fill(s, u, v)
				for j := range u {
					wantU, wantV := Uniform2(at, key)
					if u[j] != wantU || v[j] != wantV {
						t.Fatalf("%s, counter %08x along word %d: %x and %x, want %x and %x", name, at, word, u[j], v[j], wantU, wantV)
					}
					at[word]++
				}
			}
		}
	}
}

func FuzzNormals(f *testing.F) {
	f.Add(uint16(7), false, make([]byte, 24))
	f.Add(uint16(300), true, []byte("counters and keys: words"))
	f.Fuzz(func(t *testing.T, n uint16, second bool, words []byte) {
		if len(words) < 24 {
			return
		}
		var w [6]uint32
		for i := range w {
			w[i] = binary.LittleEndian.Uint32(words[4*i:])
		}
		word := 0
		if second {
			word = 2
		}
		checkNormals(t, int(n%1024), [4]uint32(w[:4]), word, [2]uint32(w[4:]))
	})
}

func TestNormalsRefuseOtherWords(t *testing.T) {
	for _, word := range []int{-1, 1, 3, 4} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("normals along word %d", word)
				}
			}()
			Normals(make([]float64, 2), [4]uint32{}, word, Key(1))
		}()
	}
}

// The time a normal takes, and in the fastest of the calls: the one to look at
// where other programs run.
func benchmarkNormals(b *testing.B, n int, f func(dst []float64)) {
	dst := make([]float64, n)
	best := time.Hour
	for b.Loop() {
		start := time.Now()
		f(dst)
		best = min(best, time.Since(start))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/normal")
	b.ReportMetric(float64(best.Nanoseconds())/float64(n), "best-ns/normal")
}

func BenchmarkNormals(b *testing.B) {
	ctr, key := [4]uint32{0, 1, 2, PurposeModes}, Key(7)
	b.Run("batch", func(b *testing.B) {
		benchmarkNormals(b, 4096, func(dst []float64) { Normals(dst, ctr, 0, key) })
	})
	b.Run("batch of 300", func(b *testing.B) {
		benchmarkNormals(b, 300, func(dst []float64) { Normals(dst, ctr, 0, key) })
	})
	b.Run("Normal2", func(b *testing.B) {
		benchmarkNormals(b, 4096, func(dst []float64) {
			at := ctr
			for j := 0; j < len(dst); j += 2 {
				at[0] = uint32(j / 2)
				dst[j], dst[j+1] = Normal2(at, key)
			}
		})
	})
	b.Run("uniforms", func(b *testing.B) {
		s := newSeries(ctr, 0, key)
		benchmarkNormals(b, 4096, func(dst []float64) { s.uniforms(dst[:2048], dst[2048:]) })
	})
	b.Run("uniforms in Go", func(b *testing.B) {
		s := newSeries(ctr, 0, key)
		benchmarkNormals(b, 4096, func(dst []float64) { s.uniformsFrom(dst[:2048], dst[2048:]) })
	})
}
