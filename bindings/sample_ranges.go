package bindings

import (
	"encoding/json"
	"strconv"
	"strings"

	"runlua/checkpointdb"
)

// rangesText writes ascending numbers shortly: 0-99,150.
func rangesText(numbers []int64) string {
	var parts []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		text := strconv.FormatInt(numbers[i], 10)
		if j > i {
			text += "-" + strconv.FormatInt(numbers[j], 10)
		}
		parts = append(parts, text)
		i = j + 1
	}
	return strings.Join(parts, ",")
}

// parseRanges reads what rangesText wrote.
func parseRanges(text string) (numbers []int64, ok bool) {
	for _, part := range strings.Split(text, ",") {
		from, to, isRange := strings.Cut(part, "-")
		if !isRange {
			to = from
		}
		a, errA := strconv.ParseInt(from, 10, 64)
		b, errB := strconv.ParseInt(to, 10, 64)
		if errA != nil || errB != nil || a < 0 || b < a || b-a > 1<<31 || len(numbers) > 0 && a <= numbers[len(numbers)-1] {
			return nil, false
		}
		for k := a; k <= b; k++ {
			numbers = append(numbers, k)
		}
	}
	return numbers, true
}

// parseChunk reads the key of a chunk's task.
func parseChunk(key checkpointdb.Key) (name string, seed any, samples []int64, ok bool) {
	var params map[string]any
	if json.Unmarshal(key.Params, &params) != nil {
		return "", nil, nil, false
	}
	name, _ = params["name"].(string)
	text, _ := params["samples"].(string)
	samples, ok = parseRanges(text)
	return name, params["seed"], samples, ok
}

// parseSample reads the key of a sample's task; ok is false where it is one of
// another name or seed.
func (g *sampling) parseSample(key checkpointdb.Key) (index int64, ok bool) {
	var params map[string]any
	if json.Unmarshal(key.Params, &params) != nil {
		return 0, false
	}
	at, ok := params["index"].(float64)
	want := g.params("", nil)
	return int64(at), ok && params["name"] == want["name"] && params["seed"] == want["seed"]
}
