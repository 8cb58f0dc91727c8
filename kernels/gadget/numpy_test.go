package gadget

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// layout is the table of the user guide as NumPy's types: a program that is not
// this one. It reads a file of format 1 or 2, prints what is in it, and writes it
// again in the other byte order and the other format.
const layout = `
import sys, numpy as np
names = ["npart", "mass", "time", "redshift", "sfr", "feedback", "total", "cooling", "files", "box", "omega0", "omegal", "h", "age", "metals", "high", "entropy", "double"]
kinds = ["6u4", "6f8", "f8", "f8", "i4", "i4", "6u4", "i4", "i4", "f8", "f8", "f8", "f8", "i4", "i4", "6u4", "i4", "i4"]
def head(e): return np.dtype([(n, (e + k[1:], 6)) if k[0] == "6" else (n, e + k) for n, k in zip(names, kinds)] + [("fill", "S56")])
assert head("<").itemsize == 256
raw = open(sys.argv[1], "rb").read()
at, blocks, name, order = 0, {}, None, ["HEAD", "POS ", "VEL ", "ID  "]
while at < len(raw):
    n = int(np.frombuffer(raw, "<u4", 1, at)[0])
    body = raw[at + 4:at + 4 + n]
    assert int(np.frombuffer(raw, "<u4", 1, at + 4 + n)[0]) == n
    at += n + 8
    if n == 8:
        name = body[:4].decode()
        assert int(np.frombuffer(body, "<u4", 1, 4)[0]) == int(np.frombuffer(raw, "<u4", 1, at)[0]) + 8
        continue
    blocks[name or order[len(blocks)]] = body
    format, name = (2 if name else 1), None
h = np.frombuffer(blocks["HEAD"], head("<"))[0]
n = int(h["npart"][1])
real = "f8" if h["double"] else "f4"
pos, vel = (np.frombuffer(blocks[b], "<" + real).reshape(n, 3) for b in ("POS ", "VEL "))
ids = np.frombuffer(blocks["ID  "], "<u4")
print(n, h["total"][1], h["files"], h["mass"][1], h["time"], h["redshift"], h["box"], h["omega0"], h["omegal"], h["h"], ids.sum(), repr(float(pos[2, 1])), repr(float(vel[n - 1, 2])))
out = open(sys.argv[2], "wb")
for b, body in [("HEAD", np.array([h], head("<")).astype(head(">")).tobytes()), ("POS ", pos.astype(">" + real).tobytes()), ("VEL ", vel.astype(">" + real).tobytes()), ("ID  ", ids.astype(">u8").tobytes())]:
    m = np.array(len(body), ">u4").tobytes()
    if format == 1:
        e = np.array(8, ">u4").tobytes()
        out.write(e + b.encode() + np.array(len(body) + 8, ">u4").tobytes() + e)
    out.write(m + body + m)
out.close()
`

func TestNumPyReadsAndWritesTheSame(t *testing.T) {
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import numpy").Run(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s has no numpy (Debian: python3-numpy): %v", python, err)
		}
		t.Skipf("%s has no numpy (Debian: python3-numpy)", python)
	}
	for _, format := range []int{1, 2} {
		for _, double := range []bool{false, true} {
			o := output(11)
			o.Format, o.Double = format, double
			var b bytes.Buffer
			if err := o.Write(&b, 0); err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
			if err := os.WriteFile(in, b.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
			text, err := exec.Command(python, "-c", layout, in, out).CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			want := []float64{11, 11, 1, 2.5, 0.02, 49, 50000, 0.3, 0.7, 0.68, 66, o.round(o.Positions[7] * 1000), o.Velocities[32] * 2}
			words := strings.Fields(string(text))
			if len(words) != len(want) {
				t.Fatalf("it printed %s", text)
			}
			for i, word := range words {
				// Python prints numbers by their shortest exact text.
				if x, err := strconv.ParseFloat(word, 64); err != nil || x != want[i] {
					t.Errorf("format %d, double %v: number %d is %s, want %v", format, double, i, word, want[i])
				}
			}
			mine, err := read(Options{Type: 1}, b.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			turned, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			theirs, err := read(Options{Type: 1}, turned)
			if err != nil {
				t.Fatal(err)
			}
			for i := range mine.Positions {
				if mine.Positions[i] != theirs.Positions[i] || mine.Velocities[i] != theirs.Velocities[i] || mine.IDs[i/3] != theirs.IDs[i/3] {
					t.Fatalf("number %d differs", i)
				}
			}
			if mine.Header != theirs.Header {
				t.Errorf("headers %+v, %+v", mine.Header, theirs.Header)
			}
		}
	}
}
