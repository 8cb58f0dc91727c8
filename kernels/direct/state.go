package direct

import (
	"io"

	"runlua/kernels/state"
)

// A state is framed as package state says, with a stateHeader and
//
//	positions  3n float64
//	velocities 3n float64
//
// 48 bytes a particle and some hundred more. Masses, G and softening are the
// Config's, which the header names by its digest.
const stateMagic = "RLDIREC\x01"

var frame = state.Frame{Magic: stateMagic, Package: "direct", Of: "a system's", MaxHeader: 1 << 12}

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
	Forces  Precision   `json:"precision"`
	Digest  string      `json:"config"` // Config.Digest
	N       int         `json:"particles"`
	Time    float64     `json:"time"`
	Total   int64       `json:"steps_total"`
	Run     *stateOfRun `json:"evolution"` // null when none is unfinished
}

// stateOfRun is the unfinished Evolution of a state.
type stateOfRun struct {
	Start float64 `json:"start"`
	End   float64 `json:"end"`
	Steps int64   `json:"steps"`
	Done  int64   `json:"done"`
}

func (s *System) header() stateHeader {
	h := stateHeader{Version: Version, Kernel: KernelPath, Forces: s.cfg.Precision, Digest: s.digest, N: s.N(), Time: s.time, Total: s.total}
	if e := s.run; e != nil {
		h.Run = &stateOfRun{e.start, e.end, e.steps, e.done}
	}
	return h
}

// StateSize is the number of bytes that MarshalState writes now.
func (s *System) StateSize() int64 {
	return frame.Size(s.header(), 6*int64(s.N()))
}

// MarshalState writes the state of s: all that Restore needs besides the
// Config to go on to the same bits, an unfinished Evolution included. The
// error is w's.
func (s *System) MarshalState(w io.Writer) error {
	return frame.Write(w, s.header(), s.pos, s.vel)
}

// Restore reads what MarshalState wrote for the same Config (its Pool may
// differ). The unfinished evolution, if there is one, is the Evolution of the
// System it returns.
func Restore(cfg Config, r io.Reader) (*System, error) {
	s, err := New(cfg)
	if err != nil {
		return nil, err
	}
	h := new(stateHeader)
	in, err := frame.Open(r, h)
	if err != nil {
		return nil, err
	}
	if err := s.matches(h); err != nil {
		return nil, err
	}
	for _, x := range [][]float64{s.pos, s.vel} {
		if err := in.Floats(x, "particles"); err != nil {
			return nil, err
		}
	}
	if err := in.Close(); err != nil {
		return nil, err
	}
	for i := range s.pos {
		if !isFinite(s.pos[i]) || !isFinite(s.vel[i]) {
			return nil, frame.Damaged("particle %d is not finite", i/3+1)
		}
	}
	if err := s.adopt(h); err != nil {
		return nil, err
	}
	return s, nil
}

// matches compares a state's header with the system it is to be read into.
func (s *System) matches(h *stateHeader) error {
	switch {
	case h.Version != Version:
		return frame.Mismatch("it is of version %d of the direct kernel, this is %d", h.Version, Version)
	case h.Kernel != KernelPath:
		return frame.Mismatch("it is of the kernel path %q, this is %q", h.Kernel, KernelPath)
	case h.N != s.N():
		return frame.Mismatch("it is of %d particles, this system has %d", h.N, s.N())
	case h.Forces != s.cfg.Precision:
		return frame.Mismatch("it is of forces in %s precision, this system's are in %s precision", h.Forces, s.cfg.Precision)
	case h.Digest != s.digest:
		return frame.Mismatch("it is of a system that began with other particles, softening or G")
	}
	return nil
}

// adopt takes time and evolution from a header.
func (s *System) adopt(h *stateHeader) error {
	if !isFinite(h.Time) || h.Total < 0 {
		return frame.Damaged("it is at time %v after %d steps", h.Time, h.Total)
	}
	s.time, s.total = h.Time, h.Total
	r := h.Run
	if r == nil {
		return nil
	}
	if err := checkPlan(r.Start, r.End, r.Steps); err != nil {
		return frame.Damaged("%v", err)
	}
	e := &Evolution{sys: s, start: r.Start, end: r.End, steps: r.Steps, done: r.Done}
	if r.Done < 0 || r.Done >= r.Steps || e.timeAfter(r.Done) != h.Time {
		return frame.Damaged("it is at time %v after %d of %d steps from %v to %v", h.Time, r.Done, r.Steps, r.Start, r.End)
	}
	s.run = e
	return nil
}
