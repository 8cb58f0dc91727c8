package sandbox

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// A Frame is one line of a script on the way to an error.
type Frame struct {
	File     string
	Line     int
	Function string // its name, "main chunk", or "" if it has none
}

// An Explanation is an error of a script in the parts that a report shows.
type Explanation struct {
	// Message is what went wrong, without the position. It may have several
	// lines, the later ones hints.
	Message string
	// File and Line are where: the position in the message if it has one, else
	// the innermost line of a script. Line is 0 if unknown.
	File string
	Line int
	// Trace lists the lines of scripts that were being executed, innermost
	// first. Functions of the host are left out.
	Trace []Frame
}

// String is file:line: message.
func (e Explanation) String() string {
	if e.Line == 0 {
		return e.Message
	}
	return e.File + ":" + strconv.Itoa(e.Line) + ": " + e.Message
}

// Explain takes an error from Compile, or from a protected call into Lua,
// apart. It returns the zero Explanation for nil.
func Explain(err error) Explanation {
	if err == nil {
		return Explanation{}
	}
	var syntax *SyntaxError
	if errors.As(err, &syntax) {
		return Explanation{Message: syntax.Message, File: syntax.Chunk, Line: syntax.Line}
	}
	e, ok := asAPIError(err)
	if !ok {
		return Explanation{Message: err.Error()}
	}
	x := Explanation{Trace: parseTraceback(e.StackTrace)}
	message := errorText(e)
	where, text := splitPosition(message)
	x.Message = text
	if where != "" {
		x.File, x.Line = parsePosition(where)
	} else if len(x.Trace) > 0 {
		x.File, x.Line = x.Trace[0].File, x.Trace[0].Line
	}
	return x
}

// errorText is the message of an error value: a string, the field message of a
// table, or what kind of value it is.
func errorText(e *lua.ApiError) string {
	switch v := e.Object.(type) {
	case lua.LString:
		if string(v) == stackOverflow {
			return "stack overflow"
		}
		return standardMessage(string(v))
	case lua.LNumber:
		return formatNumber(float64(v))
	case *lua.LTable:
		if s, ok := plainString(v.RawGetString("message")); ok {
			return s
		}
	}
	return "error value: a " + e.Object.Type().String()
}

// The position before a message: anything that ends in a line number, or a
// chunk from a string.
var positionText = regexp.MustCompile(`^((?:\[string "[^\n]*?"\]|[^\n:]+):(\d+): ?)`)

// splitPosition splits "file:12: text" behind the position.
func splitPosition(message string) (where, text string) {
	where = positionText.FindString(message)
	return where, message[len(where):]
}

func parsePosition(where string) (file string, line int) {
	where = strings.TrimSuffix(strings.TrimRight(where, " "), ":")
	i := strings.LastIndexByte(where, ':')
	if i < 0 {
		return "", 0
	}
	line, err := strconv.Atoi(where[i+1:])
	if err != nil {
		return "", 0
	}
	return where[:i], line
}

// parseTraceback reads the traceback that gopher-lua writes, of which each line
// is "file:12: in function 'name'", "in main chunk" or alike.
func parseTraceback(traceback string) []Frame {
	const header = "stack traceback:\n"
	if i := strings.LastIndex(traceback, header); i >= 0 {
		traceback = traceback[i+len(header):]
	} else if traceback != "" {
		return nil
	}
	var frames []Frame
	for line := range strings.SplitSeq(traceback, "\n") {
		where, function, ok := strings.Cut(strings.TrimSpace(line), " in ")
		if !ok || strings.HasPrefix(where, "[G]") {
			continue
		}
		file, n := parsePosition(where)
		if n == 0 {
			continue
		}
		function = strings.TrimPrefix(function, "function ")
		function = strings.Trim(function, "'")
		if strings.HasPrefix(function, "<") || strings.HasPrefix(function, "(") {
			function = ""
		}
		frames = append(frames, Frame{file, n, function})
	}
	return frames
}
