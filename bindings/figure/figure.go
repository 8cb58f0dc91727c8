package figure

import (
	"bytes"
	"fmt"
	"io"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// dpi is the resolution of PNG files that do not ask for another, and of maps,
// pixels an inch.
const dpi = 200

// A Figure is one picture of one or more panels.
type Figure struct {
	Title         string
	Panels        []Panel
	Columns       int     // panels side by side; 0: at most two
	Width, Height float64 // inches of the whole picture; 0: what suits the panels
	DPI           int     // pixels an inch of a PNG file; 0: 200
}

// A Panel is one frame with its axes and what is drawn in it.
type Panel struct {
	Title    string
	X, Y     Axis
	Series   []Series
	Bars     []Bars
	Marks    []Mark
	Map      *Map
	NoLegend bool
	// Sequence colours the series in their order along a colour map instead of
	// by distinct colours, as for a parameter that grows from one to the next.
	Sequence bool
	// Spread draws the series a little to the side of each other, so that
	// error bars at the same x can be told apart.
	Spread bool
}

// An Axis is one direction of a panel. Limits nil are those of the data.
type Axis struct {
	Label  string
	Log    bool
	Limits *[2]float64
}

// Style says how the points of a Series are joined.
type Style string

// The styles of a Series.
const (
	Lines  Style = "line"
	Points Style = "points"
	Both   Style = "both"
	Step   Style = "step" // constant around each x, changing half-way to the next
	Band   Style = "band" // a band from y - yerr to y + yerr about the line
	Dots   Style = "dots" // small and clear, for points by the thousand
)

// A Series is one set of points. YErr nil stands for no error bars.
type Series struct {
	Label  string // in the legend; none without
	X, Y   []float64
	YErr   []float64
	Style  Style
	Colour string // a name of Colours or #rrggbb; "": the next one
	Dashed bool
}

// Bars is a histogram: Counts between Edges.
type Bars struct {
	Label  string
	Edges  []float64 // ascending, one more than Counts
	Counts []float64
	Colour string
}

// A Mark is a dashed line across the panel at a value of one axis.
type Mark struct {
	Value    float64
	Vertical bool
	Label    string
}

// Write draws the figure in the given format, "png" or "svg".
func (f *Figure) Write(w io.Writer, format string) error {
	if err := f.check(); err != nil {
		return err
	}
	width, height := f.size()
	switch format {
	case "png":
		pixels := dpi
		if f.DPI > 0 {
			pixels = f.DPI
		}
		canvas := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(pixels))
		f.draw(draw.New(canvas))
		_, err := vgimg.PngCanvas{Canvas: canvas}.WriteTo(w)
		return err
	case "svg":
		canvas := vgsvg.NewWith(vgsvg.UseWH(width, height))
		f.draw(draw.New(canvas))
		var b bytes.Buffer
		if _, err := canvas.WriteTo(&b); err != nil {
			return err
		}
		_, err := w.Write(mendSVG(b.Bytes()))
		return err
	}
	return fmt.Errorf("figure: there is no format %q", format)
}

// mendSVG mends what vgsvg says of embedded pictures: they are PNG, and fill
// their rectangle.
func mendSVG(svg []byte) []byte {
	svg = bytes.ReplaceAll(svg, []byte("data:image/jpg;base64"), []byte("data:image/png;base64"))
	return bytes.ReplaceAll(svg, []byte("<image "), []byte(`<image preserveAspectRatio="none" `))
}

// grid is the number of columns and rows of panels.
func (f *Figure) grid() (columns, rows int) {
	columns = f.Columns
	if columns == 0 {
		columns = 2
	}
	columns = min(columns, len(f.Panels))
	return columns, (len(f.Panels) + columns - 1) / columns
}

// size is the size of the picture in points.
func (f *Figure) size() (width, height vg.Length) {
	columns, rows := f.grid()
	w, h := 6.4, 4.6
	if columns > 1 {
		w, h = 5.7, 4.5
	}
	for _, p := range f.Panels {
		if p.Map != nil { // square, with room for its colour bar
			w, h = math.Max(w, 6.5), math.Max(h, 5.7)
		}
	}
	w, h = w*float64(columns), h*float64(rows)
	if f.Title != "" {
		h += 0.35
	}
	if f.Width > 0 {
		w = f.Width
	}
	if f.Height > 0 {
		h = f.Height
	}
	return vg.Length(w) * vg.Inch, vg.Length(h) * vg.Inch
}
