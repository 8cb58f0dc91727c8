package progress

import (
	"io"
	"os"

	"golang.org/x/term"
)

// A Rendering is a way of showing bars.
type Rendering int

const (
	// Auto is what [Detect] says of standard error.
	Auto Rendering = iota
	// Terminal redraws the bars in place below all that is printed. A
	// process may have one open board of it at a time, as uilive keeps the
	// terminal's width in unguarded package variables.
	Terminal
	// Plain writes a line now and then, without escape codes.
	Plain
	// Quiet shows no bars.
	Quiet
)

// String returns the name of the rendering in lower case.
func (r Rendering) String() string {
	switch r {
	case Auto:
		return "auto"
	case Terminal:
		return "terminal"
	case Plain:
		return "plain"
	case Quiet:
		return "quiet"
	}
	return "unknown"
}

// Detect chooses between Terminal and Plain for bars on the given stream:
// Terminal where it is a terminal that the environment doesn't speak against
// by NO_COLOR, TERM=dumb or no TERM. Getenv is os.Getenv or a stand-in.
func Detect(stderr io.Writer, getenv func(string) string) Rendering {
	file, ok := stderr.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) || getenv("NO_COLOR") != "" {
		return Plain
	}
	if t := getenv("TERM"); t == "" || t == "dumb" {
		return Plain
	}
	return Terminal
}

// terminalSize returns a function that asks the terminal behind w for its
// columns and rows, 80 and 24 where it doesn't tell.
func terminalSize(w io.Writer) func() (cols, rows int) {
	fd := -1
	if file, ok := w.(*os.File); ok {
		fd = int(file.Fd())
	}
	return func() (int, int) {
		if fd >= 0 {
			if cols, rows, err := term.GetSize(fd); err == nil && cols > 0 && rows > 0 {
				return cols, rows
			}
		}
		return 80, 24
	}
}

// sameDestination tells whether what is written to a and b meets: one
// terminal, one pipe, one file.
func sameDestination(a, b io.Writer) bool {
	fa, ok := a.(*os.File)
	fb, ok2 := b.(*os.File)
	if !ok || !ok2 {
		return a == b
	}
	sa, err := fa.Stat()
	if err != nil {
		return false
	}
	sb, err := fb.Stat()
	return err == nil && os.SameFile(sa, sb)
}
