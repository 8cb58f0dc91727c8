package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Lines and markers in points.
const (
	seriesLine  vg.Length = 1.6
	errorLine   vg.Length = 1.1
	capHalf     vg.Length = 2.6
	markRadius  vg.Length = 3.1
	markOutline vg.Length = 0.8
	spreadStep  vg.Length = 4
	dotRadius   vg.Length = 1.5
)

// spans is the range of all that the panel shows.
func (p *Panel) spans() (x, y span) {
	x, y = emptySpan(), emptySpan()
	for _, s := range p.Series {
		for i := range s.X {
			x.add(s.X[i])
			y.add(s.Y[i])
			if s.YErr != nil {
				y.add(s.Y[i] + s.YErr[i])
				low := s.Y[i] - s.YErr[i]
				if p.Y.Log { // a long way down is no reason to squeeze the rest
					low = max(low, s.Y[i]/5)
				}
				y.add(low)
			}
		}
		if s.Style == Step {
			edges := stepEdges(s.X, p.X.Log)
			x.add(edges[0])
			x.add(edges[len(edges)-1])
		}
	}
	for _, b := range p.Bars {
		x.add(b.Edges[0])
		x.add(b.Edges[len(b.Edges)-1])
		for _, n := range b.Counts {
			if p.Y.Log && n > 0 {
				y.add(n)
				y.add(n / 2)
			} else if !p.Y.Log {
				y.add(0)
				y.add(n)
			}
		}
	}
	if y.lo > y.hi { // a logarithmic histogram of nothing
		y = span{0.5, 1}
	}
	for _, m := range p.Marks {
		if m.Vertical {
			x.add(m.Value)
		} else {
			y.add(m.Value)
		}
	}
	return x, y
}

// stepEdges are the x where a step curve changes: half-way between its points,
// and as far beyond the first and the last.
func stepEdges(x []float64, log bool) []float64 {
	middle := func(a, b float64) float64 {
		if log {
			return math.Sqrt(a) * math.Sqrt(b)
		}
		return a/2 + b/2
	}
	edges := make([]float64, len(x)+1)
	for i := 1; i < len(x); i++ {
		edges[i] = middle(x[i-1], x[i])
	}
	n := len(x)
	switch {
	case n == 1 && log:
		edges[0], edges[1] = x[0]/1.1, x[0]*1.1
	case n == 1:
		edges[0], edges[1] = x[0]-0.5, x[0]+0.5
	case log:
		edges[0], edges[n] = x[0]/edges[1]*x[0], x[n-1]/edges[n-1]*x[n-1]
	default:
		edges[0], edges[n] = x[0]+(x[0]-edges[1]), x[n-1]+(x[n-1]-edges[n-1])
	}
	return edges
}

// aside is how far series i is drawn beside its place.
func (p *placed) aside(i int) vg.Length {
	if !p.Spread {
		return 0
	}
	return (vg.Length(i) - vg.Length(len(p.Series)-1)/2) * spreadStep
}

// path is the line of series k on the canvas.
func (p *placed) path(k int) []vg.Point {
	s := &p.Series[k]
	var pts []vg.Point
	if s.Style == Step {
		edges := stepEdges(s.X, p.X.Log)
		for i, y := range s.Y {
			pts = append(pts, p.point(edges[i], y), p.point(edges[i+1], y))
		}
		return pts
	}
	for i := range s.X {
		pts = append(pts, p.point(s.X[i], s.Y[i]).Add(vg.Point{X: p.aside(k)}))
	}
	return pts
}

func (p *placed) point(x, y float64) vg.Point { return vg.Point{X: p.x.at(x), Y: p.y.at(y)} }

// errorEnds are the ends of the error bar of point i of series k; a lower one
// that is not on a logarithmic axis is below the frame.
func (p *placed) errorEnds(k, i int) (low, high vg.Point) {
	s := &p.Series[k]
	high = p.point(s.X[i], s.Y[i]+s.YErr[i]).Add(vg.Point{X: p.aside(k)})
	if v := s.Y[i] - s.YErr[i]; v > 0 || !p.Y.Log {
		return vg.Point{X: high.X, Y: p.y.at(v)}, high
	}
	return vg.Point{X: high.X, Y: p.frame.Min.Y - 100}, high
}

func (p *placed) colour(i int) color.RGBA {
	return seriesColour(p.Series[i].Colour, i, len(p.Series), p.Sequence)
}

func (p *placed) lineStyle(i int) draw.LineStyle {
	s := draw.LineStyle{Color: p.colour(i), Width: seriesLine}
	if p.Series[i].Dashed {
		s.Dashes = []vg.Length{5, 3}
	}
	return s
}

func hasLine(s Style) bool   { return s != Points && s != Dots }
func hasPoints(s Style) bool { return s == Points || s == Both }

// drawSeries draws bands, then lines, then error bars, then points.
func (p *placed) drawSeries(c draw.Canvas) {
	for i, s := range p.Series {
		if s.Style == Band {
			p.drawBand(c, i)
		}
	}
	for i, s := range p.Series {
		if hasLine(s.Style) {
			c.StrokeLines(p.lineStyle(i), c.ClipLinesXY(p.path(i))...)
		}
	}
	for i, s := range p.Series {
		if s.YErr != nil && s.Style != Band {
			p.drawErrors(c, i)
		}
		if hasPoints(s.Style) {
			for _, at := range p.path(i) {
				if c.Contains(at) {
					drawMarker(&c, i, p.colour(i), at)
				}
			}
		}
		if s.Style == Dots {
			for _, at := range p.path(i) {
				if c.Contains(at) {
					drawDot(&c, clear(p.colour(i), 0.5), at)
				}
			}
		}
	}
}

func (p *placed) drawBand(c draw.Canvas, k int) {
	var upper, lower []vg.Point
	for i := range p.Series[k].X {
		low, high := p.errorEnds(k, i)
		upper, lower = append(upper, high), append(lower, low)
	}
	for i := len(lower) - 1; i >= 0; i-- {
		upper = append(upper, lower[i])
	}
	c.FillPolygon(clear(p.colour(k), 0.22), c.ClipPolygonXY(upper))
}

func (p *placed) drawErrors(c draw.Canvas, k int) {
	line := draw.LineStyle{Color: p.colour(k), Width: errorLine}
	for i := range p.Series[k].X {
		low, high := p.errorEnds(k, i)
		caps := func(at vg.Point) []vg.Point {
			return []vg.Point{{X: at.X - capHalf, Y: at.Y}, {X: at.X + capHalf, Y: at.Y}}
		}
		c.StrokeLines(line, c.ClipLinesXY([]vg.Point{low, high}, caps(low), caps(high))...)
	}
}

// The markers of series in their order, as polygons about 0 of radius about 1;
// nil is a circle.
var markers = [][]vg.Point{
	nil,
	{{X: -0.88, Y: -0.88}, {X: 0.88, Y: -0.88}, {X: 0.88, Y: 0.88}, {X: -0.88, Y: 0.88}},
	{{X: -1.05, Y: -0.75}, {X: 1.05, Y: -0.75}, {X: 0, Y: 1.2}},
	{{X: 0, Y: -1.3}, {X: 1.05, Y: 0}, {X: 0, Y: 1.3}, {X: -1.05, Y: 0}},
	{{X: -1.05, Y: 0.75}, {X: 1.05, Y: 0.75}, {X: 0, Y: -1.2}},
}

// drawMarker draws the marker of series i with a thin white outline, which
// keeps points apart that touch.
func drawMarker(c *draw.Canvas, i int, col color.RGBA, at vg.Point) {
	shape := markers[i%len(markers)]
	for _, layer := range []struct {
		color.Color
		radius vg.Length
	}{{color.White, markRadius + markOutline}, {col, markRadius}} {
		if shape == nil {
			draw.CircleGlyph{}.DrawGlyph(withColour(c, layer.Color), draw.GlyphStyle{Color: layer.Color, Radius: layer.radius}, at)
			continue
		}
		pts := make([]vg.Point, len(shape))
		for k, q := range shape {
			pts[k] = at.Add(vg.Point{X: q.X * layer.radius, Y: q.Y * layer.radius})
		}
		c.FillPolygon(layer.Color, pts)
	}
}

// drawDot draws a dot, which shows where others lie below it.
func drawDot(c *draw.Canvas, col color.Color, at vg.Point) {
	draw.CircleGlyph{}.DrawGlyph(withColour(c, col), draw.GlyphStyle{Color: col, Radius: dotRadius}, at)
}

func withColour(c *draw.Canvas, col color.Color) *draw.Canvas {
	c.SetColor(col)
	return c
}

// drawMarks draws dashed lines across the frame.
func (p *placed) drawMarks(c draw.Canvas) {
	line := draw.LineStyle{Color: grey, Width: 1, Dashes: []vg.Length{4, 3}}
	for _, m := range p.Marks {
		var ends []vg.Point
		if m.Vertical {
			x := p.x.at(m.Value)
			ends = []vg.Point{{X: x, Y: p.frame.Min.Y}, {X: x, Y: p.frame.Max.Y}}
		} else {
			y := p.y.at(m.Value)
			ends = []vg.Point{{X: p.frame.Min.X, Y: y}, {X: p.frame.Max.X, Y: y}}
		}
		c.StrokeLines(line, c.ClipLinesXY(ends)...)
	}
}

func (p *placed) barColour(i int) color.RGBA {
	return seriesColour(p.Bars[i].Colour, i, len(p.Bars), p.Sequence)
}

// outline is the upper edge of a histogram; a bin of none goes below the frame
// of a logarithmic axis.
func (p *placed) outline(b *Bars) []vg.Point {
	height := func(n float64) vg.Length {
		if p.Y.Log && n <= 0 {
			return p.frame.Min.Y - 100
		}
		return p.y.at(n)
	}
	floor := p.frame.Min.Y - 100
	if !p.Y.Log {
		floor = p.y.at(0)
	}
	pts := []vg.Point{{X: p.x.at(b.Edges[0]), Y: floor}}
	for i, n := range b.Counts {
		y := height(n)
		pts = append(pts, vg.Point{X: p.x.at(b.Edges[i]), Y: y}, vg.Point{X: p.x.at(b.Edges[i+1]), Y: y})
	}
	return append(pts, vg.Point{X: p.x.at(b.Edges[len(b.Edges)-1]), Y: floor})
}

// drawBars fills histograms with light colour, then draws their outlines, so
// that none hides another.
func (p *placed) drawBars(c draw.Canvas) {
	for i := range p.Bars {
		c.FillPolygon(clear(p.barColour(i), 0.3), c.ClipPolygonXY(p.outline(&p.Bars[i])))
	}
	for i := range p.Bars {
		line := draw.LineStyle{Color: p.barColour(i), Width: seriesLine}
		c.StrokeLines(line, c.ClipLinesXY(p.outline(&p.Bars[i]))...)
	}
}
