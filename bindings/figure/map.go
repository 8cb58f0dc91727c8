package figure

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"runlua/kernels/fmath"
)

// A Map is a square field of N×N values as colours. Data[i*N+j] belongs to row
// i, counted upwards along y, and column j along x, as grid.Project has it.
type Map struct {
	Data   []float64
	N      int
	Extent float64 // side, in the units of the axes
	// Centred values stand in the middle of cells; others at i·Extent/N, as the
	// points of a mesh do, and the field is periodic.
	Centred bool
	Log     bool
	Limits  *[2]float64 // of the colours; nil: of the data, without outliers
	Colours string      // a name of ColourMaps
	Label   string      // of the colour bar
	Sharp   bool        // cells as squares, without interpolation
	Circles []Circle
}

// A Circle is drawn on a map; what leaves one side comes in at the other.
type Circle struct{ X, Y, R float64 }

func (m *Map) check() error {
	if m.N < 2 || len(m.Data) != m.N*m.N {
		return fmt.Errorf("data must be a square of at least 2×2 values, got %d values for %d×%d", len(m.Data), m.N, m.N)
	}
	if !(m.Extent > 0) || math.IsInf(m.Extent, 0) {
		return fmt.Errorf("extent must be positive, got %v", m.Extent)
	}
	for i, v := range m.Data {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("data must be finite, got %v at [%d][%d]", v, i/m.N+1, i%m.N+1)
		}
		if m.Log && v <= 0 && m.Limits == nil {
			return fmt.Errorf("data must be above 0 for logarithmic colours, got %v at [%d][%d]: give limits = { lo, hi } to draw such values as lo", v, i/m.N+1, i%m.N+1)
		}
	}
	if l := m.Limits; l != nil && (!(l[0] < l[1]) || m.Log && l[0] <= 0) {
		return fmt.Errorf("limits must ascend, and be above 0 for logarithmic colours, got %v and %v", l[0], l[1])
	}
	if colourMaps[m.Colours] == nil {
		return fmt.Errorf("there is no colour map %q", m.Colours)
	}
	for i, c := range m.Circles {
		if math.IsNaN(c.X+c.Y) || math.IsInf(c.X+c.Y, 0) || !(c.R > 0) || !(c.R <= m.Extent/2) {
			return fmt.Errorf("circle %d must have a finite centre and a radius up to half the extent, got (%v, %v), %v", i+1, c.X, c.Y, c.R)
		}
	}
	return checkText("label", m.Label)
}

// limits are the values at the ends of the colours. Without any given, one
// value in 500 may lie beyond either end: the colour bar shows that by a point.
func (m *Map) limits() (lo, hi float64) {
	if m.Limits != nil {
		return m.Limits[0], m.Limits[1]
	}
	s := slices.Clone(m.Data)
	slices.Sort(s)
	lo, hi = s[len(s)/500], s[len(s)-1-len(s)/500]
	if lo == hi {
		lo, hi = s[0], s[len(s)-1]
	}
	if lo == hi {
		if m.Log {
			return lo / 2, hi * 2
		}
		return lo - 1, hi + 1
	}
	return lo, hi
}

// level is a value as the colours count it: its logarithm, for Log, with
// values up to the lower limit at that limit.
func (m *Map) level(v, lo float64) float64 {
	if m.Log {
		return fmath.Log(max(v, lo))
	}
	return v
}

// image draws the field with the given number of pixels a side. Colours are
// interpolated in the value, linearly, never in the colour.
func (m *Map) image(pixels int) image.Image {
	lo, hi := m.limits()
	levels := make([]float64, len(m.Data))
	for i, v := range m.Data {
		levels[i] = m.level(v, lo)
	}
	from, to := m.level(lo, lo), m.level(hi, lo)
	table := make([]color.RGBA, 1024)
	for i := range table {
		table[i] = colourMaps[m.Colours].at(float64(i) / float64(len(table)-1))
	}
	// For each pixel along an axis: two cells and the weight of the second.
	type sample struct {
		a, b int
		w    float64
	}
	n := m.N
	samples := make([]sample, pixels)
	for i := range samples {
		u := (float64(i) + 0.5) * float64(n) / float64(pixels)
		switch {
		case m.Sharp && m.Centred:
			samples[i] = sample{int(u), int(u), 0}
		case m.Sharp:
			k := int(u+0.5) % n
			samples[i] = sample{k, k, 0}
		case m.Centred:
			u = max(0, min(float64(n-1), u-0.5))
			k := int(u)
			samples[i] = sample{k, min(k+1, n-1), u - float64(k)}
		default:
			k := int(u)
			samples[i] = sample{k % n, (k + 1) % n, u - float64(k)}
		}
	}
	img := image.NewRGBA(image.Rect(0, 0, pixels, pixels))
	for py, sy := range samples {
		for px, sx := range samples {
			at := func(column, row int) float64 { return levels[row*n+column] }
			low := float64((1-sx.w)*at(sx.a, sy.a)) + float64(sx.w*at(sx.b, sy.a))
			high := float64((1-sx.w)*at(sx.a, sy.b)) + float64(sx.w*at(sx.b, sy.b))
			v := float64((1-sy.w)*low) + float64(sy.w*high)
			t := max(0, min(1, (v-from)/(to-from)))
			img.SetRGBA(px, pixels-1-py, table[int(float64(t*float64(len(table)-1))+0.5)])
		}
	}
	return img
}

// drawMap draws the field and its circles.
func (p *placed) drawMap(c draw.Canvas) {
	m := p.Map
	side := p.frame.Size().X
	c.DrawImage(p.frame, m.image(int(side.Dots(dpi)+0.5)))
	for _, circle := range m.Circles {
		for _, dx := range []float64{-m.Extent, 0, m.Extent} {
			for _, dy := range []float64{-m.Extent, 0, m.Extent} {
				p.drawCircle(c, circle.X+dx, circle.Y+dy, circle.R)
			}
		}
	}
}

func (p *placed) drawCircle(c draw.Canvas, x, y, r float64) {
	if x+r < 0 || x-r > p.Map.Extent || y+r < 0 || y-r > p.Map.Extent {
		return
	}
	const corners = 180
	pts := make([]vg.Point, corners+1)
	for i := range pts {
		sin, cos := fmath.Sincos(2 * math.Pi * float64(i%corners) / corners)
		pts[i] = p.point(x+float64(r*cos), y+float64(r*sin))
	}
	lines := c.ClipLinesXY(pts)
	c.StrokeLines(draw.LineStyle{Color: color.NRGBA{A: 0x90}, Width: 2.4}, lines...)
	c.StrokeLines(draw.LineStyle{Color: color.White, Width: 1.1}, lines...)
}

// A colourBar stands at the right of a map.
type colourBar struct {
	m            *Map
	scale        scale
	box          vg.Rectangle
	ticks        []tick
	times        string
	under, above bool // values beyond the ends
}

const (
	barWidth vg.Length = 13
	barGap   vg.Length = 11
	barPoint vg.Length = 10 // height of the point that stands for values beyond
)

func (m *Map) colourBar(frame vg.Rectangle) colourBar {
	lo, hi := m.limits()
	b := colourBar{m: m, under: slices.Min(m.Data) < lo, above: slices.Max(m.Data) > hi}
	x := frame.Max.X + barGap
	b.box = vg.Rectangle{Min: vg.Point{X: x, Y: frame.Min.Y}, Max: vg.Point{X: x + barWidth, Y: frame.Max.Y}}
	if b.under {
		b.box.Min.Y += barPoint
	}
	if b.above {
		b.box.Max.Y -= barPoint
	}
	b.scale = scale{lo: lo, hi: hi, log: m.Log, from: b.box.Min.Y, to: b.box.Max.Y}
	b.ticks, b.times = b.scale.ticks(int(b.box.Size().Y / 40))
	return b
}

// room is the width from the frame to the end of the bar's label.
func (b *colourBar) room() vg.Length {
	w := barGap + barWidth + majorTick + gap + max(widestLabel(b.ticks), textWidth(b.times, tickSize)-barWidth)
	if b.m.Label != "" {
		w += textHeight(b.m.Label, labelSize) + gap/2
	}
	return w
}

func (b *colourBar) draw(c draw.Canvas) {
	const steps = 512
	ramp := image.NewRGBA(image.Rect(0, 0, 1, steps))
	colours := colourMaps[b.m.Colours]
	for i := range steps {
		ramp.SetRGBA(0, steps-1-i, colours.at((float64(i)+0.5)/steps))
	}
	c.DrawImage(b.box, ramp)
	middle := centre(b.box).X
	outline := []vg.Point{b.box.Min}
	if b.under {
		tip := []vg.Point{b.box.Min, {X: b.box.Max.X, Y: b.box.Min.Y}, {X: middle, Y: b.box.Min.Y - barPoint}}
		c.FillPolygon(colours.at(0), tip)
		outline = append(outline, tip[2])
	}
	outline = append(outline, vg.Point{X: b.box.Max.X, Y: b.box.Min.Y}, b.box.Max)
	if b.above {
		tip := []vg.Point{b.box.Max, {X: b.box.Min.X, Y: b.box.Max.Y}, {X: middle, Y: b.box.Max.Y + barPoint}}
		c.FillPolygon(colours.at(1), tip)
		outline = append(outline, tip[2])
	}
	outline = append(outline, vg.Point{X: b.box.Min.X, Y: b.box.Max.Y}, b.box.Min)
	line := draw.LineStyle{Color: black, Width: frameLine}
	c.StrokeLines(line, outline)
	x := b.box.Max.X
	for _, t := range b.ticks {
		y := b.scale.at(t.value)
		c.StrokeLine2(line, x, y, x+tickLength(t), y)
		drawText(c, t.label, tickSize, vg.Point{X: x + majorTick + gap, Y: y}, align{0, 0.5}, false)
	}
	top := b.box.Max.Y + gap/2
	if b.above {
		top += barPoint
	}
	drawText(c, b.times, tickSize, vg.Point{X: b.box.Min.X, Y: top}, align{0, 0}, false)
	at := vg.Point{X: x + majorTick + 2*gap + widestLabel(b.ticks), Y: (b.box.Min.Y + b.box.Max.Y) / 2}
	drawText(c, b.m.Label, labelSize, at, align{0.5, 1}, true)
}
