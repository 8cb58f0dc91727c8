package rundir

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"runlua/bindings/spec"
	"runlua/checkpointdb"
)

// A filter chooses tasks: by name, and by values of some parameters.
type filter struct {
	word   string // as typed
	name   string // "" is any
	values []assignment
}

type assignment struct{ param, value string }

// parseFilters reads the words that choose tasks: voids, 'voids{beta=0.1}',
// or, without braces that a shell would take for its own, voids beta=0.1. The
// text of a known task stands for itself, whatever its name looks like.
func parseFilters(words []string, known []checkpointdb.TaskInfo) ([]filter, error) {
	var out []filter
	for _, word := range words {
		if slices.ContainsFunc(known, func(t checkpointdb.TaskInfo) bool { return t.Key.Name == word }) {
			out = append(out, filter{word: word, name: word})
			continue
		}
		name, inner, braces := strings.Cut(word, "{")
		if braces {
			inner, closed := strings.CutSuffix(inner, "}")
			if !closed {
				return nil, usage("quote it for the shell: 'voids{beta=0.1}'", "%s lacks a closing brace", word)
			}
			values, err := parseAssignments(word, inner)
			if err != nil {
				return nil, err
			}
			out = append(out, filter{word, strings.TrimSpace(name), values})
			continue
		}
		if strings.Contains(word, "=") {
			values, err := parseAssignments(word, word)
			if err != nil {
				return nil, err
			}
			if len(out) == 0 {
				out = append(out, filter{word: word})
			} else {
				out[len(out)-1].word += " " + word
			}
			last := &out[len(out)-1]
			last.values = append(last.values, values...)
			continue
		}
		out = append(out, filter{word: word, name: word})
	}
	return out, nil
}

// parseAssignments reads beta=0.1, seed=2. A comma inside quotes or braces
// belongs to a value.
func parseAssignments(word, text string) ([]assignment, error) {
	var out []assignment
	for _, part := range splitCommas(text) {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		param, value, ok := strings.Cut(part, "=")
		if !ok || strings.TrimSpace(param) == "" {
			return nil, usage("write 'NAME{PARAMETER=VALUE, …}'", "%q in %s is no parameter with its value", part, word)
		}
		out = append(out, assignment{strings.TrimSpace(param), strings.TrimSpace(value)})
	}
	return out, nil
}

func splitCommas(text string) []string {
	var out []string
	depth, quoted, start := 0, false, 0
	for i, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			depth--
		case c == ',' && depth == 0:
			out = append(out, text[start:i])
			start = i + 1
		}
	}
	return append(out, text[start:])
}

// matches reports whether a parameter has the value that was typed: numbers by
// value, text with or without quotes.
func (a assignment) matches(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case float64:
		x, err := strconv.ParseFloat(a.value, 64)
		return err == nil && x == v
	case string:
		return a.value == v || a.value == strconv.Quote(v)
	}
	return a.value == cellText(v)
}

// choose returns the tasks that any of the filters matches, each once, in
// their order. A filter that matches none is an error that says what there is.
func choose(words []string, known []checkpointdb.TaskInfo) ([]checkpointdb.TaskInfo, error) {
	filters, err := parseFilters(words, known)
	if err != nil || len(filters) == 0 {
		return known, err
	}
	wanted := make([]bool, len(known))
	for _, f := range filters {
		any := false
		for i, t := range known {
			if f.matches(t.Key) {
				wanted[i], any = true, true
			}
		}
		if !any {
			return nil, f.unmatched(known)
		}
	}
	var out []checkpointdb.TaskInfo
	for i, t := range known {
		if wanted[i] {
			out = append(out, t)
		}
	}
	return out, nil
}

func (f filter) matches(k checkpointdb.Key) bool {
	if k.String() == f.word {
		return true
	}
	if f.name != "" && f.name != k.Name {
		return false
	}
	has := params(k)
	for _, a := range f.values {
		if !a.matches(has[a.param]) {
			return false
		}
	}
	return true
}

// unmatched says which part of a filter nothing matches.
func (f filter) unmatched(known []checkpointdb.TaskInfo) error {
	names, named := map[string]bool{}, []checkpointdb.TaskInfo{}
	for _, t := range known {
		names[t.Key.Name] = true
		if f.name == "" || t.Key.Name == f.name {
			named = append(named, t)
		}
	}
	if len(known) == 0 {
		return usage("", "there is no task %s: nothing is recorded yet", f.word)
	}
	if len(named) == 0 {
		return usage(suggest(f.name, slices.Sorted(maps.Keys(names)), "the tasks are "), "there is no task named %q", f.name)
	}
	values := map[string][]any{} // of each parameter, in the order of the tasks
	for _, t := range named {
		for name, v := range params(t.Key) {
			values[name] = append(values[name], v)
		}
	}
	for _, a := range f.values {
		have, ok := values[a.param]
		if !ok && slices.ContainsFunc(slices.Collect(maps.Keys(names)), func(name string) bool { return strings.HasPrefix(a.param, name) }) {
			// A shell made name{a=1,b=2} into namea=1 nameb=2.
			return usage("quote the braces for the shell: 'voids{beta=0.1, seed=2}'", "%s: the tasks have no parameter %q", f.word, a.param)
		}
		if !ok {
			return usage(suggest(a.param, slices.Sorted(maps.Keys(values)), "the parameters are "), "%s: the tasks have no parameter %q", f.word, a.param)
		}
		if !slices.ContainsFunc(have, a.matches) {
			return usage("there are "+distinct(have), "%s: no task has %s=%s", f.word, a.param, a.value)
		}
	}
	return usage("runlua inspect without it lists the tasks", "no task is %s", f.word)
}

// suggest is a hint at the name that was meant, else a list of all.
func suggest(got string, known []string, all string) string {
	if near := spec.Suggest(got, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(known) == 0 {
		return ""
	}
	return all + strings.Join(known, ", ")
}

// distinct lists values, each once, in ascending order.
func distinct(values []any) string {
	values = slices.Clone(values)
	slices.SortFunc(values, compareValues)
	var texts []string
	for _, v := range values {
		if text := cellText(v); len(texts) == 0 || texts[len(texts)-1] != text {
			texts = append(texts, text)
		}
	}
	if len(texts) > 20 {
		texts = append(texts[:20], fmt.Sprintf("and %d more", len(texts)-20))
	}
	return strings.Join(texts, ", ")
}
