package progress_test

import (
	"fmt"
	"os"
	"time"

	"runlua/progress"
)

// A bar resumed at step 400 shows its place at once; its rate and remaining
// time come from the steps since.
func ExampleBoard() {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	board := progress.New(progress.Options{
		Stdout: os.Stdout, Rendering: progress.Plain, Now: func() time.Time { return now },
	})
	defer board.Close()

	board.Open(progress.Spec{Label: "β=+0.10 realizations", Total: 3, Unit: "sim"})
	steps := board.Open(progress.Spec{Label: "β=+0.10 evolution", Total: 1000, Start: 400, Unit: "step"})
	now = now.Add(4 * time.Second)
	steps.Set(450, "z=1.23")

	for _, bar := range board.Snapshot() {
		fmt.Fprintln(board.Out(), bar)
	}
	// Output:
	// β=+0.10 realizations: 0/3 sims (0%)
	// β=+0.10 evolution: 450/1000 steps (45%), 12.5 step/s, 00:44 left, z=1.23
}
