package nbody

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"runlua/kernels/cosmology"
	"runlua/kernels/par"
)

// A program of its own, in numpy and double precision, ends at the same
// positions: 32³ particles on 64³, ten steps from z = 49 to 0. Both do the same
// arithmetic in another order, so they differ by rounding, which crossing
// particles amplify; 1e-4 of a cell is far above that and far below what a
// wrong factor, shift or sign leaves.
func TestANumPyProgramEndsAtTheSamePositions(t *testing.T) {
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import numpy").Run(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("python3-numpy is missing, which .ci/run installs: %v", err)
		}
		t.Skipf("needs Debian's python3-numpy: %v", err)
	}
	const mu, steps = 1.1, 10
	c := Config{
		Cosmology: cosmology.Planck2018(), Gravity: cosmology.Constant(mu - 1), Box: 128,
		Particles: 32, Mesh: 64, Seed: 7, ZStart: 49, Pool: par.New(2),
	}
	s, err := New(background, c)
	if err != nil {
		t.Fatal(err)
	}
	var start bytes.Buffer
	for _, x := range [][]float64{s.Positions(), s.Momenta()} {
		if err := binary.Write(&start, binary.LittleEndian, x); err != nil {
			t.Fatal(err)
		}
	}
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	cmd := exec.Command(python, "testdata/second_opinion.py", number(c.Box), strconv.Itoa(c.Mesh), number(c.Cosmology.OmegaM),
		number(mu), number(s.A()), "1", strconv.Itoa(steps))
	cmd.Stdin = &start
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	end := make([]float64, 6*s.N())
	if err := binary.Read(bytes.NewReader(out), binary.LittleEndian, end); err != nil {
		t.Fatal(err)
	}

	e, err := s.Schedule(0, steps, Quinn, UniformA)
	if err != nil {
		t.Fatal(err)
	}
	for !e.Done() {
		if err := e.Step(background); err != nil {
			t.Fatal(err)
		}
	}
	var x2, p2, p2Sum float64
	for i, x := range s.Positions() {
		d := math.Abs(x - end[i])
		d = min(d, c.Box-d)
		x2 += d * d
		p := s.Momenta()[i]
		dp := p - end[3*s.N()+i]
		p2 += dp * dp
		p2Sum += p * p
	}
	cells := math.Sqrt(x2/float64(s.N())) / (c.Box / float64(c.Mesh))
	t.Logf("positions differ by %.2g of a cell rms, momenta by %.2g of their rms", cells, math.Sqrt(p2/p2Sum))
	if !(cells < 1e-4) {
		t.Errorf("positions differ by %v of a cell rms, want below 1e-4", cells)
	}
	if !(math.Sqrt(p2/p2Sum) < 1e-4) {
		t.Errorf("momenta differ by %v of their rms, want below 1e-4", math.Sqrt(p2/p2Sum))
	}
}
