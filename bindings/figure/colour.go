package figure

import (
	"fmt"
	"image/color"
	"slices"
	"strconv"
	"strings"
)

// A named colour of the palette of Okabe and Ito (Color Universal Design,
// 2008), whose colours readers with any colour vision tell apart.
type named struct {
	name string
	rgb  color.RGBA
}

// distinct are the colours of series in their order; names for scripts.
var distinct = []named{
	{"blue", rgb(0x0072b2)},
	{"vermillion", rgb(0xd55e00)},
	{"green", rgb(0x009e73)},
	{"purple", rgb(0xcc79a7)},
	{"orange", rgb(0xe69f00)},
	{"sky", rgb(0x56b4e9)},
	{"black", rgb(0x1a1a1a)},
}

var grey = rgb(0x8c8c8c)

func rgb(hex uint32) color.RGBA {
	return color.RGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

// Colours lists the names that a series' colour may have.
func Colours() []string {
	var names []string
	for _, d := range distinct {
		names = append(names, d.name)
	}
	return append(names, "grey")
}

// colourOf is the colour of a name or of #rrggbb.
func colourOf(name string) (color.RGBA, error) {
	if name == "" || name == "grey" {
		return grey, nil
	}
	if i := slices.IndexFunc(distinct, func(d named) bool { return d.name == name }); i >= 0 {
		return distinct[i].rgb, nil
	}
	if hex, ok := strings.CutPrefix(name, "#"); ok && len(hex) == 6 {
		if v, err := strconv.ParseUint(hex, 16, 32); err == nil {
			return rgb(uint32(v)), nil
		}
	}
	return color.RGBA{}, fmt.Errorf("colour must be #rrggbb or one of %s, got %q", strings.Join(Colours(), ", "), name)
}

// seriesColour is the colour of series i of n: its own, else the i-th of the
// distinct ones, or of a colour map where the series are a sequence or too many.
func seriesColour(name string, i, n int, sequence bool) color.RGBA {
	if name != "" {
		c, _ := colourOf(name)
		return c
	}
	if sequence || n > len(distinct) {
		// The last tenth of viridis is too light for lines on white.
		return colourMaps["viridis"].at(0.9 * float64(i) / float64(max(n-1, 1)))
	}
	return distinct[i%len(distinct)].rgb
}

// faded is a colour mixed with white, as transparent ink would look on white.
func faded(c color.RGBA, part float64) color.RGBA {
	mix := func(v uint8) uint8 { return uint8(255 - float64(part*(255-float64(v))) + 0.5) }
	return color.RGBA{mix(c.R), mix(c.G), mix(c.B), 0xff}
}

// clear is a colour that lets a part of what is below shine through.
func clear(c color.RGBA, opacity float64) color.NRGBA {
	return color.NRGBA{c.R, c.G, c.B, uint8(255*opacity + 0.5)}
}
