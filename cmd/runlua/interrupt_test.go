package main

import (
	"bytes"
	"testing"
	"time"

	"runlua/host"
)

// stopAgainAndAgain runs a job with a time limit in a fresh directory until it comes
// to its end, and returns what it printed then and how often it was stopped. The
// limit grows, so that it ends on any machine, and is halved where the job was not
// stopped once, so that it is on any machine too.
func stopAgainAndAgain(t *testing.T, limit time.Duration, args ...string) (printed []byte, stops int) {
	t.Helper()
	for first := limit; ; first /= 2 {
		dir := t.TempDir()
		limit, stops = first, 0
		for {
			cmd := runlua(t, append([]string{"--dir", dir, "--max-time", limit.String()}, args...)...)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			got, err := cmd.Output()
			if err == nil {
				if stops > 0 {
					return got, stops
				}
				break
			}
			if code := cmd.ProcessState.ExitCode(); code != host.ExitStopped {
				t.Fatalf("exit code %d, want %d:\n%s", code, host.ExitStopped, &stderr)
			}
			stops++
			limit += limit / 4
		}
		if first < time.Microsecond {
			t.Fatalf("a limit of %v does not stop it", first)
		}
	}
}

// Scripts whose callbacks and stages are stopped by a time limit, again and again,
// print what they print without one.
func TestStoppedCallbacksAndStagesChangeNothing(t *testing.T) {
	for _, test := range []struct{ script, jobs string }{
		{"random_rows.lua", "1"}, {"stages.lua", "1"}, {"points.lua", "1"}, {"points.lua", "2"},
	} {
		t.Run(test.script+" with "+test.jobs+" jobs", func(t *testing.T) {
			path := "cmd/runlua/testdata/" + test.script
			began := time.Now()
			want, err := runlua(t, "-j", "1", "--dir", t.TempDir(), path).Output()
			if err != nil {
				t.Fatal(err)
			}
			got, stops := stopAgainAndAgain(t, time.Since(began)/6, "-j", test.jobs, path)
			if !bytes.Equal(got, want) {
				t.Errorf("after %d stops it printed\n%swithout one\n%s", stops, got, want)
			}
		})
	}
}
