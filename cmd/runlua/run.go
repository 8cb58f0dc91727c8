package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"runlua/bindings/spec"
	"runlua/host"
)

const about = `runlua runs Lua scripts of long computations. Give the same command again and
it continues; what comes out is the same, bit for bit, as if nothing had
interrupted it.

  runlua scripts/quick.lua             run a script, or resume it
  runlua scripts/quick.lua --help      what the script's options are
  runlua                               interactive
  runlua status scripts/quick.lua      how far a run is`

// run is runlua with its arguments, which add to cfg. It returns the exit code.
func run(args []string, cfg host.Config) int {
	code := host.ExitDone
	root := rootCommand(&code, cfg)
	if sub := subcommand(root, args); sub {
		root.SetArgs(args)
	} else {
		// Flags of runlua may stand before or after the script, among the script's
		// own options, which cobra does not know.
		own, script, help, err := split(root.Flags(), args)
		if err != nil {
			fmt.Fprintln(os.Stderr, "runlua:", err)
			return host.ExitUsage
		}
		root.SetArgs(append(own, append([]string{"--"}, script...)...))
		switch {
		case help && (len(script) > 0 || evaluated(own)):
			root.SetArgs(append(append(own, "--script-help", "--"), script...))
		case help:
			root.SetArgs([]string{"--help"})
		}
	}
	if err := root.Execute(); err != nil {
		fmt.Fprintln(os.Stderr, "runlua:", err)
		return host.ExitUsage
	}
	return code
}

func rootCommand(code *int, cfg host.Config) *cobra.Command {
	cfg.Version, cfg.Stdin, cfg.Stdout, cfg.Stderr = version(), os.Stdin, os.Stdout, os.Stderr
	var maxTime string
	root := &cobra.Command{
		Use:           "runlua [flags] SCRIPT [options]",
		Long:          about,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, words []string) error {
			cfg.Command = os.Args
			cmd.Flags().VisitAll(func(f *pflag.Flag) {
				if !f.Hidden {
					cfg.HostFlags = append(cfg.HostFlags, f.Name)
				}
			})
			if err := check(&cfg, maxTime); err != nil {
				return err
			}
			if cmd.Flags().Changed("threads") && cfg.Threads == 0 {
				return errors.New("--threads must be from 1 to 1024, got 0")
			}
			if cmd.Flags().Changed("jobs") && cfg.Jobs == 0 {
				return errors.New("--jobs must be from 1 to 1024, got 0")
			}
			if cmd.Flags().Changed("max-memory") && cfg.MaxMemory == 0 {
				return errors.New("--max-memory must be a positive number of GiB, got 0")
			}
			evaluated := cmd.Flags().Changed("eval")
			named := words[:min(1, len(words))] // the script
			if evaluated {
				named = nil
			}
			if err := refuseEmpty(cmd, named); err != nil {
				return err
			}
			switch {
			case evaluated:
				cfg.Words = words
			case len(words) > 0:
				cfg.Script, cfg.Words = words[0], words[1:]
			default:
				cfg.Interactive = true
			}
			*code = host.Run(cfg)
			return nil
		},
	}
	root.SetFlagErrorFunc(flagError)
	root.SetVersionTemplate("runlua {{.Version}}\n")
	root.CompletionOptions.HiddenDefaultCmd = true
	f := root.Flags()
	f.SortFlags = false
	f.StringVarP(&cfg.Code, "eval", "e", "", "run `CODE` instead of a script")
	f.StringVar(&cfg.Dir, "dir", "", "run directory `FOLDER` (default runs/NAME of the script)")
	f.BoolVar(&cfg.Force, "force-rerun", false, "compute everything again; the old results stay until they are replaced")
	f.StringVar(&cfg.Stale, "stale", "", "what to do with a result of other settings: `keep|rerun` (default: stop and name what differs)")
	f.StringVar(&maxTime, "max-time", "", "save and stop after `TIME`, as 90m or 1:30:00; exit code 75")
	f.IntVar(&cfg.CheckpointEvery, "checkpoint-every", 100, "`STEPS` between snapshots")
	f.Float64Var(&cfg.CheckpointSeconds, "checkpoint-seconds", 30, "`SECONDS` of work between snapshots, whichever comes first")
	f.IntVarP(&cfg.Jobs, "jobs", "j", 0, "`N` points of a sweep at once, sharing the threads (default one for each processor while simulations are small; a thread for each 128³ cells of a mesh); results do not depend on it")
	f.IntVar(&cfg.Threads, "threads", 0, "`N` threads for the kernels, of all jobs together (default one for each processor); results do not depend on it")
	f.Float64Var(&cfg.MaxMemory, "max-memory", 0, "stop a run whose heap grows beyond `GIB` (default three quarters of what is available)")
	f.BoolVarP(&cfg.Quiet, "quiet", "q", false, "no progress bars")
	f.StringArrayVar(&cfg.AllowRead, "allow-read", nil, "let the script read `PATH` besides its own folder")
	f.StringArrayVar(&cfg.AllowWrite, "allow-write", nil, "let the script write below `FOLDER` besides results/")
	f.StringArrayVar(&cfg.AllowExec, "allow-exec", nil, "let the script run `PROGRAM`, a name or a path, by os.execute or as a denoiser's process; an interpreter runs whatever the script hands it")
	f.BoolVar(&cfg.AllowNetworkFS, "allow-network-fs", false, "use a run directory on a network filesystem although its locks can't be trusted")
	f.BoolVar(&cfg.Help, "script-help", false, "")
	f.MarkHidden("script-help")
	f.BoolP("version", "v", false, "print the version")
	root.AddCommand(subcommands(code)...)
	return root
}

// refuseEmpty refuses an empty word for a script or a folder: a shell's variable, in
// quotes, that is not set. It would stand for the current folder, or for nothing.
func refuseEmpty(cmd *cobra.Command, words []string) error {
	if f := cmd.Flags().Lookup("dir"); f.Changed && f.Value.String() == "" {
		return errors.New("--dir needs a folder, got an empty word")
	}
	if slices.Contains(words, "") {
		return errors.New("there is an empty word where a name is expected\n  hint: a variable of the shell may not be set")
	}
	return nil
}

func check(cfg *host.Config, maxTime string) error {
	if maxTime != "" {
		d, err := parseTime(maxTime)
		if err != nil {
			return err
		}
		cfg.MaxTime = d
	}
	switch {
	case cfg.Stale != "" && cfg.Stale != "keep" && cfg.Stale != "rerun":
		return fmt.Errorf("--stale must be keep or rerun, got %q", cfg.Stale)
	case cfg.CheckpointEvery < 1:
		return fmt.Errorf("--checkpoint-every must be at least 1 step, got %d", cfg.CheckpointEvery)
	case !(cfg.CheckpointSeconds > 0):
		return fmt.Errorf("--checkpoint-seconds must be a positive number, got %v", cfg.CheckpointSeconds)
	case cfg.MaxMemory < 0:
		return fmt.Errorf("--max-memory must be a positive number of GiB, got %v", cfg.MaxMemory)
	case cfg.Jobs < 0 || cfg.Jobs > 1024:
		return fmt.Errorf("--jobs must be from 1 to 1024, got %d", cfg.Jobs)
	case cfg.Threads < 0 || cfg.Threads > 1024:
		return fmt.Errorf("--threads must be from 1 to 1024, got %d", cfg.Threads)
	}
	return nil
}

// parseTime reads 90m, 1h30m, or H:MM:SS as schedulers write it.
func parseTime(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if parts := strings.Split(text, ":"); err != nil && len(parts) == 3 {
		d, err = time.ParseDuration(parts[0] + "h" + parts[1] + "m" + parts[2] + "s")
	}
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("--max-time must be a time as 90m, 1h30m or 1:30:00, got %q", text)
	}
	return d, nil
}

// subcommand tells whether args name a subcommand before any script.
func subcommand(root *cobra.Command, args []string) bool {
	if len(args) == 0 {
		return false
	}
	if strings.HasPrefix(args[0], "__") { // cobra's own completion
		return true
	}
	for _, c := range append(root.Commands(), &cobra.Command{Use: "help"}, &cobra.Command{Use: "completion"}) {
		if c.Name() == args[0] || c.HasAlias(args[0]) {
			return true
		}
	}
	return false
}

// split takes runlua's own flags out of args, wherever they stand, and leaves
// the script and its options; a lone -- ends runlua's own.
func split(flags *pflag.FlagSet, args []string) (own, script []string, help bool, err error) {
	given := map[string]bool{}
	for i := 0; i < len(args); i++ {
		word := args[i]
		if word == "--" {
			return own, append(script, args[i+1:]...), help, nil
		}
		if word == "--help" || word == "-h" {
			help = true
			continue
		}
		f := lookup(flags, word)
		if f == nil {
			if len(script) == 0 && strings.HasPrefix(word, "-") && len(word) > 1 && !evaluated(own) {
				own = append(own, word) // unknown before the script: pflag says so
				continue
			}
			script = append(script, word)
			continue
		}
		if given[f.Name] && f.Value.Type() != "stringArray" {
			return nil, nil, false, fmt.Errorf("--%s is given twice", f.Name)
		}
		given[f.Name] = true
		own = append(own, word)
		if f.NoOptDefVal == "" && !strings.Contains(word, "=") && !numbered(word) {
			if i++; i >= len(args) {
				return nil, nil, false, fmt.Errorf("--%s needs a value: %s", f.Name, plainUsage(f))
			}
			own = append(own, args[i])
		}
	}
	return own, script, help, nil
}

func plainUsage(f *pflag.Flag) string {
	_, usage := pflag.UnquoteUsage(f)
	return usage
}

var (
	unknownFlag = regexp.MustCompile(`^unknown flag: --(.+)$`)
	badValue    = regexp.MustCompile(`(?s)^invalid argument (".*") for "(?:-., )?--([a-z-]+)" flag: `)
)

// flagError says what is wrong with a flag as the other messages do.
func flagError(cmd *cobra.Command, err error) error {
	if m := unknownFlag.FindStringSubmatch(err.Error()); m != nil {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden {
				names = append(names, f.Name)
			}
		})
		hint := "runlua --help lists the flags; options of a script stand behind it"
		if near := spec.Suggest(m[1], names); near != "" {
			hint = fmt.Sprintf("did you mean --%s?", near)
		}
		return fmt.Errorf("there is no flag --%s\n  hint: %s", m[1], hint)
	}
	if m := badValue.FindStringSubmatch(err.Error()); m != nil {
		rule := map[string]string{"int": "a whole number", "float64": "a number", "bool": "true or false"}[cmd.Flags().Lookup(m[2]).Value.Type()]
		if rule != "" {
			return fmt.Errorf("--%s must be %s, got %s", m[2], rule, m[1])
		}
	}
	return err
}

// evaluated tells whether -e was given, after which options are the code's.
func evaluated(own []string) bool {
	for _, w := range own {
		if w == "-e" || w == "--eval" || strings.HasPrefix(w, "--eval=") {
			return true
		}
	}
	return false
}

func lookup(flags *pflag.FlagSet, word string) *pflag.Flag {
	switch {
	case strings.HasPrefix(word, "--"):
		name, _, _ := strings.Cut(word[2:], "=")
		return flags.Lookup(name)
	case len(word) == 2 && word[0] == '-' || numbered(word):
		return flags.ShorthandLookup(word[1:2])
	}
	return nil
}

// numbered tells whether a word is a short flag with its number: -j4.
func numbered(word string) bool {
	return len(word) > 2 && word[0] == '-' && word[1] != '-' && strings.Trim(word[2:], "0123456789") == "" && (word[1] < '0' || word[1] > '9')
}

// version is that of the module or, in a checkout, of the commit.
func version() string {
	const released = "0.1.0"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return released
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return released + "+" + s.Value[:12]
		}
	}
	return released
}
