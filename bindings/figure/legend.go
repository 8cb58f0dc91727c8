package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sizes of a legend in points.
const (
	sampleWidth vg.Length = 22
	sampleGap   vg.Length = 6
	legendPad   vg.Length = 5
	legendLine  vg.Length = 15
)

// A legend is a block of samples with their labels.
type legend struct {
	entries       []entry
	width, height vg.Length
	corner        vg.Point // lower left
}

type entry struct {
	label  string
	sample func(c draw.Canvas, box vg.Rectangle)
}

// makeLegend lists what has a label.
func (p *placed) makeLegend() legend {
	var l legend
	if p.NoLegend || p.Map != nil {
		return l
	}
	for i := range p.Series {
		if s := &p.Series[i]; s.Label != "" {
			l.entries = append(l.entries, entry{s.Label, p.seriesSample(i)})
		}
	}
	for i := range p.Bars {
		if b := &p.Bars[i]; b.Label != "" {
			l.entries = append(l.entries, entry{b.Label, boxSample(p.barColour(i))})
		}
	}
	for _, m := range p.Marks {
		if m.Label != "" {
			l.entries = append(l.entries, entry{m.Label, lineSample(draw.LineStyle{Color: grey, Width: 1, Dashes: []vg.Length{4, 3}})})
		}
	}
	for _, e := range l.entries {
		l.width = max(l.width, textWidth(e.label, legendSize))
	}
	l.width += sampleWidth + sampleGap + 2*legendPad
	l.height = legendLine*vg.Length(len(l.entries)) + 2*legendPad
	return l
}

func lineSample(line draw.LineStyle) func(draw.Canvas, vg.Rectangle) {
	return func(c draw.Canvas, box vg.Rectangle) {
		y := centre(box).Y
		c.StrokeLine2(line, box.Min.X, y, box.Max.X, y)
	}
}

func boxSample(col color.RGBA) func(draw.Canvas, vg.Rectangle) {
	return func(c draw.Canvas, box vg.Rectangle) {
		box.Min.Y, box.Max.Y = centre(box).Y-4, centre(box).Y+4
		c.SetColor(faded(col, 0.3))
		c.Fill(box.Path())
		c.SetLineStyle(draw.LineStyle{Color: col, Width: seriesLine})
		c.Stroke(box.Path())
	}
}

func (p *placed) seriesSample(i int) func(draw.Canvas, vg.Rectangle) {
	s, col, line := &p.Series[i], p.colour(i), p.lineStyle(i)
	return func(c draw.Canvas, box vg.Rectangle) {
		middle := centre(box)
		if s.Style == Band {
			band := box
			band.Min.Y, band.Max.Y = middle.Y-4, middle.Y+4
			c.SetColor(faded(col, 0.22))
			c.Fill(band.Path())
		}
		if hasLine(s.Style) {
			lineSample(line)(c, box)
		}
		if s.YErr != nil && s.Style != Band {
			const half = 5
			bar := draw.LineStyle{Color: col, Width: errorLine}
			c.StrokeLine2(bar, middle.X, middle.Y-half, middle.X, middle.Y+half)
			c.StrokeLine2(bar, middle.X-capHalf, middle.Y-half, middle.X+capHalf, middle.Y-half)
			c.StrokeLine2(bar, middle.X-capHalf, middle.Y+half, middle.X+capHalf, middle.Y+half)
		}
		if hasPoints(s.Style) {
			drawMarker(&c, i, col, middle)
		}
		if s.Style == Dots {
			drawDot(&c, col, middle)
		}
	}
}

// findPlace puts the legend where it covers no data: into a corner, else to
// the middle of a side. It reports whether there is such a place.
func (l *legend) findPlace(p *placed) bool {
	const inset = majorTick + 4
	f := p.frame
	left, right := f.Min.X+inset, f.Max.X-inset-l.width
	low, high := f.Min.Y+inset, f.Max.Y-inset-l.height
	if left > right || low > high {
		return false
	}
	half := (left + right) / 2
	middle := (low + high) / 2
	busy := p.obstacles()
	for _, corner := range []vg.Point{
		{X: right, Y: high}, {X: left, Y: high}, {X: right, Y: low}, {X: left, Y: low},
		{X: half, Y: high}, {X: half, Y: low}, {X: right, Y: middle}, {X: left, Y: middle},
	} {
		const clearance = 4
		free := true
		for _, at := range busy {
			if at.X > corner.X-clearance && at.X < corner.X+l.width+clearance && at.Y > corner.Y-clearance && at.Y < corner.Y+l.height+clearance {
				free = false
				break
			}
		}
		if free {
			l.corner = corner
			return true
		}
	}
	return false
}

// putOutside puts the legend to the right of the frame, at its upper end.
func (l *legend) putOutside(p *placed) {
	l.corner = vg.Point{X: p.frame.Max.X + gap, Y: p.frame.Max.Y - l.height}
}

// obstacles are points, closely spaced, of all that a legend must not cover.
func (p *placed) obstacles() []vg.Point {
	const spacing = 3
	var out []vg.Point
	along := func(a, b vg.Point) {
		dx, dy := float64(b.X-a.X), float64(b.Y-a.Y)
		n := min(int(math.Max(math.Abs(dx), math.Abs(dy))/spacing)+1, 2000)
		for i := 0; i <= n; i++ {
			t := vg.Length(i) / vg.Length(n)
			out = append(out, vg.Point{X: a.X + t*(b.X-a.X), Y: a.Y + t*(b.Y-a.Y)})
		}
	}
	for i := range p.Series {
		s := &p.Series[i]
		path := p.path(i)
		for k, at := range path {
			out = append(out, at)
			if k > 0 && hasLine(s.Style) {
				along(path[k-1], at)
			}
		}
		for k := range s.YErr {
			along(p.errorEnds(i, k))
		}
	}
	for i := range p.Bars {
		b := &p.Bars[i]
		top := p.outline(b)
		for k := 1; k+1 < len(top); k += 2 {
			for x := top[k].X; ; x += spacing {
				x = min(x, top[k+1].X)
				along(vg.Point{X: x, Y: p.frame.Min.Y}, vg.Point{X: x, Y: top[k].Y})
				if x >= top[k+1].X {
					break
				}
			}
		}
	}
	for _, m := range p.Marks {
		if m.Vertical {
			along(vg.Point{X: p.x.at(m.Value), Y: p.frame.Min.Y}, vg.Point{X: p.x.at(m.Value), Y: p.frame.Max.Y})
		} else {
			along(vg.Point{X: p.frame.Min.X, Y: p.y.at(m.Value)}, vg.Point{X: p.frame.Max.X, Y: p.y.at(m.Value)})
		}
	}
	return out
}

func (l *legend) draw(c draw.Canvas) {
	for i, e := range l.entries {
		y := l.corner.Y + l.height - legendPad - legendLine*(vg.Length(i)+0.5)
		x := l.corner.X + legendPad
		e.sample(c, vg.Rectangle{Min: vg.Point{X: x, Y: y - legendLine/2}, Max: vg.Point{X: x + sampleWidth, Y: y + legendLine/2}})
		drawText(c, e.label, legendSize, vg.Point{X: x + sampleWidth + sampleGap, Y: y}, align{0, 0.5}, false)
	}
}
