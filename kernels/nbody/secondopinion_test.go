package nbody

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"runlua/kernels/cosmology"
	"runlua/kernels/par"
	"runlua/kernels/power"
)

var update = flag.Bool("update", false, "write "+secondOpinionFile+" again")

// secondOpinionFile is what examples/numerics.lua draws.
const secondOpinionFile = "../../examples/data/second_opinion.csv"

// secondOpinionConfig is the simulation that both programs run: ten steps of
// Quinn's factors, uniform in a, from z = 49 to 0.
func secondOpinionConfig() Config {
	return Config{
		Cosmology: cosmology.Planck2018(), Gravity: cosmology.Constant(0.1), Box: 128,
		Particles: 32, Mesh: 64, Seed: 7, ZStart: 49, Pool: par.New(2),
	}
}

const secondOpinionSteps = 10

// numpy runs a program of testdata on binary numbers and returns its output.
func numpy(stdin []float64, program string, args ...string) ([]byte, error) {
	var in, stderr bytes.Buffer
	if err := binary.Write(&in, binary.LittleEndian, stdin); err != nil {
		return nil, err
	}
	cmd := exec.Command("/usr/bin/python3", append([]string{"testdata/" + program}, args...)...)
	cmd.Stdin, cmd.Stderr = &in, &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %v\n%s", program, err, &stderr)
	}
	return out, nil
}

func needsNumPy(t *testing.T) {
	t.Helper()
	if err := exec.Command("/usr/bin/python3", "-c", "import numpy").Run(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("python3-numpy is missing, which .ci/run installs: %v", err)
		}
		t.Skipf("needs Debian's python3-numpy: %v", err)
	}
}

// bothEnds are this package's particles at z = 0 and numpy's positions and then
// momenta, from the same start.
var bothEnds = map[string]func() (*Sim, []float64){Double: endsIn(Double), Single: endsIn(Single)}

func endsIn(precision string) func() (*Sim, []float64) {
	return sync.OnceValues(func() (*Sim, []float64) { return runBoth(precision) })
}

func runBoth(precision string) (*Sim, []float64) {
	c := secondOpinionConfig().in(precision)
	s, err := New(background, c)
	if err != nil {
		panic(err)
	}
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	out, err := numpy(append(append([]float64(nil), s.Positions()...), s.Momenta()...), "second_opinion.py",
		number(c.Box), strconv.Itoa(c.Mesh), number(c.Cosmology.OmegaM), number(c.Gravity.Mu(1)), number(s.A()), "1", strconv.Itoa(secondOpinionSteps))
	if err != nil {
		panic(err)
	}
	end := make([]float64, 6*s.N())
	if err := binary.Read(bytes.NewReader(out), binary.LittleEndian, end); err != nil {
		panic(err)
	}
	e, err := s.Schedule(0, secondOpinionSteps, Quinn, UniformA)
	if err != nil {
		panic(err)
	}
	for !e.Done() {
		if err := e.Step(background); err != nil {
			panic(err)
		}
	}
	return s, end
}

// A program of its own, in numpy and double precision, ends at the same
// positions: 32³ particles on 64³. Both do the same arithmetic in another order, so
// they differ by rounding, which crossing particles amplify, single precision's too;
// 1e-4 of a cell is far above that and far below what a wrong factor, shift or sign leaves.
func TestANumPyProgramEndsAtTheSamePositions(t *testing.T) {
	needsNumPy(t)
	inEachPrecision(t, func(t *testing.T, precision string) {
		s, end := bothEnds[precision]()
		c := s.Config()
		var x2, p2, p2Sum float64
		pos, mom := particlesOf(s)
		for i, x := range pos {
			d := math.Abs(x - end[i])
			d = min(d, c.Box-d)
			x2 += d * d
			p := mom[i]
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
	})
}

// Its own measure of its own particles is the same P(k), and the one in
// examples/data. Rounding leaves 1e-13; another version of numpy may differ by
// as much again.
func TestANumPyProgramMeasuresTheSamePower(t *testing.T) {
	needsNumPy(t)
	s, end := bothEnds[Double]()
	c := s.Config()
	lines, err := numpy(end[:3*s.N()], "power_spectrum.py", formatFloat(c.Box), strconv.Itoa(c.Mesh))
	if err != nil {
		t.Fatal(err)
	}
	header := "# P(k) of the particles of kernels/nbody/testdata/second_opinion.py at z = 0, by power_spectrum.py\n" +
		"# beside it. Written by: go test ./kernels/nbody -run NumPyProgramMeasures -update\n" +
		"# k [h/Mpc], P [(Mpc/h)^3], modes\n"
	if *update {
		if err := os.WriteFile(secondOpinionFile, append([]byte(header), lines...), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	recorded, err := os.ReadFile(secondOpinionFile)
	if err != nil {
		t.Fatal(err)
	}
	got, err := power.Measure(background, c.Pool, s.Positions(), power.Options{Box: c.Box, Mesh: c.Mesh})
	if err != nil {
		t.Fatal(err)
	}
	var off float64
	for name, text := range map[string]string{"numpy": string(lines), secondOpinionFile: strings.TrimPrefix(string(recorded), header)} {
		rows := strings.Split(strings.TrimSpace(text), "\n")
		if len(rows) != len(got.K) {
			t.Fatalf("%s has %d shells, want %d", name, len(rows), len(got.K))
		}
		for i, row := range rows {
			var k, p float64
			var modes int
			if _, err := fmt.Sscanf(row, "%g,%g,%d", &k, &p, &modes); err != nil {
				t.Fatalf("%s: %q: %v", name, row, err)
			}
			e := max(math.Abs(got.K[i]/k-1), math.Abs(got.P[i]/p-1))
			off = max(off, e)
			if !(e < 1e-10) || modes != got.Modes[i] {
				t.Errorf("%s, shell %d: P(%v) = %v of %d modes, want P(%v) = %v of %d", name, i, got.K[i], got.P[i], got.Modes[i], k, p, modes)
			}
		}
	}
	t.Logf("k and P differ by %.1e at most", off)
}
