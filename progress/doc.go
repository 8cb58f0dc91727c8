// Package progress counts a run's work and shows it to the person waiting.
//
// A [Board] holds the run's open bars. A bar opened while another is open is
// nested in it:
//
//	board := progress.New(progress.Options{})
//	defer board.Close()
//	sims := board.Open(progress.Spec{Label: "β=+0.10 realizations", Total: 3, Unit: "sim"})
//	steps := board.Open(progress.Spec{Label: "β=+0.10 evolution", Total: 1000, Start: 400, Unit: "step"})
//	steps.Set(450, "z=1.23")
//	steps.Close()
//	sims.Add(1)
//
// # The numbers
//
// The board alone decides what is shown; whatever draws it only puts lines
// somewhere. A bar's count holds all its units, also those that an earlier
// process did or that a record supplied ([Spec].Start, [Bar.Skip]). Its rate
// and remaining time count only the units done by this process since the bar
// was opened. With n such units, the last of them finished at time t after
// opening, and c the time since, the time of one unit is
//
//	T = max(t/n, (t+c)/(n+1))                                          (1)
//
// the average over this process while the unit in progress is no slower than
// it, and from then on the least that the average can become: between two
// slow units the estimate stands still and the remaining time counts down,
// and in a stalled run it rises. The rate is 1/T and the remaining time
//
//	R = max(0, (total - done) T - c)                                   (2)
//
// Before the first unit both are unknown, shown as "?".
//
// # Where it is shown
//
// On a terminal the bars stand below everything that is printed, redrawn in
// place through gosuri/uiprogress. What is written to [Board.Out] and
// [Board.Err] appears above them in whole lines; an unfinished line is shown
// directly above the bars until its newline comes. A finished nested bar
// vanishes; a finished outermost bar leaves its last line above. The cursor
// is never hidden, so a killed process leaves nothing to restore.
//
// Where standard error is no terminal, bars become plain lines without escape
// codes, at most one each few seconds. Standard output carries only what is
// written to Out, always.
//
// The board also keeps a small JSON file of the same numbers up to date
// ([Status]) for other processes to read.
//
// All methods may be called from any goroutine. [Bar.Set] waits for no output:
// a stopped terminal stops who prints, opens or closes, not who counts.
package progress
