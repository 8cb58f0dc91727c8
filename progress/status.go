package progress

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"reflect"
	"sync"
	"time"
)

// A Status is what a running process tells of itself in its status file.
// Whether it is still alive is not in there: the run directory's lock knows.
type Status struct {
	PID     int         `json:"pid"`
	Host    string      `json:"host"`
	Started time.Time   `json:"started"`
	Updated time.Time   `json:"updated"`
	Bars    []StatusBar `json:"bars"` // open ones, each followed by those nested in it
}

// A StatusBar is a bar in a [Status].
type StatusBar struct {
	Label     string   `json:"label"`
	Depth     int      `json:"depth"` // 0 for an outermost bar
	Done      int64    `json:"done"`
	Total     int64    `json:"total"` // 0 if unknown
	Unit      string   `json:"unit"`
	Elapsed   float64  `json:"elapsed"`   // seconds since this process opened it
	Rate      *float64 `json:"rate"`      // units a second; null while unknown
	Remaining *float64 `json:"remaining"` // seconds; null while unknown
	Detail    string   `json:"detail"`
}

// State returns the bar as it was when the status was written.
func (b StatusBar) State() BarState {
	s := BarState{
		Label: b.Label, Depth: b.Depth, Done: b.Done, Total: b.Total, Unit: b.Unit, Detail: b.Detail,
		Elapsed: fromSeconds(b.Elapsed), Remaining: unknown,
	}
	if b.Rate != nil {
		s.Rate = *b.Rate
	}
	if b.Remaining != nil {
		s.Remaining = fromSeconds(*b.Remaining)
	}
	return s
}

// ReadStatus decodes what a board wrote.
func ReadStatus(r io.Reader) (Status, error) {
	var s Status
	if err := json.NewDecoder(r).Decode(&s); err != nil {
		return Status{}, fmt.Errorf("progress: reading status: %w", err)
	}
	return s, nil
}

// StatusFile returns a function for [Options].Status that replaces the file
// at path whole, so that a reader finds the old or the new one. It leaves
// nothing to the disk's durability: after a power loss no process runs.
// The temporary file beside it is the same each time; one process at a time
// may write a path.
func StatusFile(path string) func(json []byte) error {
	return func(data []byte) error {
		temporary := path + ".tmp"
		err := os.WriteFile(temporary, data, 0o644)
		if err == nil {
			err = os.Rename(temporary, path)
		}
		if err != nil {
			os.Remove(temporary)
			return fmt.Errorf("progress: replacing status: %w", err)
		}
		return nil
	}
}

const (
	statusEvery = time.Second      // the least time between two writes
	statusAfter = 10 * time.Second // a write is due though no count changed
)

// A statusWriter writes a board's status when it is due.
type statusWriter struct {
	mu      sync.Mutex
	put     func([]byte) error
	failed  func(error)
	status  Status    // as written last
	written time.Time // when, by the clock that never goes back
	failing bool
}

func newStatusWriter(put func([]byte) error, failed func(error), started time.Time) *statusWriter {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return &statusWriter{put: put, failed: failed, status: Status{
		PID: os.Getpid(), Host: host, Started: started.Round(0),
	}}
}

// write writes the status if it is due, or, for the last one, in any case.
func (w *statusWriter) write(now time.Time, bars []BarState, last bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	since := now.Sub(w.written)
	if !w.written.IsZero() && !last && since < statusEvery {
		return
	}
	next := make([]StatusBar, len(bars))
	for i, s := range bars {
		next[i] = s.status()
	}
	if !w.written.IsZero() && !last && since < statusAfter && reflect.DeepEqual(counts(next), counts(w.status.Bars)) {
		return
	}
	w.written, w.status.Updated, w.status.Bars = now, now.Round(0), next
	data, err := json.MarshalIndent(w.status, "", "  ")
	if err == nil {
		err = w.put(append(data, '\n'))
	}
	if err != nil && !w.failing && w.failed != nil {
		w.failed(err)
	}
	w.failing = err != nil
}

// counts is bars without what changes by the mere passing of time.
func counts(bars []StatusBar) []StatusBar {
	still := make([]StatusBar, len(bars))
	for i, b := range bars {
		still[i] = StatusBar{Label: b.Label, Depth: b.Depth, Done: b.Done, Total: b.Total, Detail: b.Detail}
	}
	return still
}

// status is the bar as it stands in a status file.
func (s BarState) status() StatusBar {
	b := StatusBar{
		Label: s.Label, Depth: s.Depth, Done: s.Done, Total: s.Total, Unit: s.Unit,
		Elapsed: inSeconds(s.Elapsed), Detail: s.Detail,
	}
	if s.Rate > 0 {
		b.Rate = &s.Rate
	}
	if s.Remaining >= 0 {
		r := inSeconds(s.Remaining)
		b.Remaining = &r
	}
	return b
}

// inSeconds is d in seconds, to the millisecond.
func inSeconds(d time.Duration) float64 { return math.Round(d.Seconds()*1000) / 1000 }

func fromSeconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
