package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"runlua/bindings/spec"
	"runlua/checkpointdb"
	"runlua/host"
	"runlua/host/rundir"
)

// here is the folder from which a command finds run directories.
const here = "."

// subcommands are those that look at run directories.
func subcommands(code *int) []*cobra.Command {
	out := []*cobra.Command{statusCommand(code), inspectCommand(code), cleanCommand(code), exportCommand(code)}
	for _, c := range out {
		c.Flags().SortFlags = false
		c.SetFlagErrorFunc(suggestFlag)
		c.DisableFlagsInUseLine = true
		c.PreRunE = refuseEmpty
	}
	return out
}

const whichRun = `
DIR is a run directory; SCRIPT stands for runs/NAME of that script below the
current folder, or for what --dir says. Without either it is the current folder,
or the only run below runs/.`

func statusCommand(code *int) *cobra.Command {
	var dir string
	var asJSON bool
	c := &cobra.Command{
		Use:   "status [DIR|SCRIPT] [--json]",
		Short: "how far a run is, who holds it, how to go on",
		Long: `How far a run is: which process holds it, what that does now, which tasks are
done and which are not, how the last run ended and what to type to go on. It
reads the run directory only, and writes nothing; the run is not disturbed.
` + whichRun + ` With several runs
below runs/ and none named, each gets a line.

--json writes one object, or, with nothing named, a list of them.`,
		Example: `  runlua status                       the runs from here
  runlua status scripts/quick.lua     the run of that script
  runlua status /scratch/run7 --json  for another program`,
		Args: atMostOne,
	}
	c.Flags().StringVar(&dir, "dir", "", "run directory `FOLDER`")
	c.Flags().BoolVar(&asJSON, "json", false, "for machines")
	c.RunE = func(_ *cobra.Command, words []string) error {
		*code = report(status(word(words), dir, asJSON))
		return nil
	}
	return c
}

func status(place, dir string, asJSON bool) error {
	var several []rundir.Target
	target, err := rundir.Find(here, place, dir)
	if place == "" && dir == "" {
		if several = rundir.Runs(here); err == nil {
			several = []rundir.Target{target}
		}
	}
	switch {
	case len(several) > 0 && asJSON:
		return rundir.StatusLinesJSON(os.Stdout, several)
	case len(several) > 1:
		return rundir.StatusLines(os.Stdout, several, time.Now())
	case err != nil:
		return err
	case asJSON:
		return rundir.StatusJSON(os.Stdout, target)
	}
	return rundir.Status(os.Stdout, target, time.Now())
}

func inspectCommand(code *int) *cobra.Command {
	var dir string
	var asJSON bool
	var opt rundir.InspectOptions
	c := &cobra.Command{
		Use:   "inspect [DIR|SCRIPT] [TASK…] [--full] [--fingerprint] [--json]",
		Short: "the tasks of a run and what they recorded",
		Long: `Lists the tasks of a run: state, when done, attempts, size of the result. With
a TASK it shows what is recorded of it: its result, artifacts and snapshots. A
TASK is a name, or a name with values of parameters, which choose among the
tasks of that name. Quote the braces, or leave them out.
` + whichRun,
		Example: `  runlua inspect                                 all tasks
  runlua inspect scripts/quick.lua voids         every result of voids
  runlua inspect 'voids{beta=0.1, seed=2}'       one of them
  runlua inspect voids beta=0.1 seed=2 --full    the same, arrays printed whole
  runlua inspect voids seed=2 --fingerprint      and what they depend on`,
	}
	f := c.Flags()
	f.StringVar(&dir, "dir", "", "run directory `FOLDER`")
	f.BoolVar(&opt.Full, "full", false, "print arrays and long lists whole, not min, mean and max")
	f.BoolVar(&opt.Fingerprint, "fingerprint", false, "what else the results depend on: options, code, kernels, files")
	f.BoolVar(&asJSON, "json", false, "for machines: a list of objects")
	c.RunE = func(_ *cobra.Command, words []string) error {
		*code = report(withTasks(words, dir, func(t rundir.Target, tasks []string) error {
			opt.Tasks, opt.Now = tasks, time.Now()
			if asJSON {
				return rundir.InspectJSON(os.Stdout, t, opt)
			}
			w := bufio.NewWriter(os.Stdout)
			if err := rundir.Inspect(w, t, opt); err != nil {
				return err
			}
			return w.Flush()
		}))
		return nil
	}
	return c
}

func cleanCommand(code *int) *cobra.Command {
	var dir string
	var yes, superseded, all bool
	var opt rundir.CleanOptions
	c := &cobra.Command{
		Use:   "clean [DIR|SCRIPT] [--superseded|--all] [--yes]",
		Short: "remove snapshots, old generations, or a whole run",
		Long: `Removes the snapshots of unfinished tasks, which then begin anew; results stay.
It says first what will be lost, and asks. While a process holds the directory
nothing is removed (exit code 75).
` + whichRun,
		Example: `  runlua clean scripts/quick.lua               its snapshots
  runlua clean scripts/quick.lua --superseded  results that --force-rerun replaced
  runlua clean runs/quick --all --yes          all of it, without a question`,
		Args: atMostOne,
	}
	f := c.Flags()
	f.StringVar(&dir, "dir", "", "run directory `FOLDER`")
	f.BoolVar(&superseded, "superseded", false, "remove what generations before the current one left, not snapshots")
	f.BoolVar(&all, "all", false, "remove the whole run directory, results too; files that no run made stay")
	f.BoolVarP(&yes, "yes", "y", false, "do not ask")
	f.BoolVar(&opt.AllowNetworkFS, "allow-network-fs", false, "although its locks can't be trusted")
	c.RunE = func(_ *cobra.Command, words []string) error {
		if superseded && all {
			return errors.New("--all removes what --superseded would: give one of them")
		}
		switch {
		case all:
			opt.What = rundir.All
		case superseded:
			opt.What = rundir.Superseded
		}
		opt.Out, opt.Warn = os.Stdout, note
		if !yes {
			opt.Confirm = confirm
		}
		target, err := rundir.Find(here, word(words), dir)
		if err == nil {
			err = rundir.Clean(target, opt)
		}
		*code = report(err)
		return nil
	}
	return c
}

func exportCommand(code *int) *cobra.Command {
	const all = "\x00" // --explode without names
	var dir, explode string
	var opt rundir.ExportOptions
	c := &cobra.Command{
		Use:   "export [DIR|SCRIPT] [TASK…] [--format csv|json|npz] [-o FILE] [--explode]",
		Short: "recorded results as one table: CSV, JSON or NumPy",
		Long: `Writes what is recorded as one table: a row for each task that is done, with
its parameters and the numbers, texts and truth values of its result as columns;
names of nested tables are joined with dots. Rows are in the order of names and
parameters, numbers are exact: the same results give the same bytes.

Arrays: json holds them as lists, npz as LABEL.ARRAY for each task, with LABEL
as voids_beta=0.1_seed=1 (the entry label lists them). In csv --explode makes a
row of each element of a task's arrays; where these are not all equally long,
--explode=x,y,radius names those that belong together.
` + whichRun,
		Example: `  runlua export scripts/quick.lua > voids.csv
  runlua export scripts/quick.lua voids --explode=x,y,z,radius -o all.csv
  runlua export runs/quick voids beta=0.1 --format json
  runlua export runs/quick -o voids.npz
      numpy.load("voids.npz")["voids_beta=0.1_seed=1.radius"]`,
	}
	f := c.Flags()
	f.StringVar(&dir, "dir", "", "run directory `FOLDER`")
	f.StringVar(&opt.Format, "format", "", "`FORMAT` csv, json or npz (default that of FILE, else csv)")
	f.StringVarP(&opt.File, "output", "o", "", "write `FILE`, not standard output")
	f.StringVar(&explode, "explode", "", "a row for each element of the `ARRAYS`, all or those named")
	f.Lookup("explode").NoOptDefVal = all
	f.BoolVar(&opt.Superseded, "superseded", false, "also what generations before the current one left, with a column generation")
	c.RunE = func(cmd *cobra.Command, words []string) error {
		opt.Explode = cmd.Flags().Changed("explode")
		if opt.Explode && explode != all {
			opt.Arrays = strings.FieldsFunc(explode, func(r rune) bool { return r == ',' || r == ' ' })
		}
		opt.Out, opt.Note = os.Stdout, note
		*code = report(withTasks(words, dir, func(t rundir.Target, tasks []string) error {
			opt.Tasks = tasks
			return rundir.Export(t, opt)
		}))
		return nil
	}
	return c
}

// withTasks finds the run directory that words and dir mean, and calls f with
// it and the words that remain.
func withTasks(words []string, dir string, f func(t rundir.Target, tasks []string) error) error {
	place, tasks := rundir.SplitWords(here, words)
	target, err := rundir.Find(here, place, dir)
	if err != nil {
		return err
	}
	return f(target, tasks)
}

func atMostOne(_ *cobra.Command, words []string) error {
	if len(words) > 1 {
		return fmt.Errorf("one run directory or script at a time, got %s", strings.Join(words, " "))
	}
	return nil
}

func word(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// confirm asks the person at the terminal.
func confirm(question string) (bool, error) {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return false, &rundir.UsageError{
			Problem: "nothing was removed: there is nobody to ask, as standard input is no terminal\n" + question,
			Hint:    "--yes removes without a question",
		}
	}
	fmt.Fprint(os.Stderr, question+"\nType yes to go on: ")
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && line == "" {
		fmt.Fprintln(os.Stderr)
	}
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer == "yes" || answer == "y", nil
}

func note(text string) { fmt.Fprintln(os.Stderr, "note:", text) }

// report prints an error, with what to do, and returns the exit code.
func report(err error) int {
	if err == nil {
		return host.ExitDone
	}
	text, code := rundir.Explain(err), host.ExitFailed
	var wrong *rundir.UsageError
	switch {
	case errors.As(err, &wrong):
		code = host.ExitUsage
	case errors.Is(err, checkpointdb.ErrHeld):
		text += "\n  hint: wait for it, or stop it first with Ctrl+C or kill; it saves before it ends"
		code = host.ExitStopped
	case errors.Is(err, checkpointdb.ErrDamaged) && !strings.Contains(text, "hint:"):
		text += "\n  hint: nothing was changed; take run.db from a backup, or let the script begin anew with another --dir"
	}
	fmt.Fprintln(os.Stderr, "runlua:", text)
	return code
}

// suggestFlag adds to the error of an unknown flag the one that was meant.
func suggestFlag(c *cobra.Command, err error) error {
	_, name, ok := strings.Cut(err.Error(), "unknown flag: --")
	if !ok {
		return err
	}
	var known []string
	c.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	hint := "runlua " + c.Name() + " --help lists its flags"
	if near := spec.Suggest(name, known); near != "" {
		hint = "did you mean --" + near + "?"
	}
	return fmt.Errorf("%w\n  hint: %s", err, hint)
}
