package bindings

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"math"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/cosmology"
	"runlua/kernels/fft"
	"runlua/kernels/gadget"
	"runlua/kernels/nbody"
)

func (s *Session) readGadgetFunc() spec.Func {
	return spec.Func{
		Name: "nbody.read_gadget", Named: true,
		Doc: "A simulation that starts from the particles of a GADGET-2 snapshot, format 1 or 2, at the snapshot's redshift: initial conditions of MUSIC, monofonIC, 2LPTic or N-GenIC. " +
			"The particles are read when they are first needed; a resumed simulation takes only the file's digest, which is part of the task's fingerprint. " +
			"They are taken in the order of their ids; velocities are v/√a in km/s, as all these programs write them by default. Growth under another gravity is matched to general relativity's at the snapshot's redshift.",
		Args: []spec.Arg{
			{Name: "file", Kind: spec.Name, Doc: "below the script's folder, or granted on the command line; of a set its first, NAME.0, or NAME"},
			{Name: "cosmology", Kind: spec.UserData[*cosmologyValue]("a cosmology"), Optional: true, Doc: "default cosmology.planck2018(); must have the omega_m and h of the file, to 1e-4"},
			{Name: "gravity", Kind: spec.UserData[*gravityValue]("a gravity"), Optional: true, Doc: "as gravity.constant(beta) makes it; default general relativity"},
			{Name: "length", Kind: spec.OneOf(string(gadget.Kpc), string(gadget.Mpc)), Optional: true, Doc: "the file's unit: kpc/h or Mpc/h; default the one in which the particles' mass, in 1e10 Msun/h, fills the box"},
			{Name: "box", Kind: spec.Positive, Optional: true, Doc: "comoving side, Mpc/h, that the file must have"},
			{Name: "mesh", Kind: spec.EvenSize, Optional: true, Doc: "cells of the force mesh per side; default twice the particles per side"},
			{Name: "type", Kind: spec.Int(0, 5), Default: 1, Doc: "of the particles taken: 0 gas, 1 halo, 2 disk, 3 bulge, 4 stars, 5 boundary"},
			{Name: "others", Kind: spec.OneOf("refuse", "leave_out"), Default: "refuse", Doc: "particles of other types, such as gas; those taken then stand for all matter"},
			{Name: "shift", Kind: spec.Number, Default: 0.0, Doc: "added to each coordinate, Mpc/h: particles that start on the points of the force mesh feel the kinks of its weights"},
			{Name: "gradient", Kind: spec.OneOf(nbody.Difference, nbody.Spectral), Default: nbody.Difference, Doc: "of the potential; spectral is for smooth fields"},
			precisionArg,
		},
		Returns: "a simulation",
		Example: `local sim = nbody.read_gadget { file = "ics.0", mesh = 128 }`,
		Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{s.readGadget(c)} },
	}
}

// gadgetSet is a snapshot's files as they were looked through at first.
type gadgetSet struct {
	header  gadget.Header
	paths   []string
	digests []string
}

// readGadget looks through the files, checks what is asked against their
// header and returns the simulation. Particles are left for later.
func (s *Session) readGadget(c *spec.Call) lua.LValue {
	set := s.openGadgetSet(c, c.String("file"))
	kind := c.Int("type")
	checkWholeBox(c, &set.header, kind)
	unit := s.gadgetUnit(c, &set.header, kind)
	s.warnLeftOut(c, &set.header, kind, unit)
	cosmo, ok := c.Value("cosmology").(*cosmologyValue)
	if !ok {
		cosmo = &cosmologyValue{params: cosmology.Planck2018()}
	}
	g, ok := c.Value("gravity").(*gravityValue)
	if !ok {
		g = &gravityValue{kind: "constant"}
	}
	params := g.cosmology(cosmo.params)
	box := unit.ToMpc(set.header.Box)
	checkGadgetHeader(c, &set.header, params, box)

	count := set.header.Count(kind)
	mesh := c.Int("mesh")
	if mesh == 0 {
		mesh = fft.NextGoodSize(2 * max(2, perSide(count)))
	}
	settings := map[string]any{
		"gadget": plainList(set.digests), "length": string(unit), "type": float64(kind), "count": float64(count), "shift": c.Float("shift"),
		"cosmology": paramsTable(params), "box": box,
		"mesh": float64(mesh), "z_start": set.header.Redshift, "gradient": c.String("gradient"),
	}
	g.settings(settings)
	precisionSetting(c, settings)
	m := &simulation{
		cfg: nbody.Config{
			Cosmology: params, Gravity: g.of(params), Box: box, Mesh: mesh,
			ZStart: max(set.header.Redshift, 0), Gradient: c.String("gradient"), Precision: c.String("precision"), Pool: s.simulationPool(perSide(count), mesh),
			Given: fmt.Sprintf("the snapshot %s", settingsDigest([]any{settings["gadget"], settings["length"], settings["type"], settings["shift"]})), Count: count,
		},
		settings: settings,
	}
	checkParam(c, m.cfg.Validate())
	model, err := cosmology.New(params)
	checkCosmology(c, err)
	checkCosmology(c, model.CheckGravity(m.cfg.Gravity, 1/(1+m.cfg.ZStart)))
	opt := gadget.Options{Type: kind, LeaveOut: c.String("others") == "leave_out", Limit: count}
	shift := c.Float("shift")
	m.load = func(c *spec.Call) *nbody.Sim { return s.loadGadget(c, set, opt, unit, shift, m.cfg) }
	s.useKernel("nbody")
	s.useKernel("gadget")
	u := c.L.NewUserData()
	u.Value = m
	u.Metatable = s.simulationType().Metatable(c.L)
	return u
}

// openGadgetSet reads the first header, notes the digest of every file with the
// running task, and closes them.
func (s *Session) openGadgetSet(c *spec.Call, path string) *gadgetSet {
	set := &gadgetSet{}
	h, digest, err := s.lookThrough(path, true)
	if digest == absent {
		s.depend("file", s.fileField(path), absent)
		var err0 error
		var digest0 string
		if h, digest0, err0 = s.lookThrough(path+".0", true); digest0 != absent {
			path, digest, err = path+".0", digest0, err0
		}
	}
	if digest != absent {
		s.depend("file", s.fileField(path), digest)
	}
	if digest == absent {
		c.Check(err) // it names the path
	}
	if err != nil {
		c.Raise(path+": "+err.Error(), "")
	}
	set.header, set.paths, set.digests = h, []string{path}, []string{digest}
	base, number := splitNumber(path)
	if h.Files() > 1 && number != ".0" {
		c.Raise(fmt.Sprintf("%s is one of %d files, and file must be the first, whose name ends in .0", path, h.Files()), "")
	}
	for i := 1; i < h.Files(); i++ {
		path := base + "." + strconv.Itoa(i)
		_, digest, err := s.lookThrough(path, false)
		s.depend("file", s.fileField(path), digest)
		if err != nil {
			c.Raise(fmt.Sprintf("%s, file %d of %d: %v", path, i, h.Files(), err), "")
		}
		set.paths, set.digests = append(set.paths, path), append(set.digests, digest)
	}
	return set
}

// lookThrough returns a file's digest and, if asked for, its header. The digest
// is absent where the file can't be read.
func (s *Session) lookThrough(path string, header bool) (h gadget.Header, digest string, err error) {
	f, _, err := s.host.Files().OpenRead(path)
	if err != nil {
		return h, absent, err
	}
	defer f.Close()
	sum := sha256.New()
	tee := io.TeeReader(f, sum)
	var bad error
	if header {
		h, bad = gadget.ReadHeader(tee)
	}
	if _, err := io.Copy(io.Discard, tee); err != nil {
		return h, absent, err
	}
	return h, digestText(sum), bad
}

// gadgetUnit is the file's unit of length, by the script's word or recognised.
func (s *Session) gadgetUnit(c *spec.Call, h *gadget.Header, kind int) gadget.Length {
	if c.Has("length") {
		said := gadget.Length(c.String("length"))
		if unit, err := h.LengthUnit(kind); err == nil && unit != said {
			s.host.Warn("%s is said to be in %s/h, but its particles have the mean density of its cosmology in a box of %g %s/h", c.String("file"), said, h.Box, unit)
		}
		return said
	}
	if n := h.Count(kind); n == 0 {
		c.Fail("type", fmt.Sprintf("must be one that the file has particles of, got %d (%s)", kind, gadget.Types[kind]), gadgetTypes(h))
	}
	unit, err := h.LengthUnit(kind)
	if err != nil && c.Has("box") {
		for _, unit := range []gadget.Length{gadget.Kpc, gadget.Mpc} {
			if near(unit.ToMpc(h.Box), c.Float("box"), boxTolerance) {
				return unit
			}
		}
	}
	if err != nil {
		c.Raise(err.Error(), `length = "kpc" or length = "Mpc" says it`)
	}
	return unit
}

// checkWholeBox refuses particles that have but a part of the box's matter, as the
// finest of a zoom do: by a factor that no unit of mass or length explains.
func checkWholeBox(c *spec.Call, h *gadget.Header, kind int) {
	for _, unit := range []gadget.Length{gadget.Kpc, gadget.Mpc} {
		if share := h.Share(kind, unit); share > 1e-6 && share < 0.5 {
			c.Fail("type", fmt.Sprintf("must be of particles that fill the box, got %d (%s) with %.3g %% of its matter", kind, gadget.Types[kind], 100*share),
				gadgetTypes(h)+"; the finest particles of a zoom are no periodic box")
		}
	}
}

// warnLeftOut tells what leaving out other particles means.
func (s *Session) warnLeftOut(c *spec.Call, h *gadget.Header, kind int, unit gadget.Length) {
	if c.String("others") != "leave_out" {
		return
	}
	if share := h.Share(kind, unit); share > 0.5 && share < 0.999 {
		s.host.Warn("the particles of type %d (%s) in %s have %.1f %% of the matter; with the others left out they stand for all of it", kind, gadget.Types[kind], c.String("file"), 100*share)
	}
}

// gadgetTypes tells which particles a file has.
func gadgetTypes(h *gadget.Header) string {
	text := "it has"
	for i, name := range gadget.Types {
		if n := h.Count(i); n > 0 {
			text += fmt.Sprintf(" %d of type %d (%s)", n, i, name)
		}
	}
	return text
}

// How far a header's numbers may be from the script's, relatively. Programs write
// Ω_m and h from single precision or with four digits; the box is a round number.
const (
	boxTolerance       = 1e-6
	parameterTolerance = 1e-4
	flatTolerance      = 1e-3 // of Ω_m + Ω_Λ = 1: radiation may have its share
)

func near(x, y, tolerance float64) bool { return math.Abs(x-y) <= tolerance*math.Abs(y) }

// checkGadgetHeader compares a header with what the script says.
func checkGadgetHeader(c *spec.Call, h *gadget.Header, p cosmology.Params, box float64) {
	if c.Has("box") && !near(c.Float("box"), box, boxTolerance) {
		c.Fail("box", fmt.Sprintf("must be that of the file, %g Mpc/h, got %g", box, c.Float("box")), "")
	}
	hint := fmt.Sprintf("cosmology = cosmology.new { omega_m = %g, h = %g, … } is the file's", h.OmegaM, h.H)
	if h.OmegaM != 0 && !near(p.OmegaM, h.OmegaM, parameterTolerance) {
		c.Fail("cosmology", fmt.Sprintf("must have the omega_m of the file, %g, got %g", h.OmegaM, p.OmegaM), hint)
	}
	if h.H != 0 && !near(p.H, h.H, parameterTolerance) {
		c.Fail("cosmology", fmt.Sprintf("must have the h of the file, %g, got %g", h.H, p.H), hint)
	}
	if h.OmegaM != 0 && math.Abs(h.OmegaM+h.OmegaLambda-1) > flatTolerance {
		c.Raise(fmt.Sprintf("the file's cosmology must be flat, got Omega0 = %g and OmegaLambda = %g", h.OmegaM, h.OmegaLambda), "")
	}
}

// perSide is the smallest n with n³ ≥ count.
func perSide(count int) int {
	n := int(math.Floor(math.Cbrt(float64(count))))
	for n*n*n < count {
		n++
	}
	return n
}

func plainList(words []string) []any {
	list := make([]any, len(words))
	for i, w := range words {
		list[i] = w
	}
	return list
}

// loadGadget reads the particles.
func (s *Session) loadGadget(c *spec.Call, set *gadgetSet, opt gadget.Options, unit gadget.Length, shift float64, cfg nbody.Config) *nbody.Sim {
	files := make([]io.Reader, len(set.paths))
	reading := &setReader{session: s, set: set}
	defer reading.close()
	for i := range files {
		files[i] = &setFile{reading, i}
	}
	snapshot, err := gadget.Read(files, opt)
	if err == nil {
		err = reading.finish()
	}
	if err != nil {
		c.Raise(fmt.Sprintf("%s: %v", set.paths[0], err), "")
	}
	for i, x := range snapshot.Positions {
		snapshot.Positions[i] = unit.ToMpc(x) + shift
	}
	sim, err := nbody.NewGiven(cfg, snapshot.Positions, snapshot.Momenta(1/(1+cfg.ZStart)))
	checkParam(c, err)
	if onMesh(sim.Positions(), cfg.Box/float64(cfg.Mesh)) {
		s.host.Warn("the particles of %s start on the points of a mesh of %d³, on the kinks of its weights: long waves grow too fast so, and voids come out a tenth too many; shift = %g moves them off",
			set.paths[0], cfg.Mesh, cfg.Box/float64(2*cfg.Mesh))
	}
	return sim
}

// onMesh tells whether particles are mostly within a sixth of a cell of side h
// of mesh points, on every axis. It serves a warning only.
func onMesh(positions []float64, h float64) bool {
	var sum [3]float64
	for i, x := range positions {
		sum[i%3] += math.Cos(2 * math.Pi * x / h)
	}
	least := min(sum[0], sum[1], sum[2]) / float64(len(positions)/3)
	return least > 0.5
}

// setReader reads the files of a set one after the other and checks that they
// still have the digests of the first look.
type setReader struct {
	session *Session
	set     *gadgetSet
	at      int // the open file
	file    io.ReadCloser
	sum     hash.Hash
}

type setFile struct {
	*setReader
	i int
}

func (f *setFile) Read(b []byte) (int, error) {
	r := f.setReader
	if r.file == nil || r.at != f.i {
		if err := r.finish(); err != nil {
			return 0, err
		}
		file, _, err := r.session.host.Files().OpenRead(r.set.paths[f.i])
		if err != nil {
			return 0, err
		}
		r.at, r.file, r.sum = f.i, file, sha256.New()
	}
	n, err := r.file.Read(b)
	r.sum.Write(b[:n])
	return n, err
}

// finish reads the rest of the open file, if one is, and compares its digest.
func (r *setReader) finish() error {
	if r.file == nil {
		return nil
	}
	defer r.close()
	if _, err := io.Copy(r.sum, r.file); err != nil {
		return err
	}
	if got := digestText(r.sum); got != r.set.digests[r.at] {
		return fmt.Errorf("%s has changed since the script called nbody.read_gadget", r.set.paths[r.at])
	}
	return nil
}

func (r *setReader) close() {
	if r.file != nil {
		r.file.Close()
		r.file = nil
	}
}

func (s *Session) writeGadgetFunc() spec.Func {
	return spec.Func{
		Name: "sim:write_gadget", Named: true,
		Doc: "Writes positions and velocities as a GADGET-2 snapshot, which yt, Pylians and pynbody read: particles of type 1, ids from 1 on in the simulation's order. " +
			"Inside a task the files are recorded with its result.",
		First: []spec.Arg{{Name: "file", Kind: spec.Name, Doc: "below results/; with several files .0, .1, … are added"}},
		Args: []spec.Arg{
			{Name: "format", Kind: spec.Int(1, 2), Default: 2, Doc: "1, or 2 with names of blocks"},
			{Name: "files", Kind: spec.AtLeast(1), Default: 1, Doc: "number of files"},
			{Name: "length", Kind: spec.OneOf(string(gadget.Kpc), string(gadget.Mpc)), Default: string(gadget.Kpc), Doc: "unit: kpc/h or Mpc/h"},
			{Name: "precision", Kind: spec.OneOf("single", "double"), Default: "single", Doc: "of coordinates and velocities; Pylians reads single only"},
		},
		Returns: "the path, or a list of them for several files",
		Example: `sim:write_gadget("end.gadget", { format = 2 })`,
		Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{s.writeGadget(c, selfSimulation(c))} },
	}
}

func (s *Session) writeGadget(c *spec.Call, m *simulation) lua.LValue {
	sim, err := s.ready(c, m).Synchronised()
	c.Check(err)
	unit := gadget.Length(c.String("length"))
	a, p := sim.A(), m.cfg.Cosmology
	mean := p.OmegaM * gadget.CriticalDensity // 10^10 Msun/h / (Mpc/h)³
	out := &gadget.Output{
		Positions: sim.Positions(), PositionScale: unit.FromMpc(1),
		Velocities: sim.Momenta(), VelocityScale: gadget.VelocityOfMomentum(a),
		A: a, Box: unit.FromMpc(m.cfg.Box), Mass: mean * m.cfg.Box * m.cfg.Box * m.cfg.Box / float64(sim.N()),
		OmegaM: p.OmegaM, OmegaLambda: 1 - p.OmegaM - p.OmegaR, H: p.H,
		Format: c.Int("format"), Files: c.Int("files"), Double: c.String("precision") == "double",
	}
	c.Check(out.Validate())
	s.useKernel("gadget")
	paths := c.L.NewTable()
	for i := range out.Files {
		name := c.String("file")
		if out.Files > 1 {
			name += "." + strconv.Itoa(i)
		}
		path, err := s.writeResult(name, func(w io.Writer) error { return out.Write(w, i) })
		c.Check(err)
		paths.Append(lua.LString(path))
	}
	if out.Files == 1 {
		return paths.RawGetInt(1)
	}
	return paths
}
