package checkpointdb

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
)

// A Result is a value as it is recorded: canonical JSON, the arrays it refers
// to in the order of their names, and the SHA-256 of both.
type Result struct {
	JSON   []byte
	Arrays []NamedArray
	Digest string // hexadecimal
}

// A NamedArray is one array of a result. Its name is its path in the result:
// radius, or rows[3].z; value where the result is the array.
type NamedArray struct {
	Name  string
	Shape []int
	NPY   []byte // a NumPy file: version 1.0, <f8, C order
}

// EncodeResult turns a value into what is recorded. It takes what
// CanonicalJSON takes, and leaves arrays out of the text: {"$array":"radius"}
// refers to the array of that name. Errors are *FieldError, with paths that
// begin with "result".
func EncodeResult(v any) (*Result, error) {
	r := &Result{}
	var err error
	if r.JSON, err = encodeValue("result", v, &r.Arrays); err != nil {
		return nil, err
	}
	slices.SortFunc(r.Arrays, func(a, b NamedArray) int { return cmp.Compare(a.Name, b.Name) })
	r.Digest = r.digest()
	return r, nil
}

// digest is the SHA-256 of "json LENGTH\n" and the text, then for each array
// "array LENGTH NAME\n" and the file.
func (r *Result) digest() string {
	h := sha256.New()
	fmt.Fprintf(h, "json %d\n", len(r.JSON))
	h.Write(r.JSON)
	for _, a := range r.Arrays {
		fmt.Fprintf(h, "array %d %s\n", len(a.NPY), a.Name)
		h.Write(a.NPY)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Decode returns the value, made anew at each call: every caller may change
// what it gets. A result whose digest or form is wrong returns ErrDamaged.
func (r *Result) Decode() (any, error) {
	v, err := r.decode()
	if err != nil {
		return nil, fmt.Errorf("%w: a recorded result: %w", ErrDamaged, err)
	}
	return v, nil
}

func (r *Result) decode() (any, error) {
	if r.digest() != r.Digest {
		return nil, errors.New("its digest is not the recorded one")
	}
	if err := r.checkText(); err != nil {
		return nil, err
	}
	arrays := make(map[string]*Array, len(r.Arrays))
	for _, a := range r.Arrays {
		array, err := decodeNPY(a.NPY)
		if err != nil {
			return nil, fmt.Errorf("array %s: %w", a.Name, err)
		}
		arrays[a.Name] = array
	}
	v, err := parse(r.JSON)
	if err != nil {
		return nil, err
	}
	v, err = resolve(v, func(name string) (any, error) {
		a, ok := arrays[name]
		if !ok {
			return nil, fmt.Errorf("array %s is missing", name)
		}
		delete(arrays, name)
		return a, nil
	})
	if err == nil && len(arrays) > 0 {
		err = errors.New("it does not refer to all of its arrays")
	}
	return v, err
}

// checkText refuses text that EncodeResult does not write.
func (r *Result) checkText() error {
	v, err := parse(r.JSON)
	if err != nil {
		return err
	}
	if v, err = resolve(v, func(name string) (any, error) { return arrayRef(name), nil }); err != nil {
		return err
	}
	var inline []NamedArray
	again, err := encodeValue("result", v, &inline)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, r.JSON) {
		return errors.New("its text is not canonical JSON")
	}
	return nil
}
