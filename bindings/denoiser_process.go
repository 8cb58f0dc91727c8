package bindings

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/denoiserpipe"
)

// commandKind is a list of words, []string in Go.
var commandKind = spec.NewKind("a list of words, the program first", func(v lua.LValue) (any, error) {
	bad := func(got string) error {
		return fmt.Errorf("must be a list of words, the program first, got %s", got)
	}
	t, ok := v.(*lua.LTable)
	if !ok {
		return nil, bad(spec.Describe(v))
	}
	var words []string
	for i := 1; i <= t.Len(); i++ {
		w, ok := t.RawGetInt(i).(lua.LString)
		if !ok || strings.ContainsRune(string(w), 0) || i == 1 && w == "" {
			return nil, bad(fmt.Sprintf("%s at [%d]", spec.Describe(t.RawGetInt(i)), i))
		}
		words = append(words, string(w))
	}
	if len(words) == 0 {
		return nil, bad("an empty one")
	}
	return words, nil
})

// processFunc makes a denoiser of a program; module denoiser lists it.
func (s *Session) processFunc() spec.Func {
	return spec.Func{
		Name: "denoiser.process", Named: true,
		Doc: "A denoiser that is a program of its own: any trained model. It runs in the script's folder, gets coordinates on its standard input and gives denoised ones on its standard output, " +
			"as docs/denoiser-protocol.md says; examples/denoiser/client.py is that page in Python. It starts at once, if the command line grants it by --allow-exec, and ends with the run. " +
			"What tells its samples from those of another model is the name that it gives itself, the command's words after the program, " +
			"and the SHA-256 of each file that one of them names, after an = too: below the script's folder, or granted to read.",
		Args: []spec.Arg{
			{Name: "command", Kind: commandKind, Doc: `{ "python3", "model.py" }; the program is a bare name, which PATH finds, or a path from the script's folder`},
			{Name: "atoms", Kind: spec.Int(1, denoiserpipe.MaxDim/3), Optional: true, Doc: "of a row; default what the model says"},
			{Name: "dim", Kind: spec.Int(1, denoiserpipe.MaxDim), Optional: true, Doc: "numbers of a row, where they are not atoms; default what the model says"},
			{Name: "rows", Kind: spec.Int(1, 1<<20), Optional: true, Doc: "of each request, the last one filled up with its last row: for a model whose answer for a row depends on how many there are; default the whole chunk"},
			{Name: "timeout", Kind: spec.Between(1e-3, 1e6), Default: 600.0, Doc: "seconds that an answer may take, and its start"},
			{Name: "check", Kind: spec.Bool, Default: true, Doc: "ask for one row again by itself, at the first step of a run, and refuse a model that answers otherwise: its samples would depend on the chunk's size and on interruptions"},
		},
		Returns: "a denoiser",
		Example: `local model = denoiser.process { command = { "python3", "model.py" }, atoms = 67 }`,
		Call: func(c *spec.Call) []lua.LValue {
			return s.pushDenoiser(c, s.startDenoiser(c), nil, nil)
		},
	}
}

// startDenoiser starts the program of a call and greets it.
func (s *Session) startDenoiser(c *spec.Call) *childDenoiser {
	atoms, dim := c.Int("atoms"), c.Int("dim")
	if atoms > 0 && dim > 0 && dim != 3*atoms {
		c.Fail("dim", fmt.Sprintf("must be 3 for each of the %d atoms, got %d", atoms, dim), "atoms alone says it")
	}
	if atoms > 0 {
		dim = 3 * atoms
	}
	command := c.Value("command").([]string)
	child, err := s.host.StartProcess(command)
	var refused *NotGranted
	if errors.As(err, &refused) {
		c.Raise(refused.What, refused.Grant)
	}
	c.Check(err)
	limit := time.Duration(c.Float("timeout") * float64(time.Second))
	d, err := newChildDenoiser(s.host.Context(), child, limit, atoms, dim)
	if err != nil {
		child.Kill()
		s.checkStopped(c, err)
	}
	d.rows, d.check = c.Int("rows"), c.Bool("check")
	s.useKernel("denoiserpipe")
	words, files := s.commandFiles(command)
	d.plain = map[string]any{
		"kind": "process", "model": d.model.Model,
		"atoms": float64(d.model.Atoms), "dim": float64(d.model.Dim), "equivariant": d.model.Equivariant,
		"program": filepath.Base(command[0]), "arguments": words, "files": files,
		"rows": float64(d.rows),
	}
	return d
}

// commandFiles notes the SHA-256 of each file that a word of the command names,
// or the part of a word after its first =, with the running task. It returns the
// words after the program, with the name of the option in place of a path that
// one gave, and the digests. What is no file that may be read is just a word.
func (s *Session) commandFiles(command []string) (words []any, files map[string]any) {
	words, files = []any{}, map[string]any{}
	for i, word := range command {
		before, name := "", word
		field, digest := s.digestBelow(name)
		if digest == "" && strings.Contains(word, "=") {
			before, name, _ = strings.Cut(word, "=")
			before += "="
			field, digest = s.digestBelow(name)
		}
		if i == 0 && filepath.Base(word) == word {
			continue // PATH finds it
		}
		if digest != "" {
			files[field] = digest
			s.depend("file", field, digest)
			word = before + field
		}
		if i > 0 {
			words = append(words, word)
		}
	}
	return words, files
}

// digestBelow is the digest of a file and what a fingerprint calls it, or nothing
// if it may not be read.
func (s *Session) digestBelow(name string) (field, digest string) {
	f, _, err := s.host.Files().OpenRead(name)
	if err != nil {
		return "", ""
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", ""
	}
	return s.fileField(name), digestText(sum)
}
