package gadget

import (
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// programs writes 4³ particles in a box of 50 Mpc/h at z = 49 as each of the
// programs lays them out. What follows from its source is noted beside it:
// MUSIC (cosmo-sims/MUSIC, src/plugins/output_gadget2.cc), monofonIC (the plugin of
// the same name), 2LPTic (manodeep/2LPTic, save.c), N-GenIC (its save.c, of which
// 2LPTic's is a copy) and GADGET-2 itself (io.c).
const programs = `
import sys, numpy as np
n, box, om, ob, h, z = 4, 50.0, 0.315, 0.049, 0.6736, 49.0
a, N = 1 / (1 + z), n ** 3
ids = np.arange(N)
cell = np.stack([ids // 16, ids // 4 % 4, ids % 4], axis=1)
pos = cell * 12.5 + 3 + 0.25 * np.arange(3) + ids[:, None] / 64.0      # Mpc/h
vel = (ids[:, None] - 20.0) * (np.arange(3) + 1)                       # a dx/dt, km/s
u = vel / np.sqrt(a)                                                   # all of them write v/√a

def header(e, npart, total, mass, files, boxsize, ol, double=0, redshift=z):
    out = np.array(npart, e + "u4").tobytes() + np.array(mass, e + "f8").tobytes() + np.array([a, redshift], e + "f8").tobytes()
    out += np.zeros(2, e + "i4").tobytes() + np.array(total, e + "u4").tobytes() + np.array([0, files], e + "i4").tobytes()
    out += np.array([boxsize, om, ol, h], e + "f8").tobytes() + np.zeros(2 + 6, e + "i4").tobytes()
    out += np.array([0, double], e + "i4").tobytes()
    return out + bytes(256 - len(out))

def write(name, e, blocks, format=1):
    with open(sys.argv[1] + "/" + name, "wb") as f:
        mark = lambda n: np.array(n, e + "u4").tobytes()
        for label, body in blocks:
            if format == 2:
                f.write(mark(8) + label.encode() + mark(len(body) + 8) + mark(8))
            f.write(mark(len(body)) + body + mark(len(body)))

def blocks(head, x, v, i, e="<", real="f4", ident="u4", more=()):
    return [("HEAD", head), ("POS ", x.astype(e + real).tobytes()), ("VEL ", v.astype(e + real).tobytes()),
            ("ID  ", i.astype(e + ident).tobytes())] + list(more)

one = lambda k, v: [v if t == k else 0 for t in range(6)]
rhoc = 27.7519737                                                      # 1e10 Msun/h, of MUSIC and monofonIC

# MUSIC, gadget_lunit = kpc: ids from 0, positions wrapped in double precision and
# then rounded, so that one may stand on the box's end.
at_end = pos.copy(); at_end[63, 2] = 50.0 - 1e-9
m = om * rhoc * 1e-9 * (1000 * box) ** 3 / N
write("music", "<", blocks(header("<", one(1, N), one(1, N), one(1, m), 1, 1000 * box, 1 - om), 1000 * at_end, u, ids))

# MUSIC with baryons in two files, gadget2_double: types are dealt out in their
# order, so that the first file has gas alone; internal energies follow the ids.
mg, md = ob * rhoc * box ** 3 / N, (om - ob) * rhoc * box ** 3 / N
total, mass = [N, N, 0, 0, 0, 0], [mg, md, 0, 0, 0, 0]
write("music_gas.0", "<", blocks(header("<", one(0, N), total, mass, 2, box, 1 - om, 1), pos + 6.25, u, ids, real="f8", more=[("U   ", bytes(8 * N))]))
write("music_gas.1", "<", blocks(header("<", one(1, N), total, mass, 2, box, 1 - om, 1), pos, u, ids + N, real="f8"))

# MUSIC's zoom: fine particles of type 1, coarse ones of two levels in type 5 with
# masses of their own.
coarse = np.array([8.0] * 30 + [64.0] * 4) * om * rhoc * box ** 3 / 512
write("zoom", "<", blocks(header("<", [0, 8, 0, 0, 0, 34], [0, 8, 0, 0, 0, 34], one(1, om * rhoc * box ** 3 / 512), 1, box, 1 - om),
                          pos[:42], u[:42], ids[:42], more=[("MASS", coarse.astype("<f4").tobytes())]))

# monofonIC of two processes, gadget2_double with UseLongids: no flag for double
# precision, and OmegaLambda less the radiation.
m = om * rhoc * box ** 3 / N
for rank in 0, 1:
    s = slice(32 * rank, 32 * (rank + 1))
    write("monofonic.%d" % rank, "<", blocks(header("<", one(1, 32), one(1, N), one(1, m), 2, box, 1 - om - 9.2e-5), pos[s], u[s], ids[s], real="f8", ident="u8"))

# 2LPTic of three processes, kpc/h, G = 6.672e-8 in its units: ids of 8 bytes from
# 1; the redshift is 1/InitTime - 1, and the fourth process has no particles and
# no file.
rho = 3 * 0.1 ** 2 / (8 * np.pi * 43007.1)                             # 1e10 Msun/h, kpc/h
m = om * rho * (1000 * box) ** 3 / N
for rank, s in enumerate([slice(0, 16), slice(16, 48), slice(48, 64)]):
    write("2lptic.%d" % rank, ">", blocks(header(">", one(1, s.stop - s.start), one(1, N), one(1, m), 3, 1000 * box, 1 - om, redshift=1 / a - 1),
                                          1000 * pos[s], u[s], ids[s] + 1, e=">", ident="i8"))

# The same with PRODUCEGAS in one file: gas and halo, ids of the halo by N more,
# temperatures of 0.
mg, md = ob * rho * (1000 * box) ** 3 / N, (om - ob) * rho * (1000 * box) ** 3 / N
write("2lptic_gas", "<", blocks(header("<", [N, N, 0, 0, 0, 0], [N, N, 0, 0, 0, 0], [mg, md, 0, 0, 0, 0], 1, 1000 * box, 1 - om),
                                1000 * np.concatenate([pos + 1, pos]), np.concatenate([u, u]), np.concatenate([ids + 1, ids + 1 + N]), ident="i8", more=[("U   ", bytes(4 * N))]))

# N-GenIC with NO64BITID, slabs in the order of another process.
order = np.concatenate([ids[32:], ids[:32]])
write("ngenic", "<", blocks(header("<", one(1, N), one(1, N), one(1, om * rho * (1000 * box) ** 3 / N), 1, 1000 * box, 1 - om), 1000 * pos[order], u[order], order + 1, ident="i4"))

# GADGET-2, SnapFormat 2, from four tasks of which one has no particles: masses in a
# block, potentials and time steps after them, any order.
rng = np.random.default_rng(1)
order = rng.permutation(ids)
parts = [order[:10], order[10:10], order[10:41], order[41:]]
for rank, s in enumerate(parts):
    extra = [("MASS", np.full(len(s), om * rho * (1000 * box) ** 3 / N, "<f4").tobytes()), ("POT ", bytes(4 * len(s))), ("TSTP", bytes(4 * len(s)))]
    b = blocks(header("<", one(1, len(s)), one(1, N), [0] * 6, 4, 1000 * box, 1 - om), 1000 * pos[s], u[s], s + 1, more=extra)
    write("gadget2.%d" % rank, "<", b if len(s) else b[:1], format=2)
`

// The particles come out of every program's files as they went in, but for what
// single precision holds: positions of 50 Mpc/h to 4e-6, velocities to 1e-7 of
// them.
func TestFilesOfEachProgram(t *testing.T) {
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import numpy").Run(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s has no numpy (Debian: python3-numpy): %v", python, err)
		}
		t.Skipf("%s has no numpy (Debian: python3-numpy)", python)
	}
	dir := t.TempDir()
	if text, err := exec.Command(python, "-c", programs, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	open := func(name string, files int) (in []io.Reader) {
		for i := range files {
			path := name
			if files > 1 {
				path = fmt.Sprintf("%s.%d", name, i)
			}
			f, err := os.Open(filepath.Join(dir, path))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { f.Close() })
			in = append(in, f)
		}
		return in
	}
	const a = 0.02
	for _, c := range []struct {
		name    string
		files   int
		first   uint64 // id
		unit    Length
		table   bool // whether the mass table tells the unit
		share   float64
		leaveTo bool
	}{
		{"music", 1, 0, Kpc, true, 1, false},
		{"music_gas", 2, 64, Mpc, true, 0.266 / 0.315, true},
		{"monofonic", 2, 0, Mpc, true, 1, false},
		{"2lptic", 3, 1, Kpc, true, 1, false},
		{"2lptic_gas", 1, 65, Kpc, true, 0.266 / 0.315, true},
		{"ngenic", 1, 1, Kpc, true, 1, false},
		{"gadget2", 4, 1, Kpc, false, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.leaveTo {
				_, err := Read(open(c.name, c.files), Options{Type: 1})
				wantError(t, err, "only particles of type 1 (halo) are taken, got 64 of type 0 (gas)")
			}
			s, err := Read(open(c.name, c.files), Options{Type: 1, LeaveOut: c.leaveTo})
			if err != nil {
				t.Fatal(err)
			}
			unit, err := s.Header.LengthUnit(1)
			if !c.table {
				if err == nil {
					t.Errorf("the unit was told without a mass")
				}
				unit = c.unit
			}
			if unit != c.unit || len(s.IDs) != 64 {
				t.Fatalf("unit %q (%v), %d particles", unit, err, len(s.IDs))
			}
			// The programs' G and Msun are good to 1e-3.
			if got := s.Header.Share(1, unit); math.Abs(got-c.share) > 1e-3 {
				t.Errorf("the particles have %v of the matter, want %v", got, c.share)
			}
			p := s.Momenta(a)
			for i, id := range s.IDs {
				if id != c.first+uint64(i) {
					t.Fatalf("particle %d has id %d", i, id)
				}
				cell := [3]int{i / 16, i / 4 % 4, i % 4}
				for j := range 3 {
					want := 12.5*float64(cell[j]) + 3 + 0.25*float64(j) + float64(i)/64
					if c.name == "music" && i == 63 && j == 2 {
						want = 50
					}
					if x := unit.ToMpc(s.Positions[3*i+j]); math.Abs(x-want) > 4e-6 {
						t.Errorf("coordinate %d of particle %d is %v, want %v", j, i, x, want)
					}
					v := float64(i-20) * float64(j+1)
					if math.Abs(p[3*i+j]-a*v/100) > 1e-7*math.Abs(a*v/100) {
						t.Errorf("momentum %d of particle %d is %v, want %v", j, i, p[3*i+j], a*v/100)
					}
				}
			}
		})
	}
	s, err := Read(open("zoom", 1), Options{Type: 1, LeaveOut: true})
	if err != nil {
		t.Fatal(err)
	}
	if share := s.Header.Share(1, Mpc); math.Abs(share-8.0/512) > 1e-4 {
		t.Errorf("the fine particles of a zoom have %v of the matter, want 1/64", share)
	}
	_, err = Read(open("zoom", 1), Options{Type: 5, LeaveOut: true})
	wantError(t, err, "all particles must have the first one's mass")
}
