package progress

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// statusBoard keeps what it writes in a list.
func statusBoard(t *testing.T) (*Board, *fakeClock, *[]Status) {
	clock, written := newFakeClock(), new([]Status)
	return newBoard(Options{
		Stdout: io.Discard, Stderr: io.Discard, Rendering: Quiet, Now: clock.now,
		Status: func(data []byte) error {
			s, err := ReadStatus(bytes.NewReader(data))
			if err != nil {
				t.Error(err)
			}
			*written = append(*written, s)
			return nil
		},
	}), clock, written
}

func TestStatusHoldsTheBars(t *testing.T) {
	board, clock, written := statusBoard(t)
	started := clock.now()
	board.Open(Spec{Label: "β=+0.10 realizations", Total: 3, Unit: "sim"})
	bar := board.Open(Spec{Label: "β=+0.10 evolution", Total: 1000, Start: 400, Unit: "step"})
	clock.pass(10 * time.Second)
	bar.Set(500, "z=1.23")
	board.tick()
	if len(*written) != 1 {
		t.Fatalf("written %d times", len(*written))
	}
	s := (*written)[0]
	host, _ := os.Hostname()
	if s.PID != os.Getpid() || s.Host != host || !s.Started.Equal(started) || !s.Updated.Equal(clock.now()) {
		t.Errorf("the process: %+v", s)
	}
	want := board.Snapshot()
	if len(s.Bars) != 2 || s.Bars[0].State() != want[0] || s.Bars[1].State() != want[1] {
		t.Errorf("bars %+v, want %+v", s.Bars, want)
	}
}

// TestStatusFieldsKeepTheirNames: other programs read them.
func TestStatusFieldsKeepTheirNames(t *testing.T) {
	rate, left := 8.5, 67.
	data, err := json.Marshal(Status{PID: 7, Host: "node1", Bars: []StatusBar{
		{Label: "l", Depth: 1, Done: 2, Total: 3, Unit: "u", Elapsed: 1.5, Rate: &rate, Remaining: &left, Detail: "d"}, {},
	}})
	const want = `{"pid":7,"host":"node1","started":"0001-01-01T00:00:00Z","updated":"0001-01-01T00:00:00Z","bars":[` +
		`{"label":"l","depth":1,"done":2,"total":3,"unit":"u","elapsed":1.5,"rate":8.5,"remaining":67,"detail":"d"},` +
		`{"label":"","depth":0,"done":0,"total":0,"unit":"","elapsed":0,"rate":null,"remaining":null,"detail":""}]}`
	if err != nil || string(data) != want {
		t.Errorf("got  %s\nwant %s", data, want)
	}
}

func TestStatusIsWrittenAtMostOnceASecond(t *testing.T) {
	board, clock, written := statusBoard(t)
	bar := board.Open(Spec{Total: 1000})
	for range 100 { // 10 s
		bar.Add(1)
		board.tick()
		clock.pass(100 * time.Millisecond)
	}
	if n := len(*written); n != 10 {
		t.Errorf("written %d times in 10 s of work, want 10", n)
	}
	*written = nil
	for range 300 { // 30 s
		board.tick()
		clock.pass(100 * time.Millisecond)
	}
	if n := len(*written); n < 3 || n > 4 {
		t.Errorf("written %d times in 30 s without work, want every 10 s", n)
	}
	*written = nil
	board.Close()
	if n := len(*written); n != 1 || len((*written)[0].Bars) != 0 {
		t.Errorf("at the end %d times: %+v, want once, without bars", n, *written)
	}
}

func TestStatusFailureIsToldOnce(t *testing.T) {
	full := errors.New("disk full")
	var told []error
	var fail bool
	clock := newFakeClock()
	board := newBoard(Options{
		Rendering: Quiet, Now: clock.now, StatusFailed: func(err error) { told = append(told, err) },
		Status: func([]byte) error {
			if fail {
				return full
			}
			return nil
		},
	})
	bar := board.Open(Spec{})
	for _, fail = range []bool{true, true, false, true, true} {
		clock.pass(2 * time.Second)
		bar.Add(1)
		board.tick()
	}
	if len(told) != 2 || told[0] != full {
		t.Errorf("told %v, want the failure twice, once each time it set in", told)
	}
}

// TestStatusFileIsNeverHalf: a reader meets the old or the new one.
func TestStatusFileIsNeverHalf(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "status.json")
	put := StatusFile(path)
	first, second := strings.Repeat("a", 1<<16), strings.Repeat("b", 1<<15)
	if err := put([]byte(first)); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				for _, s := range []string{second, first} {
					if err := put([]byte(s)); err != nil {
						t.Error(err)
					}
				}
			}
		}
	})
	for range 500 {
		data, err := os.ReadFile(path)
		if err != nil || string(data) != first && string(data) != second {
			t.Fatalf("read %d bytes: %v", len(data), err)
		}
	}
	close(stop)
	writer.Wait()
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestStatusFileErrorNamesTheOperation(t *testing.T) {
	err := StatusFile(filepath.Join(t.TempDir(), "no", "status.json"))([]byte("x"))
	if !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), "progress: replacing status: ") {
		t.Errorf("error %v", err)
	}
	if _, err := ReadStatus(strings.NewReader(`{"pid":`)); err == nil || !strings.HasPrefix(err.Error(), "progress: ") {
		t.Errorf("half a status: error %v", err)
	}
}

func FuzzReadStatus(f *testing.F) {
	f.Add([]byte(`{"pid":1,"bars":[{"label":"a","done":1,"rate":2.5,"remaining":1e300}]}`))
	f.Add([]byte(`{"bars":[{"total":-1,"elapsed":-5}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ReadStatus(bytes.NewReader(data))
		if err != nil {
			return
		}
		for _, bar := range s.Bars {
			_ = bar.State().String()
			for _, width := range []int{0, 20, 80} {
				if line := narrow.line(bar.State(), width); narrow.StringWidth(line) >= max(width, 1) {
					t.Errorf("%d columns: %q", width, line)
				}
			}
		}
	})
}
