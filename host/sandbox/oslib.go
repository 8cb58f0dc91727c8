package sandbox

import (
	"fmt"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
)

var osFuncs = map[string]lua.LGFunction{
	"clock":    osClock,
	"date":     osDate,
	"difftime": binary(func(t2, t1 float64) float64 { return t2 - t1 }),
	"time":     osTime,

	"execute": withheld("os.execute", "--allow-exec PROGRAM on the command line grants it"),
	"exit":    withheld("os.exit", "end the script by return, or by error(message)"),
	"getenv":  withheld("os.getenv", "declare an option, options{ name = {...} }, so that the run records its value"),
	"remove":  withheld("os.remove", "a script can't delete files"),
	"rename":  withheld("os.rename", "a script can't rename files"),
	"tmpname": withheld("os.tmpname", "write below the run directory"),
}

// ioFuncs say what stands in for the functions of standard Lua's io.
var ioFuncs = map[string]lua.LGFunction{
	"lines": withheld("io.lines", `use file.lines(path) of require "file"`),
	"open":  withheld("io.open", `read by file.read(path) or file.lines(path) of require "file", write by export.text(file, text) of require "export"`),
	"popen": withheld("io.popen", "a script can't read what another program prints"),
	"read":  withheld("io.read", "declare an option, options{ name = {...} }, so that the run records its value"),
	"write": withheld("io.write", `use print, or export.text(file, text) of require "export" for a file`),
}

var started = time.Now()

// osClock is the time in seconds since the program started.
func osClock(L *lua.LState) int {
	L.Push(lua.LNumber(time.Since(started).Seconds()))
	return 1
}

// osTime is the time now, or the local time that a table describes, in seconds
// since 1970.
func osTime(L *lua.LState) int {
	if L.Get(1) == lua.LNil {
		L.Push(lua.LNumber(time.Now().Unix()))
		return 1
	}
	t := checkTable(L, 1)
	field := func(name string, otherwise int) int {
		v, ok := toNumber(t.RawGetString(name))
		switch {
		case ok && v >= -1e9 && v <= 1e9:
			return int(v)
		case ok || otherwise < 0:
			L.RaiseError("field '%s' missing in date table, or out of range", name)
		}
		return otherwise
	}
	date := time.Date(field("year", -1), time.Month(field("month", -1)), field("day", -1),
		field("hour", 12), field("min", 0), field("sec", 0), 0, time.Local)
	L.Push(lua.LNumber(date.Unix()))
	return 1
}

// osDate is os.date(format, time): "*t" makes a table, a leading ! means UTC.
func osDate(L *lua.LState) int {
	format := optString(L, 1, "%c")
	t := time.Now()
	if L.Get(2) != lua.LNil {
		t = time.Unix(int64(checkInt(L, 2)), 0)
	}
	if utc := strings.HasPrefix(format, "!"); utc {
		format, t = format[1:], t.UTC()
	}
	if strings.HasPrefix(format, "*t") {
		L.Push(dateTable(L, t))
		return 1
	}
	L.Push(lua.LString(formatDate(format, t)))
	return 1
}

func dateTable(L *lua.LState, t time.Time) *lua.LTable {
	table := L.NewTable()
	for _, f := range []struct {
		name  string
		value int
	}{
		{"year", t.Year()}, {"month", int(t.Month())}, {"day", t.Day()},
		{"hour", t.Hour()}, {"min", t.Minute()}, {"sec", t.Second()},
		{"wday", int(t.Weekday()) + 1}, {"yday", t.YearDay()},
	} {
		table.RawSetString(f.name, lua.LNumber(f.value))
	}
	table.RawSetString("isdst", lua.LBool(t.IsDST()))
	return table
}

// dateLayouts are the conversions of strftime, in the C locale, as layouts of
// package time.
var dateLayouts = map[byte]string{
	'a': "Mon", 'A': "Monday", 'b': "Jan", 'B': "January", 'c': "Mon Jan _2 15:04:05 2006",
	'd': "02", 'D': "01/02/06", 'F': "2006-01-02", 'H': "15", 'I': "03", 'm': "01", 'M': "04",
	'p': "PM", 'S': "05", 'T': "15:04:05", 'x': "01/02/06", 'X': "15:04:05", 'y': "06", 'Y': "2006",
	'z': "-0700", 'Z': "MST",
}

func formatDate(format string, t time.Time) string {
	var out strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			out.WriteByte(format[i])
			continue
		}
		i++
		switch c := format[i]; c {
		case '%':
			out.WriteByte('%')
		case 'j':
			fmt.Fprintf(&out, "%03d", t.YearDay())
		case 'w':
			fmt.Fprint(&out, int(t.Weekday()))
		default:
			if layout, ok := dateLayouts[c]; ok {
				out.WriteString(t.Format(layout))
			} else {
				out.WriteString(format[i-1 : i+1])
			}
		}
	}
	return out.String()
}
