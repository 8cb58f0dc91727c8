package structure

import (
	"fmt"
	"strings"
)

// A cifReader follows a CIF and gives its rows to the builder.
type cifReader struct {
	z      *tokenizer
	b      *builder
	block  string
	tags   map[string]int // tags of the block, lower case, and their lines
	models map[string]int // model numbers as written

	entities             map[string]string // types by id
	entityID, entityType string            // of an entity given without a loop
	small                bool              // coordinates of small molecules were seen
	single               []token           // values of _atom_site given without a loop
	columns              []string          // and their items
}

// readCIF reads the first data block that has atoms.
func readCIF(text []byte, b *builder) error {
	r := &cifReader{z: newTokenizer(text), b: b, tags: map[string]int{}, models: map[string]int{}, entities: map[string]string{}}
	tok, err := r.z.next()
	for err == nil {
		switch tok.kind {
		case endToken:
			return r.end()
		case dataToken:
			if err := r.flush(); err != nil {
				return err
			}
			if b.seen.atoms > 0 {
				b.warn("only the first data block with atoms, %s, was read", r.block)
				return r.end()
			}
			r.block = string(tok.text)
			r.tags, r.entities = map[string]int{}, map[string]string{}
			b.id, b.title = "", ""
			tok, err = r.z.next()
		case loopToken:
			tok, err = r.loop(tok.line)
		case tagToken:
			tok, err = r.item(tok)
		default:
			return fmt.Errorf("line %d: a value must follow a tag or stand in a loop_, got %q", tok.line, tok.text)
		}
	}
	return err
}

// end completes what is known at the end of a block only.
func (r *cifReader) end() error {
	if err := r.flush(); err != nil {
		return err
	}
	switch {
	case r.b.seen.atoms > 0:
	case r.small:
		return fmt.Errorf("must have the category _atom_site of mmCIF, got _atom_site_… of a small molecule")
	case !r.hasCategory("_atom_site."):
		return fmt.Errorf("must have the category _atom_site, got none in data block %q", r.block)
	}
	if r.b.id == "" {
		r.b.id = r.block
	}
	for _, m := range r.b.models {
		for _, residue := range m.residues {
			for i := range residue {
				a := &residue[i].Atom
				if kind, known := r.entities[a.Entity]; known {
					a.Polymer = kind == "polymer"
				}
			}
		}
	}
	return nil
}

func (r *cifReader) hasCategory(prefix string) bool {
	for tag := range r.tags {
		if strings.HasPrefix(tag, prefix) {
			return true
		}
	}
	return false
}

// tag notes a tag of the block and returns it in lower case.
func (r *cifReader) tag(t token) (string, error) {
	name := strings.ToLower(string(t.text))
	if first, again := r.tags[name]; again {
		return "", fmt.Errorf("line %d: a tag must stand once in a data block, got %s of line %d again", t.line, t.text, first)
	}
	r.tags[name] = t.line
	if strings.HasPrefix(name, "_atom_site_fract_") {
		r.small = true
	}
	return name, nil
}

// item reads a tag and its value; it returns the token after them.
func (r *cifReader) item(tag token) (token, error) {
	name, err := r.tag(tag)
	if err != nil {
		return token{}, err
	}
	v, err := r.z.next()
	if err != nil {
		return token{}, err
	}
	if v.kind != valueToken && v.kind != quotedToken {
		what := fmt.Sprintf("%q", v.text)
		if v.kind == endToken {
			what = "the end of the file, which may be cut off"
		}
		return token{}, fmt.Errorf("line %d: %s must have a value, got %s", v.line, tag.text, what)
	}
	category, field, _ := strings.Cut(name, ".")
	switch {
	case category == "_atom_site":
		r.columns, r.single = append(r.columns, field), append(r.single, v)
	case category == "_entity":
		r.entity(field, v)
	default:
		r.note(name, v)
	}
	return r.z.next()
}

// note keeps the entry's name and title.
func (r *cifReader) note(name string, v token) {
	switch name {
	case "_entry.id":
		r.b.id = v.value()
	case "_struct.title":
		r.b.title = joined(v.value())
	}
}

// entity takes the items of a single entity, which come one by one.
func (r *cifReader) entity(field string, v token) {
	switch field {
	case "id":
		r.entityID = v.value()
	case "type":
		r.entityType = strings.ToLower(v.value())
	}
	if r.entityID != "" && r.entityType != "" {
		r.entities[r.entityID] = r.entityType
	}
}

// flush gives the builder an atom that stood without a loop.
func (r *cifReader) flush() error {
	if r.single == nil {
		return nil
	}
	columns, row := r.columns, r.single
	r.columns, r.single = nil, nil
	site, err := newSite(columns, row[0].line)
	if err != nil {
		return err
	}
	return r.atom(site, row)
}

// loop reads the tags and rows of a loop; it returns the token after them.
func (r *cifReader) loop(line int) (token, error) {
	var names []string
	tok, err := r.z.next()
	for ; err == nil && tok.kind == tagToken; tok, err = r.z.next() {
		name, err := r.tag(tok)
		if err != nil {
			return token{}, err
		}
		names = append(names, name)
	}
	if err != nil {
		return token{}, err
	}
	if len(names) == 0 {
		return token{}, fmt.Errorf("line %d: loop_ must be followed by tags, got %q", line, tok.text)
	}
	take, err := r.rows(names, line)
	if err != nil {
		return token{}, err
	}
	row := make([]token, 0, len(names))
	count := 0
	for ; err == nil && (tok.kind == valueToken || tok.kind == quotedToken); tok, err = r.z.next() {
		count++
		if row = append(row, tok); len(row) == len(names) {
			if take != nil {
				if err := take(row); err != nil {
					return token{}, err
				}
			}
			row = row[:0]
		}
	}
	if err == nil && len(row) > 0 {
		why := ""
		if tok.kind == endToken {
			why = ": the file may be cut off"
		}
		return token{}, fmt.Errorf("line %d: a loop_ of %d tags must have as many values in each row, got %d in the last, which begins on line %d%s",
			tok.line, len(names), len(row), row[0].line, why)
	}
	return tok, err
}

// rows returns what is to be done with each row of a loop; nil is nothing.
func (r *cifReader) rows(names []string, line int) (func(row []token) error, error) {
	fields := make([]string, len(names))
	category := ""
	for i, name := range names {
		var ofName string
		ofName, fields[i], _ = strings.Cut(name, ".")
		if i == 0 {
			category = ofName
		} else if ofName != category && (category == "_atom_site" || ofName == "_atom_site") {
			return nil, fmt.Errorf("line %d: a loop_ must have the tags of one category, got %s after %s", line, names[i], names[0])
		}
	}
	switch category {
	case "_atom_site":
		site, err := newSite(fields, line)
		if err != nil {
			return nil, err
		}
		return func(row []token) error { return r.atom(site, row) }, nil
	case "_entity":
		id, kind := column(fields, "id"), column(fields, "type")
		if id < 0 || kind < 0 {
			return nil, nil
		}
		return func(row []token) error {
			r.entities[row[id].value()] = strings.ToLower(row[kind].value())
			return nil
		}, nil
	}
	return func(row []token) error {
		for i, name := range names {
			r.note(name, row[i])
		}
		return nil
	}, nil
}

func column(fields []string, name string) int {
	for i, f := range fields {
		if f == name {
			return i
		}
	}
	return -1
}
