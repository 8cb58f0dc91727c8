package structure

import (
	"bytes"
	"fmt"
	"io"
	"testing"
)

// residues is a chain of n glycines, CA only.
func residues(n int) *Structure {
	s := &Structure{ID: "bench", Models: [][]float64{cloud(n, 1)}}
	for i := range n {
		s.Atoms = append(s.Atoms, Atom{Record: "ATOM", Name: "CA", Element: "C", ResName: "GLY", Chain: "A", ResSeq: i + 1, Polymer: true, Occupancy: 1})
	}
	return s
}

func BenchmarkWriteSample(b *testing.B) {
	for _, n := range []int{100, 10000} {
		b.Run(fmt.Sprintf("atoms=%d", n), func(b *testing.B) {
			s := residues(n)
			template := NewTemplate(s)
			for b.Loop() {
				if err := template.Write(io.Discard, testMeta, s.Models[0]); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}

func BenchmarkRead(b *testing.B) {
	var text bytes.Buffer
	if err := WriteCIF(&text, residues(10000), Meta{}); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if _, err := Read(bytes.NewReader(text.Bytes()), "in"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSuperpose(b *testing.B) {
	x, y := cloud(100, 1), cloud(100, 2)
	for b.Loop() {
		Superpose(x, y, nil)
	}
}
