package bindings

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
)

// fileModule reads files through the gate. Inside a task the content of a file
// becomes part of the task's fingerprint.
func (s *Session) fileModule() spec.Module {
	path := spec.Arg{Name: "path", Kind: spec.Name, Doc: "below the script's folder, or granted on the command line"}
	return spec.Module{
		Name: "file",
		Doc:  "Reading input files. A task that read a file is stale once the file's content changes.",
		Funcs: []spec.Func{
			{
				Name: "file.read", Doc: "The whole content of a file.", Args: []spec.Arg{path}, Returns: "a string",
				Call: func(c *spec.Call) []lua.LValue { return []lua.LValue{lua.LString(s.readInput(c, c.String("path")))} },
			},
			{
				Name: "file.lines", Doc: "The lines of a file, without their ends.", Args: []spec.Arg{path}, Returns: "a list of strings",
				Call: func(c *spec.Call) []lua.LValue {
					t := c.L.NewTable()
					lines := bufio.NewScanner(bytes.NewReader(s.readInput(c, c.String("path"))))
					lines.Buffer(nil, 1<<24)
					for lines.Scan() {
						t.Append(lua.LString(lines.Text()))
					}
					c.Check(lines.Err())
					return []lua.LValue{t}
				},
			},
			{
				Name: "file.json", Doc: "The content of a JSON file. null is absent; an object keeps no order.",
				Args: []spec.Arg{path}, Returns: "what the file holds: tables, lists, strings, numbers, booleans",
				Call: func(c *spec.Call) []lua.LValue {
					value, err := parseJSON(s.readInput(c, c.String("path")))
					if err != nil {
						c.Raise(c.String("path")+err.Error(), "")
					}
					return []lua.LValue{toLua(c.L, value)}
				},
			},
			{
				Name: "file.beside", Doc: "The path of a file named in another one, which stands below that one's folder.",
				Args: []spec.Arg{
					{Name: "path", Kind: spec.Name, Doc: "of the file that names the other"},
					{Name: "name", Kind: spec.Name, Doc: "as it stands there; it must not lead out of the folder"},
				},
				Returns: "a path",
				Example: `local model = structure.read(file.beside(opt.input, input.structure_file))`,
				Call: func(c *spec.Call) []lua.LValue {
					name := c.String("name")
					if !filepath.IsLocal(name) {
						c.Fail("name", fmt.Sprintf("must lead to a file below the folder of %s, got %q", filepath.Base(c.String("path")), name), "put the file beside it")
					}
					return []lua.LValue{lua.LString(filepath.Join(filepath.Dir(c.String("path")), name))}
				},
			},
			{
				Name: "file.columns",
				Doc:  "The columns of a text file of numbers, separated by blanks or commas; lines that begin with # are comments.",
				Args: []spec.Arg{path}, Returns: "a list of arrays, one for each column",
				Call: func(c *spec.Call) []lua.LValue {
					columns, err := parseColumns(s.readInput(c, c.String("path")))
					if err != nil {
						c.Raise(c.String("path")+err.Error(), "")
					}
					t := c.L.NewTable()
					for _, col := range columns {
						t.Append(NewArray(c.L, col, []int{len(col)}))
					}
					return []lua.LValue{t}
				},
			},
		},
	}
}

// parseJSON reads one JSON value. Errors begin with ":LINE:COLUMN: ".
func parseJSON(text []byte) (any, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) // a byte order mark, as some editors put before UTF-8
	at := func(offset int64, err error) error {
		before := text[:min(max(offset, 0), int64(len(text)))]
		line := bytes.Count(before, []byte("\n")) + 1
		return fmt.Errorf(":%d:%d: %s", line, len(before)-bytes.LastIndexByte(before, '\n'), strings.TrimPrefix(err.Error(), "json: "))
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, at(syntax.Offset-1, err)
		}
		if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("the file ends before its value does")
		}
		return nil, at(int64(len(text)), err)
	}
	rest := text[decoder.InputOffset():]
	if blank := bytes.TrimLeft(rest, " \t\r\n"); len(blank) > 0 {
		return nil, at(int64(len(text)-len(blank)), errors.New("there is more behind the value"))
	}
	return plainJSON(value, "the value")
}

// plainJSON turns decoded JSON into plain data: numbers become float64, and what
// Lua can't hold is refused by its place.
func plainJSON(value any, place string) (any, error) {
	switch v := value.(type) {
	case json.Number:
		x, err := v.Float64()
		if err != nil {
			return nil, fmt.Errorf(": %s must be within the range of a double, got %s", place, v)
		}
		n, err := v.Int64()
		if !strings.ContainsAny(v.String(), ".eE") && (err != nil || n > 1<<53 || n < -1<<53) {
			return nil, fmt.Errorf(": %s must be at most 2^53, got %s (write it as a string)", place, v)
		}
		return x, nil
	case []any:
		for i, e := range v {
			where := fmt.Sprintf("%s[%d]", place, i+1)
			if e == nil {
				return nil, fmt.Errorf(": %s must not be null: a list has no gaps", where)
			}
			plain, err := plainJSON(e, where)
			if err != nil {
				return nil, err
			}
			v[i] = plain
		}
	case map[string]any:
		for k, e := range v {
			plain, err := plainJSON(e, place+"."+k)
			if err != nil {
				return nil, err
			}
			v[k] = plain
		}
	}
	return value, nil
}

func parseColumns(text []byte) ([][]float64, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) // a byte order mark, as some editors put before UTF-8
	var columns [][]float64
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<24)
	for n := 1; lines.Scan(); n++ {
		line, _, _ := strings.Cut(lines.Text(), "#")
		words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == '\r' })
		if len(words) == 0 {
			continue
		}
		if columns == nil {
			columns = make([][]float64, len(words))
		}
		if len(words) != len(columns) {
			return nil, fmt.Errorf(":%d: must hold %d numbers as the lines before, got %d", n, len(columns), len(words))
		}
		for i, w := range words {
			x, err := strconv.ParseFloat(w, 64)
			if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
				return nil, fmt.Errorf(":%d: must hold finite numbers, got %q", n, w)
			}
			columns[i] = append(columns[i], x)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf(": %w", err)
	}
	if columns == nil {
		return nil, fmt.Errorf(": holds no numbers")
	}
	return columns, nil
}

// absent stands for the digest of a file that can't be read.
const absent = "absent"

// readInput reads a file for a script and notes it with the running task.
func (s *Session) readInput(c *spec.Call, path string) []byte {
	text, err := s.slurp(path)
	if err != nil {
		s.depend("file", s.fileField(path), absent) // which the script may catch
		c.Check(err)
	}
	s.depend("file", s.fileField(path), digestOf(text))
	return text
}

func (s *Session) slurp(path string) ([]byte, error) {
	f, _, err := s.host.Files().OpenRead(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// fileField names a file in a fingerprint: as the script wrote it, or by the
// option that named it, so that no path of a machine enters. Of several options
// with the same path it is the one that the task has read.
func (s *Session) fileField(path string) string {
	if s.options == nil {
		return path
	}
	field := path
	base, number := splitNumber(path)
	for _, o := range s.options.order {
		value, _ := o.value.(string)
		if o.kind != kindFile || value == "" {
			continue
		}
		name := "--" + o.name
		if value != path {
			first, itsNumber := splitNumber(value)
			if number == "" || itsNumber == "" || first != base {
				continue
			}
			name += number // another file of the set that the option names
		}
		if s.task != nil {
			if _, read := s.task.reads[[2]string{"option", o.name}]; read {
				return name
			}
		}
		if field == path {
			field = name
		}
	}
	return field
}

// fileDigest is the digest now of a file that a fingerprint names.
func (s *Session) fileDigest(field string) string {
	path := field
	if name, isOption := strings.CutPrefix(field, "--"); isOption && s.options != nil {
		name, number := splitNumber(name)
		if o := s.options.byName[name]; o != nil {
			path, _ = o.value.(string)
			if number != "" {
				path, _ = splitNumber(path)
				path += number
			}
		}
	}
	f, _, err := s.host.Files().OpenRead(path)
	if err != nil {
		return absent
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return absent
	}
	return digestText(sum)
}

// splitNumber cuts the number off the name of a file of a set: "ic.0" is "ic"
// and ".0".
func splitNumber(path string) (base, number string) {
	if i := strings.LastIndexByte(path, '.'); i > 0 && i+1 < len(path) && strings.Trim(path[i+1:], "0123456789") == "" {
		return path[:i], path[i:]
	}
	return path, ""
}

func digestOf(text []byte) string {
	sum := sha256.New()
	sum.Write(text)
	return digestText(sum)
}

func digestText(sum hash.Hash) string { return "sha256:" + hex.EncodeToString(sum.Sum(nil)) }
