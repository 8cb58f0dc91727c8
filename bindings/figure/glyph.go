package figure

import (
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/vg"
)

// Liberation Sans reaches this far above and below the baseline, in units of
// the text's size.
const (
	ascent  vg.Length = 0.905
	descent vg.Length = 0.212
)

// A glyph is a letter with its outline in units of the text's size. Text is
// drawn as outlines, so that a picture looks the same wherever it is shown,
// with or without the font.
type glyph struct {
	index   sfnt.GlyphIndex
	outline vg.Path
	advance vg.Length
	missing bool // from the font
}

// typefaces is the font and the letters used so far.
type typefaces struct {
	mu     sync.Mutex
	font   *sfnt.Font
	buf    sfnt.Buffer
	glyphs map[rune]*glyph
}

// sans parses the font at the first use.
var sans = sync.OnceValue(func() *typefaces {
	f, err := sfnt.Parse(liberationsansregular.TTF)
	if err != nil {
		panic("figure: the font that is compiled in: " + err.Error())
	}
	return &typefaces{font: f, glyphs: map[rune]*glyph{}}
})

// scale is the font's resolution: the text's size in fixed-point font units.
func (t *typefaces) scale() fixed.Int26_6 { return fixed.I(int(t.font.UnitsPerEm())) }

func (t *typefaces) length(x fixed.Int26_6) vg.Length {
	return vg.Length(x) / vg.Length(t.scale())
}

func glyphOf(r rune) *glyph {
	t := sans()
	t.mu.Lock()
	defer t.mu.Unlock()
	g, ok := t.glyphs[r]
	if !ok {
		g = t.load(r)
		t.glyphs[r] = g
	}
	return g
}

func (t *typefaces) load(r rune) *glyph {
	index, err := t.font.GlyphIndex(&t.buf, r)
	if err != nil || index == 0 {
		return &glyph{missing: true}
	}
	g := &glyph{index: index}
	advance, err := t.font.GlyphAdvance(&t.buf, index, t.scale(), font.HintingNone)
	if err != nil {
		return &glyph{missing: true}
	}
	g.advance = t.length(advance)
	segments, err := t.font.LoadGlyph(&t.buf, index, t.scale(), nil)
	if err != nil {
		return &glyph{missing: true}
	}
	at := func(p fixed.Point26_6) vg.Point { return vg.Point{X: t.length(p.X), Y: -t.length(p.Y)} }
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if len(g.outline) > 0 {
				g.outline.Close()
			}
			g.outline.Move(at(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			g.outline.Line(at(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			g.outline.QuadTo(at(s.Args[0]), at(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			g.outline.CubeTo(at(s.Args[0]), at(s.Args[1]), at(s.Args[2]))
		}
	}
	if len(g.outline) > 0 {
		g.outline.Close()
	}
	return g
}

// kern is the distance to add between two letters, in units of the size.
func kern(a, b *glyph) vg.Length {
	t := sans()
	t.mu.Lock()
	defer t.mu.Unlock()
	k, err := t.font.Kern(&t.buf, a.index, b.index, t.scale(), font.HintingNone)
	if err != nil { // the font has none for the pair
		return 0
	}
	return t.length(k)
}

// spell walks through the letters of a line with their distances from its
// beginning, and returns its width, both in units of the size.
func spell(line string, visit func(g *glyph, x vg.Length)) vg.Length {
	var x vg.Length
	var last *glyph
	for _, r := range line {
		g := glyphOf(r)
		if last != nil {
			x += kern(last, g)
		}
		visit(g, x)
		x += g.advance
		last = g
	}
	return x
}

func lineWidth(line string, size vg.Length) vg.Length {
	return size * spell(line, func(*glyph, vg.Length) {})
}

// fillLine fills the letters of a line that begins at a point of the baseline
// and returns its width.
func fillLine(c vg.Canvas, line string, size vg.Length, from vg.Point) vg.Length {
	var path vg.Path
	width := spell(line, func(g *glyph, x vg.Length) {
		place := func(p vg.Point) vg.Point {
			return vg.Point{X: from.X + size*(x+p.X), Y: from.Y + size*p.Y}
		}
		for _, comp := range g.outline {
			comp.Pos = place(comp.Pos)
			control := make([]vg.Point, len(comp.Control))
			for i, p := range comp.Control {
				control[i] = place(p)
			}
			comp.Control = control
			path = append(path, comp)
		}
	})
	if len(path) > 0 {
		c.Fill(path)
	}
	return size * width
}
