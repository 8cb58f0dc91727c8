package diffusion

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"

	"runlua/kernels/state"
)

// A state is framed as package state says, with a stateHeader and, for n
// samples of d coordinates in the space of the walk,
//
//	samples     n float64, their numbers
//	failed      n float64, the step after which each failed, 0 if it did not
//	coordinates n·d float64
//
// 8 bytes a coordinate, 16 a sample, and about a kilobyte.
const stateMagic = "RLDIFFU\x01"

var frame = state.Frame{Magic: stateMagic, Package: "diffusion", Of: "a walk's", MaxHeader: 1 << 20}

var (
	// ErrStateDamaged is in the chain of Restore's error when the bytes are
	// cut short, altered, or no state at all.
	ErrStateDamaged = state.ErrDamaged
	// ErrStateMismatch is in the chain of Restore's error when the state is
	// whole but of other settings, denoiser, seed, samples, Version or
	// KernelPath.
	ErrStateMismatch = state.ErrMismatch
)

// stateHeader is what a state says of itself.
type stateHeader struct {
	Version  int               `json:"version"`
	Kernel   string            `json:"kernel"`
	Settings map[string]string `json:"settings"` // fields to JSON text
	Denoiser map[string]string `json:"denoiser"` // the same of a Described one
	Seed     string            `json:"seed"`
	Samples  int64             `json:"samples"`
	Dim      int64             `json:"dim"`
	Done     int               `json:"steps_done"`
}

func (w *Walk) header() stateHeader {
	h := stateHeader{
		Version: Version, Kernel: KernelPath, Settings: fields(w.cfg.Settings.Plain()),
		Seed: strconv.FormatUint(w.cfg.Seed, 10), Samples: int64(len(w.cfg.Samples)), Dim: int64(w.dim), Done: w.done,
	}
	if d, ok := w.cfg.Denoiser.(Described); ok {
		h.Denoiser = fields(d.Plain())
	}
	return h
}

// fields writes each field of plain data as JSON.
func fields(plain map[string]any) map[string]string {
	out := make(map[string]string, len(plain))
	for name, v := range plain {
		text, err := json.Marshal(v)
		if err != nil {
			panic(fmt.Sprintf("diffusion: %s is not plain: %v", name, err))
		}
		out[name] = string(text)
	}
	return out
}

// StateSize is the number of bytes that MarshalState writes now.
func (w *Walk) StateSize() int64 {
	return frame.Size(w.header(), 2*int64(len(w.failed))+int64(len(w.x)))
}

// MarshalState writes the state of w: all that Restore needs besides settings
// and denoiser to go on to the same bits. The error is out's.
func (w *Walk) MarshalState(out io.Writer) error {
	samples, failed := make([]float64, len(w.failed)), make([]float64, len(w.failed))
	for k := range samples {
		samples[k], failed[k] = float64(w.cfg.Samples[k]), float64(w.failed[k])
	}
	return frame.Write(out, w.header(), samples, failed, w.x)
}

// Restore reads what MarshalState wrote for the same Config (its Pool may
// differ). Without Samples in cfg it takes those of the state.
func Restore(cfg Config, r io.Reader) (*Walk, error) {
	h := new(stateHeader)
	in, err := frame.Open(r, h)
	if err != nil {
		return nil, err
	}
	samples, err := in.NewFloats(h.Samples, "samples")
	if err != nil {
		return nil, err
	}
	failed, err := in.NewFloats(h.Samples, "failed samples")
	if err != nil {
		return nil, err
	}
	numbers := make([]int64, len(samples))
	for k, v := range samples {
		if numbers[k] = int64(v); float64(numbers[k]) != v {
			return nil, frame.Damaged("it is of a sample %v", v)
		}
	}
	if err := checkSamples(numbers); err != nil || len(numbers) == 0 {
		return nil, frame.Damaged("it is of %d samples: %v", len(numbers), err)
	}
	if cfg.Samples == nil {
		cfg.Samples = numbers
	}
	w, err := newWalk(cfg)
	if err != nil {
		return nil, err
	}
	if err := w.matches(h); err != nil {
		return nil, err
	}
	if !slices.Equal(numbers, w.cfg.Samples) {
		return nil, frame.Mismatch("it is of other samples")
	}
	if err := in.Floats(w.x, "coordinates"); err != nil {
		return nil, err
	}
	if err := in.Close(); err != nil {
		return nil, err
	}
	return w, w.adopt(h, failed)
}

// matches compares a state's header with the walk it is to be read into.
func (w *Walk) matches(h *stateHeader) error {
	now := w.header()
	switch {
	case h.Version != now.Version:
		return frame.Mismatch("it is of version %d of the diffusion kernel, this is %d", h.Version, now.Version)
	case h.Kernel != now.Kernel:
		return frame.Mismatch("it is of the kernel path %q, this is %q", h.Kernel, now.Kernel)
	case h.Seed != now.Seed:
		return frame.Mismatch("it is of seed = %s, this one has %s", h.Seed, now.Seed)
	}
	if err := compareFields("", h.Settings, now.Settings); err != nil {
		return err
	}
	if err := compareFields("denoiser.", h.Denoiser, now.Denoiser); err != nil {
		return err
	}
	if h.Dim != now.Dim {
		return frame.Mismatch("it is of %d coordinates a sample, this one has %d", h.Dim, now.Dim)
	}
	return nil
}

// compareFields names the first field, in alphabetical order, that differs.
func compareFields(prefix string, recorded, now map[string]string) error {
	var names []string
	for name := range recorded {
		names = append(names, name)
	}
	for name := range now {
		if _, both := recorded[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	text := func(m map[string]string, name string) string {
		if v, ok := m[name]; ok {
			return v
		}
		return "none"
	}
	for _, name := range names {
		if a, b := text(recorded, name), text(now, name); a != b {
			return frame.Mismatch("it is of %s%s = %s, this one has %s", prefix, name, a, b)
		}
	}
	return nil
}

// adopt takes steps and failures from a state whose coordinates are read.
func (w *Walk) adopt(h *stateHeader, failed []float64) error {
	if h.Done < 0 || h.Done > len(w.levels) {
		return frame.Damaged("it has done %d of %d steps", h.Done, len(w.levels))
	}
	w.done = h.Done
	w.alive = w.alive[:0]
	for k, v := range failed {
		step := int(v)
		if float64(step) != v || step < 0 || step > w.done {
			return frame.Damaged("its sample %d failed after step %v of %d", w.cfg.Samples[k], v, w.done)
		}
		if finite := firstNotFinite(w.row(w.x, k)) < 0; finite != (step == 0) {
			return frame.Damaged("its sample %d is finite: %v, and failed after step %d", w.cfg.Samples[k], finite, step)
		}
		if w.failed[k] = step; step == 0 {
			w.alive = append(w.alive, k)
		}
	}
	return nil
}
