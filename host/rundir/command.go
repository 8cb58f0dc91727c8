package rundir

import (
	"encoding/json"
	"path/filepath"
	"strings"

	"runlua/checkpointdb"
)

// commandWords are the words of the command that started a run.
func commandWords(run checkpointdb.Run) []string {
	var words []string
	if json.Unmarshal([]byte(run.Arguments), &words) != nil {
		return nil // recorded by something else; there is no command to repeat
	}
	return words
}

// commandLine is the command that goes on with the run in dir, as one types it
// in folder: quoted for a shell, with the change of folder that its script
// needs, and with --dir where its words no longer lead to dir, because it was
// moved or copied.
func commandLine(words []string, dir, script, folder string) string {
	from, known := startedIn(words, dir, script)
	if !leadsTo(words, from, dir, script) {
		words = withDir(words, dir)
	}
	line := QuoteWords(words)
	if here, err := filepath.Abs(folder); !known || err != nil || sameFolder(from, here) {
		return line
	}
	return "cd " + QuoteWords([]string{from}) + " && " + line
}

// startedIn finds the folder in which a command was given, from where its words
// lead to the script or, where that is absolute, to the default directory.
func startedIn(words []string, dir, script string) (folder string, ok bool) {
	for _, w := range words {
		if strings.HasSuffix(w, ".lua") && !filepath.IsAbs(w) {
			return before(script, w)
		}
	}
	return before(dir, filepath.Join(runsFolder, scriptName(script)))
}

// leadsTo reports whether a command given in folder, "" if that is not known,
// means the directory dir.
func leadsTo(words []string, folder, dir, script string) bool {
	named := false
	for _, w := range words {
		if name, value, ok := strings.Cut(w, "="); ok && strings.HasPrefix(name, "--") {
			w = value
		}
		if w = within(folder, w); filepath.IsAbs(w) && sameFolder(w, dir) {
			return true
		}
	}
	for _, w := range words {
		named = named || w == "--dir" || strings.HasPrefix(w, "--dir=")
	}
	return !named && folder != "" && sameFolder(filepath.Join(folder, runsFolder, scriptName(script)), dir)
}

// withDir is the command with this --dir.
func withDir(words []string, dir string) []string {
	out := words[:1:1]
	out = append(out, "--dir", dir)
	for i := 1; i < len(words); i++ {
		switch {
		case words[i] == "--dir":
			i++
		case !strings.HasPrefix(words[i], "--dir="):
			out = append(out, words[i])
		}
	}
	return out
}

// before is the folder from which rel leads to path.
func before(path, rel string) (folder string, ok bool) {
	folder, ok = strings.CutSuffix(path, string(filepath.Separator)+filepath.Clean(rel))
	return folder, ok && folder != ""
}

func sameFolder(a, b string) bool {
	if real, err := filepath.EvalSymlinks(a); err == nil {
		a = real
	}
	if real, err := filepath.EvalSymlinks(b); err == nil {
		b = real
	}
	return filepath.Clean(a) == filepath.Clean(b)
}

// QuoteWords writes words so that a shell reads them back.
func QuoteWords(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		if w == "" || strings.ContainsAny(w, " \t\n'\"\\$`*?[](){}<>|&;!#~") {
			w = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
		out[i] = w
	}
	return strings.Join(out, " ")
}
