package figure

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
)

// Sizes of text in points.
const (
	titleSize  vg.Length = 13
	labelSize  vg.Length = 12
	tickSize   vg.Length = 10.5
	legendSize vg.Length = 10.5
)

// Raised and lowered text: its size, and where its baseline is, in units of
// the size of the text around it.
const (
	scriptSize vg.Length = 0.72
	raise      vg.Length = 0.36
	lower      vg.Length = -0.16
)

// scripts maps Unicode's raised and lowered characters, of which few fonts have
// all, to the plain ones that are drawn small and shifted.
var raised, lowered = pairs("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", "0123456789+−=()ni"),
	pairs("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+−=()aehijklmnoprstuvx")

func pairs(from, to string) map[rune]rune {
	m, plain := map[rune]rune{}, []rune(to)
	for i, r := range []rune(from) {
		m[r] = plain[i]
	}
	return m
}

// A run is a piece of a line that is drawn at one size and height.
type run struct {
	text  string
	scale vg.Length
	shift vg.Length
}

// runs splits a line at raised and lowered characters.
func runs(line string) []run {
	var out []run
	for _, r := range line {
		next := run{scale: 1}
		if p, ok := raised[r]; ok {
			r, next.scale, next.shift = p, scriptSize, raise
		} else if p, ok := lowered[r]; ok {
			r, next.scale, next.shift = p, scriptSize, lower
		}
		if n := len(out); n > 0 && out[n-1].shift == next.shift {
			out[n-1].text += string(r)
			continue
		}
		next.text = string(r)
		out = append(out, next)
	}
	return out
}

// checkText reports a character that the font does not have.
func checkText(what, text string) error {
	if text == "" {
		return nil
	}
	for _, piece := range runs(text) {
		for _, r := range piece.text {
			if r != '\n' && glyphOf(r).missing {
				return fmt.Errorf("%s %q holds the character %q (%U), which the font does not have", what, text, r, r)
			}
		}
	}
	return nil
}

// textWidth is the width of the widest line.
func textWidth(text string, size vg.Length) vg.Length {
	var widest vg.Length
	for _, line := range strings.Split(text, "\n") {
		var w vg.Length
		for _, r := range runs(line) {
			w += lineWidth(r.text, size*r.scale)
		}
		widest = max(widest, w)
	}
	return widest
}

const lineSpacing vg.Length = 1.25

// textHeight is the height of the lines, from the descent of the last to the
// ascent of the first.
func textHeight(text string, size vg.Length) vg.Length {
	if text == "" {
		return 0
	}
	return size * (ascent + descent + lineSpacing*vg.Length(strings.Count(text, "\n")))
}

// Where text stands about its point: 0 begins or stands on it, 0.5 is centred,
// 1 ends or hangs from it.
type align struct{ x, y vg.Length }

var black = color.Gray{Y: 0x1a}

// drawText draws text about a point. Upright text reads upwards: its line runs
// along y, and align is meant along and across the line.
func drawText(c vg.Canvas, text string, size vg.Length, at vg.Point, a align, upright bool) {
	if text == "" {
		return
	}
	c.SetColor(black)
	if upright {
		c.Push()
		defer c.Pop()
		c.Rotate(math.Pi / 2)
		at = vg.Point{X: at.Y, Y: -at.X}
	}
	lines := strings.Split(text, "\n")
	baseline := at.Y - a.y*textHeight(text, size) + size*descent + size*lineSpacing*vg.Length(len(lines)-1)
	for _, line := range lines {
		x := at.X - a.x*textWidth(line, size)
		for _, r := range runs(line) {
			x += fillLine(c, r.text, size*r.scale, vg.Point{X: x, Y: baseline + r.shift*size})
		}
		baseline -= size * lineSpacing
	}
}
