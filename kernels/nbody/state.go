package nbody

import (
	"io"

	"runlua/kernels/state"
)

// A state is framed as package state says, with a stateHeader and
//
//	positions 3n float64, as Positions, or uint32 in units of L/2^32
//	momenta   3n float64, as Momenta, or float32
//
// in the Config's precision: 48 or 24 bytes a particle and about a kilobyte.
const stateMagic = "RLNBODY\x01"

var frame = state.Frame{Magic: stateMagic, Package: "nbody", Of: "a simulation's", MaxHeader: 1 << 16}

var (
	// ErrStateDamaged is in the chain of Restore's error when the bytes are
	// cut short, altered, or no state at all.
	ErrStateDamaged = state.ErrDamaged
	// ErrStateMismatch is in the chain of Restore's error when the state is
	// whole but of another configuration, Version or KernelPath.
	ErrStateMismatch = state.ErrMismatch
)

// stateHeader is what a state says of itself.
type stateHeader struct {
	Version int         `json:"version"`
	Kernel  string      `json:"kernel"`
	Config  []setting   `json:"config"`
	Digest  string      `json:"digest"` // of Config
	A       float64     `json:"a"`
	Total   int         `json:"steps_total"`
	Run     *stateOfRun `json:"evolution"` // null when none is unfinished
}

// stateOfRun is the unfinished Evolution of a state.
type stateOfRun struct {
	AStart  float64 `json:"a_start"`
	ZEnd    float64 `json:"z_end"`
	Steps   int     `json:"steps"`
	Stepper Stepper `json:"stepper"`
	Spacing Spacing `json:"spacing"`
	Done    int     `json:"done"`
}

// header describes s.
func (s *Sim) header() stateHeader {
	settings := s.cfg.settings()
	h := stateHeader{
		Version: Version, Kernel: KernelPath,
		Config: settings, Digest: digestOf(settings),
		A: s.a, Total: s.total,
	}
	if e := s.run; e != nil {
		h.Run = &stateOfRun{e.plan.AStart, e.plan.ZEnd, e.plan.Steps, e.plan.Stepper, e.plan.Spacing, e.done}
	}
	return h
}

// StateSize is the number of bytes that MarshalState writes now.
func (s *Sim) StateSize() int64 {
	return frame.SizeParts(s.header(), s.matter.payload()...)
}

// MarshalState writes the state of s: all that Restore needs besides the
// Config to go on to the same bits, an unfinished Evolution included. The
// error is w's, or that of the step that broke s.
func (s *Sim) MarshalState(w io.Writer) error {
	if s.broken != nil {
		return s.broken
	}
	s.matter.unsort()
	return frame.WriteParts(w, s.header(), s.matter.payload()...)
}

// Restore reads what MarshalState wrote for the same Config (its Pool may
// differ) without drawing initial conditions. Schedule with the arguments of
// the unfinished evolution goes on with it.
func Restore(cfg Config, r io.Reader) (*Sim, error) {
	h := new(stateHeader)
	in, err := frame.Open(r, h)
	if err != nil {
		return nil, err
	}
	s, err := newEmpty(cfg, nil, nil)
	if err != nil {
		return nil, err
	}
	if err := s.matches(h); err != nil {
		return nil, err
	}
	if err := s.readParticles(in); err != nil {
		return nil, err
	}
	if err := s.adopt(h); err != nil {
		return nil, err
	}
	return s, nil
}

// matches compares a state's header with the simulation it is to be read into.
func (s *Sim) matches(h *stateHeader) error {
	if h.Version != Version {
		return frame.Mismatch("it is of version %d of the N-body kernel, this is %d", h.Version, Version)
	}
	if h.Kernel != KernelPath {
		return frame.Mismatch("it is of the kernel path %q, this is %q", h.Kernel, KernelPath)
	}
	if digestOf(h.Config) != h.Digest {
		return frame.Damaged("its configuration differs from its digest")
	}
	return compareSettings(h.Config, s.cfg.settings())
}

// readParticles fills positions and momenta and verifies the checksum.
func (s *Sim) readParticles(in *state.Reader) error {
	stray, err := s.matter.read(in)
	if err != nil {
		return err
	}
	if err := in.Close(); err != nil {
		return err
	}
	if stray >= 0 {
		return frame.Damaged("particle %d is not in the box or not finite", stray)
	}
	return nil
}

// adopt takes time and evolution from a header.
func (s *Sim) adopt(h *stateHeader) error {
	if !(h.A > 0) || !isFinite(h.A) || h.Total < 0 {
		return frame.Damaged("it is at a = %v after %d steps", h.A, h.Total)
	}
	s.a, s.total = h.A, h.Total
	if h.Run == nil {
		return nil
	}
	r := h.Run
	p := Plan{AStart: r.AStart, ZEnd: r.ZEnd, Steps: r.Steps, Stepper: r.Stepper, Spacing: r.Spacing}
	if !(p.AStart > 0) || r.Done < 0 || r.Done >= r.Steps {
		return frame.Damaged("it has done %d of %d steps from a = %v", r.Done, r.Steps, r.AStart)
	}
	if err := p.validate(); err != nil {
		return frame.Damaged("%v", err)
	}
	e, err := s.begin(p)
	if err != nil {
		return err
	}
	if s.a != e.line.edges[r.Done] {
		s.run = nil
		return frame.Damaged("it is at a = %v, its step %d at %v", s.a, r.Done, e.line.edges[r.Done])
	}
	e.done = r.Done
	return nil
}
