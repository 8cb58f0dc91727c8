package main

import (
	"bytes"
	"testing"
	"time"

	"runlua/host"
)

// Scripts whose callbacks and stages are stopped by a time limit, again and
// again, print what they print without one. The limit grows, so that the test
// ends on any machine.
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
			limit := time.Since(began) / 6
			dir := t.TempDir()
			for stops := 0; ; stops++ {
				cmd := runlua(t, "-j", test.jobs, "--dir", dir, "--max-time", limit.String(), path)
				var stderr bytes.Buffer
				cmd.Stderr = &stderr
				got, err := cmd.Output()
				if err == nil {
					if !bytes.Equal(got, want) {
						t.Errorf("after %d stops it printed\n%swithout one\n%s", stops, got, want)
					}
					if stops == 0 {
						t.Error("it was not stopped once")
					}
					return
				}
				if code := cmd.ProcessState.ExitCode(); code != host.ExitStopped {
					t.Fatalf("exit code %d, want %d:\n%s", code, host.ExitStopped, &stderr)
				}
				limit += limit / 4
			}
		})
	}
}
