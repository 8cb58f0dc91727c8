package rundir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"runlua/bindings/spec"
	"runlua/checkpointdb"
)

// A Target is one run directory that a command line names.
type Target struct {
	Dir    string // as it was named or found
	Script string // the script through which it was named; "" if not through one
	Folder string // where the command was given
}

const (
	databaseFile = "run.db"
	runsFolder   = "runs"
)

// IsRun reports whether a run's database, whole or not, lies in dir.
func IsRun(dir string) bool {
	for _, name := range []string{databaseFile, databaseFile + "-wal"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	return false
}

// Runs are the run directories directly below folder/runs, in the order of
// their names.
func Runs(folder string) []Target {
	entries, err := os.ReadDir(filepath.Join(folder, runsFolder))
	if err != nil {
		return nil // a folder without runs
	}
	var out []Target
	for _, e := range entries {
		if dir := filepath.Join(folder, runsFolder, e.Name()); IsRun(dir) {
			out = append(out, Target{Dir: dir, Folder: folder})
		}
	}
	return out
}

// Find returns the run directory that a command means. word is a directory or
// a script, dir what --dir says; either may be empty. A script stands for
// runs/NAME below folder, or for dir. With neither, it is folder itself or the
// only run below folder/runs.
func Find(folder, word, dir string) (Target, error) {
	t := Target{Folder: folder}
	switch {
	case word == "" && dir == "":
		return findDefault(folder)
	case word == "":
		t.Dir = within(folder, dir)
	case isScript(folder, word):
		t.Script = within(folder, word)
		t.Dir = within(folder, dir)
		if dir == "" {
			t.Dir = filepath.Join(folder, runsFolder, scriptName(word))
		}
	case dir != "":
		return t, usage("give one of them, or a script with --dir", "both %s and --dir %s name a run directory", word, dir)
	default:
		t.Dir = within(folder, word)
	}
	if IsRun(t.Dir) {
		return t, nil
	}
	return t, t.missing(word)
}

// SplitWords takes the words of a command that is followed by names of tasks:
// the first word is a directory or script if it can be one, else nothing names
// the directory and all words are tasks.
func SplitWords(folder string, words []string) (place string, tasks []string) {
	if len(words) == 0 || !namesPlace(folder, words[0]) {
		return "", words
	}
	return words[0], words[1:]
}

func namesPlace(folder, word string) bool {
	if word == "." || word == ".." || isScript(folder, word) || IsRun(within(folder, word)) {
		return true
	}
	if !strings.ContainsRune(word, filepath.Separator) || strings.ContainsAny(word, "{=") {
		return false
	}
	_, err := os.Stat(within(folder, filepath.Dir(word)))
	return err == nil
}

// isScript tells a script, there or not, from a directory.
func isScript(folder, word string) bool {
	info, err := os.Stat(within(folder, word))
	if err == nil {
		return !info.IsDir()
	}
	return strings.HasSuffix(word, ".lua")
}

func scriptName(path string) string { return strings.TrimSuffix(filepath.Base(path), ".lua") }

// within resolves a path that was typed in folder.
func within(folder, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(folder, path)
}

func findDefault(folder string) (Target, error) {
	if IsRun(folder) {
		return Target{Dir: folder, Folder: folder}, nil
	}
	switch found := Runs(folder); len(found) {
	case 0:
		return Target{}, usage("name a run directory or a script, or go to the folder where the run was started",
			"the current folder is no run directory and there is none below runs/")
	case 1:
		return found[0], nil
	default:
		return Target{}, usage("name one of them", "there are several runs: %s", listed(found))
	}
}

func listed(found []Target) string {
	var names []string
	for i, t := range found {
		if i == 12 {
			names = append(names, fmt.Sprintf("and %d more", len(found)-i))
			break
		}
		names = append(names, filepath.Join(runsFolder, filepath.Base(t.Dir)))
	}
	return strings.Join(names, ", ")
}

// missing says why there is no run at the target, and what there is.
func (t Target) missing(word string) error {
	info, err := os.Stat(t.Dir)
	shown := shortPath(t.Folder, t.Dir)
	if t.Script != "" {
		if _, err := os.Stat(t.Script); err != nil {
			return usage(t.others(word), "there is no script %s and no run of it at %s", word, shown)
		}
		hint := fmt.Sprintf("runlua %s starts one; if it was started with --dir FOLDER, name that folder", word)
		return usage(hint, "%s has no run here: there is no run directory %s", word, shown)
	}
	if err == nil && info.IsDir() {
		if below := Runs(t.Dir); len(below) > 0 {
			var names []string
			for _, b := range below {
				names = append(names, shortPath(t.Folder, b.Dir))
			}
			return usage("below it there are "+strings.Join(names, ", "), "%s is no run directory: it holds no %s", shown, databaseFile)
		}
		return usage(t.others(word), "%s is no run directory: it holds no %s", shown, databaseFile)
	}
	return usage(t.others(word), "there is no folder or script %s", shown)
}

// others is a hint at runs that might be meant.
func (t Target) others(word string) string {
	found := Runs(t.Folder)
	var names []string
	for _, f := range found {
		names = append(names, filepath.Base(f.Dir))
	}
	if near := spec.Suggest(scriptName(word), names); near != "" {
		return fmt.Sprintf("did you mean %s?", filepath.Join(runsFolder, near))
	}
	if len(found) > 0 {
		return "here are " + listed(found)
	}
	return "name the folder that holds its " + databaseFile
}

// open opens the target to read, and refuses a directory that another script
// made than the one that named it.
func (t Target) open() (*checkpointdb.Reader, error) {
	r, err := checkpointdb.OpenReader(t.Dir)
	if err != nil {
		if errors.Is(err, checkpointdb.ErrNoRun) {
			return nil, t.missing(t.Dir)
		}
		return nil, err
	}
	if t.Script == "" {
		return r, nil
	}
	meta, err := r.Meta()
	if err == nil && !madeBy(meta, t.Script, r.Dir()) {
		err = usage("name the folder itself, or the one that was given with --dir",
			"%s was made by %s, not by %s", r.Dir(), meta["script"], t.Script)
	}
	if err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// madeBy reports whether a directory may be this script's: it was made by it,
// by one at the same place seen from the directory, or by one that is gone.
func madeBy(meta map[string]string, script, dir string) bool {
	script, err := filepath.Abs(script)
	if err != nil {
		return true
	}
	if real, err := filepath.EvalSymlinks(script); err == nil {
		script = real
	}
	recorded := meta["script"]
	if recorded == script || meta["script from here"] != "" && filepath.Join(dir, meta["script from here"]) == script {
		return true
	}
	_, err = os.Stat(recorded)
	return filepath.IsAbs(recorded) && errors.Is(err, fs.ErrNotExist)
}

// shortPath is path as seen from folder where that is below it, else as it is.
func shortPath(folder, path string) string {
	a, err1 := filepath.Abs(folder)
	b, err2 := filepath.Abs(path)
	if err1 != nil || err2 != nil {
		return path
	}
	if rel, err := filepath.Rel(a, b); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return b
}
