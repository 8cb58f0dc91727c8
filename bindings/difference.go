package bindings

import (
	"fmt"
	"strings"

	"runlua/checkpointdb"
)

// describeDifferences says in lines of their own what two fingerprints do not
// share.
func describeDifferences(diff []checkpointdb.Difference) string {
	const most = 8
	var lines []string
	for i, d := range diff {
		if i == most {
			lines = append(lines, fmt.Sprintf("and %d more", len(diff)-most))
			break
		}
		lines = append(lines, describeDifference(d))
	}
	return indented(lines)
}

// describeDifference is one line: option --box: recorded 256, now 512.
func describeDifference(d checkpointdb.Difference) string {
	show := func(value string) string {
		if value == "" {
			return "absent"
		}
		if d.Kind == "task" || d.Kind == "file" {
			value = shortDigest(value)
		}
		if text := []rune(value); len(text) > 200 {
			return string(text[:200]) + "…"
		}
		return value
	}
	if d.Kind == "task" && d.Now != "" && shortDigest(d.Now) == d.Now {
		return fieldName(d.Kind, d.Name) + ", through " + d.Now // what has changed of that task
	}
	return fmt.Sprintf("%s: recorded %s, now %s", fieldName(d.Kind, d.Name), show(d.Recorded), show(d.Now))
}

// fieldName is how a field of a fingerprint is called in messages.
func fieldName(kind, name string) string {
	switch kind {
	case "code":
		return "code of " + name
	case "captured":
		return "captured value " + name
	case "fixed":
		return "fixed value " + name
	case "option":
		return "option --" + name
	case "task":
		if key, ok := parseTaskField(name); ok {
			return "result of " + key.String()
		}
	}
	return kind + " " + name
}

// shortDigest leaves of a digest what tells it from another.
func shortDigest(value string) string {
	digits := strings.TrimPrefix(value, "sha256:")
	if len(digits) != 64 || strings.Trim(digits, "0123456789abcdef") != "" {
		return value // such as what has changed of another task
	}
	return "SHA-256 " + digits[:12] + "…"
}
