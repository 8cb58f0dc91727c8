package checkpointdb

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// DecodeJSON is the inverse of CanonicalJSON. Text that CanonicalJSON would
// not have written (spaces, fields out of order, other texts of a number) is
// refused, so that a text and its value are one to one.
func DecodeJSON(text []byte) (any, error) {
	v, err := parse(text)
	if err != nil {
		return nil, err
	}
	if v, err = resolve(v, func(string) (any, error) {
		return nil, errors.New("checkpointdb: a reference to an array outside of a result")
	}); err != nil {
		return nil, err
	}
	again, err := CanonicalJSON(v)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, text) {
		return nil, errors.New("checkpointdb: the text is not canonical JSON")
	}
	return v, nil
}

func parse(text []byte) (any, error) {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		return nil, fmt.Errorf("checkpointdb: not canonical JSON: %w", err)
	}
	return v, nil
}

// resolve replaces, in v and all that it holds, the tables that stand for
// arrays: those given inline become arrays, references become what named
// returns. It changes v.
func resolve(v any, named func(string) (any, error)) (any, error) {
	var err error
	switch v := v.(type) {
	case []any:
		for i := range v {
			if v[i], err = resolve(v[i], named); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		if content, ok := v[arrayField]; ok {
			if name, ok := content.(string); ok && len(v) == 1 {
				return named(name)
			}
			return inlineArray(v)
		}
		for field := range v {
			if v[field], err = resolve(v[field], named); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

func inlineArray(table map[string]any) (*Array, error) {
	bad := errors.New("checkpointdb: a table with the field $array is not an array")
	data, ok1 := table[arrayField].([]any)
	shape, ok2 := table[shapeField].([]any)
	if !ok1 || !ok2 || len(table) != 2 {
		return nil, bad
	}
	a := &Array{Shape: make([]int, len(shape)), Data: make([]float64, len(data))}
	for i, v := range shape {
		d, ok := v.(float64)
		if !ok || d < 0 || d > math.MaxInt32 || d != math.Trunc(d) {
			return nil, bad
		}
		a.Shape[i] = int(d)
	}
	for i, v := range data {
		x, ok := v.(float64)
		if !ok {
			return nil, bad
		}
		a.Data[i] = x
	}
	if n, ok := size(a.Shape); !ok || n != len(a.Data) {
		return nil, bad
	}
	return a, nil
}
