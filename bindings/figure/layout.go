package figure

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Distances in points.
const (
	edge      vg.Length = 7   // between the picture's edge and its content
	gap       vg.Length = 5   // between ticks and their labels, and a label
	majorTick vg.Length = 5.5 // lengths of ticks
	minorTick vg.Length = 3
	frameLine vg.Length = 0.8
)

// margins is the room around a frame.
type margins struct{ left, right, bottom, top vg.Length }

// A placed panel knows its frame and scales.
type placed struct {
	*Panel
	cell, frame    vg.Rectangle
	x, y           scale
	xTicks, yTicks []tick
	xTimes, yTimes string // powers of ten left out of tick labels
	legend         legend
	bar            colourBar // of a map
}

// draw draws the whole figure.
func (f *Figure) draw(c draw.Canvas) {
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	area := c.Rectangle
	if f.Title != "" {
		drawText(c, f.Title, titleSize+1, vg.Point{X: centre(area).X, Y: area.Max.Y - edge}, align{0.5, 1}, false)
		area.Max.Y -= textHeight(f.Title, titleSize+1) + edge
	}
	for _, p := range f.place(area) {
		p.draw(c)
	}
}

// place lays the panels out. All frames get the margins of the panel that
// needs most, so that they are of one size and in line.
func (f *Figure) place(area vg.Rectangle) []*placed {
	columns, rows := f.grid()
	size := area.Size()
	w, h := size.X/vg.Length(columns), size.Y/vg.Length(rows)
	panels := make([]*placed, len(f.Panels))
	for i := range panels {
		corner := vg.Point{X: area.Min.X + w*vg.Length(i%columns), Y: area.Max.Y - h*vg.Length(i/columns+1)}
		p := &placed{Panel: &f.Panels[i], cell: vg.Rectangle{Min: corner, Max: corner.Add(vg.Point{X: w, Y: h})}}
		// Ticks depend a little on the frame's size: begin with a likely one.
		p.setFrame(margins{65, 15, 50, 25})
		panels[i] = p
	}
	outside := make([]vg.Length, len(panels))
	for range 2 {
		var room margins
		for i, p := range panels {
			m := p.margins()
			room.left, room.right = max(room.left, m.left), max(room.right, m.right+outside[i])
			room.bottom, room.top = max(room.bottom, m.bottom), max(room.top, m.top)
		}
		crowded := false
		for i, p := range panels {
			p.setFrame(room)
			p.legend = p.makeLegend()
			if len(p.legend.entries) > 0 && outside[i] == 0 && !p.legend.findPlace(p) {
				outside[i] = p.legend.width + 2*gap
				crowded = true
			}
			if outside[i] > 0 {
				p.legend.putOutside(p)
			}
		}
		if !crowded {
			break
		}
	}
	return panels
}

func centre(r vg.Rectangle) vg.Point {
	return vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}
}

// setFrame fits the frame into the cell and the scales into the frame.
func (p *placed) setFrame(m margins) {
	p.frame = vg.Rectangle{
		Min: vg.Point{X: p.cell.Min.X + m.left, Y: p.cell.Min.Y + m.bottom},
		Max: vg.Point{X: p.cell.Max.X - m.right, Y: p.cell.Max.Y - m.top},
	}
	if p.Map != nil {
		// A map's frame is square, centred in what there is.
		size := p.frame.Size()
		side := min(size.X, size.Y)
		p.frame.Min = p.frame.Min.Add(vg.Point{X: (size.X - side) / 2, Y: (size.Y - side) / 2})
		p.frame.Max = p.frame.Min.Add(vg.Point{X: side, Y: side})
	}
	xs, ys := p.spans()
	size := p.frame.Size()
	p.x = scale{log: p.X.Log, from: p.frame.Min.X, to: p.frame.Max.X}
	p.y = scale{log: p.Y.Log, from: p.frame.Min.Y, to: p.frame.Max.Y}
	if p.Map != nil {
		p.x.hi, p.y.hi = p.Map.Extent, p.Map.Extent
		p.bar = p.Map.colourBar(p.frame)
	} else {
		p.x.lo, p.x.hi = p.X.limits(xs, 0.04)
		p.y.lo, p.y.hi = p.Y.limits(ys, 0.07)
		if len(p.Bars) > 0 && !p.Y.Log && p.Y.Limits == nil && ys.lo == 0 {
			p.y.lo = 0
		}
	}
	p.xTicks, p.xTimes = p.x.ticksAlong()
	p.yTicks, p.yTimes = p.y.ticks(int(size.Y / 40))
}

// margins is the room that the panel's labels take.
func (p *placed) margins() margins {
	line := textHeight("0", tickSize)
	m := margins{
		left:   edge + p.tickRoom() + widestLabel(p.yTicks) + gap,
		right:  edge + gap,
		bottom: edge + p.tickRoom() + line + gap/2,
		top:    edge,
	}
	if p.Y.Label != "" {
		m.left += textHeight(p.Y.Label, labelSize) + gap/2
	}
	if p.X.Label != "" || p.xTimes != "" {
		m.bottom += textHeight("x"+p.X.Label, labelSize)
	}
	if p.Title != "" {
		m.top += textHeight(p.Title, titleSize) + gap/2
	}
	if p.yTimes != "" {
		m.top += line
	}
	// The last label may reach past the frame.
	for _, t := range p.xTicks {
		if over := p.x.at(t.value) + textWidth(t.label, tickSize)/2 - p.frame.Max.X; !t.minor && over > m.right-edge/2 {
			m.right = over + edge/2
		}
	}
	if p.Map != nil {
		m.right = edge + p.bar.room()
	}
	return m
}

// tickRoom is how far ticks reach out of the frame: inside of a map they
// could not be seen.
func (p *placed) tickRoom() vg.Length {
	if p.Map != nil {
		return majorTick
	}
	return 0
}

func widestLabel(ticks []tick) (w vg.Length) {
	for _, t := range ticks {
		w = max(w, textWidth(t.label, tickSize))
	}
	return w
}

// draw draws the panel: what is in the frame, then the frame over it.
func (p *placed) draw(c draw.Canvas) {
	inside := draw.Canvas{Canvas: c.Canvas, Rectangle: p.frame}
	if p.Map != nil {
		p.drawMap(inside)
	} else {
		p.drawMarks(inside)
		p.drawBars(inside)
		p.drawSeries(inside)
	}
	p.drawTicks(c)
	p.drawLabels(c)
	if p.Map != nil {
		p.bar.draw(c)
	}
	p.legend.draw(c)
}

func (p *placed) drawTicks(c draw.Canvas) {
	line := draw.LineStyle{Color: black, Width: frameLine}
	f := p.frame
	for _, t := range p.xTicks {
		x, length := p.x.at(t.value), tickLength(t)
		if p.Map != nil {
			c.StrokeLine2(line, x, f.Min.Y, x, f.Min.Y-length)
		} else {
			c.StrokeLine2(line, x, f.Min.Y, x, f.Min.Y+length)
			c.StrokeLine2(line, x, f.Max.Y, x, f.Max.Y-length)
		}
		drawText(c, t.label, tickSize, vg.Point{X: x, Y: f.Min.Y - p.tickRoom() - gap/2}, align{0.5, 1}, false)
	}
	for _, t := range p.yTicks {
		y, length := p.y.at(t.value), tickLength(t)
		if p.Map != nil {
			c.StrokeLine2(line, f.Min.X, y, f.Min.X-length, y)
		} else {
			c.StrokeLine2(line, f.Min.X, y, f.Min.X+length, y)
			c.StrokeLine2(line, f.Max.X, y, f.Max.X-length, y)
		}
		drawText(c, t.label, tickSize, vg.Point{X: f.Min.X - p.tickRoom() - gap, Y: y}, align{1, 0.5}, false)
	}
	frame := f.Path()
	c.SetLineStyle(draw.LineStyle{Color: black, Width: frameLine})
	c.Stroke(frame)
}

func tickLength(t tick) vg.Length {
	if t.minor {
		return minorTick
	}
	return majorTick
}

func (p *placed) drawLabels(c draw.Canvas) {
	f := p.frame
	line := textHeight("0", tickSize)
	below := f.Min.Y - p.tickRoom() - gap/2 - line - gap/2
	drawText(c, p.X.Label, labelSize, vg.Point{X: centre(f).X, Y: below}, align{0.5, 1}, false)
	drawText(c, p.xTimes, tickSize, vg.Point{X: f.Max.X, Y: below}, align{1, 1}, false)
	left := f.Min.X - p.tickRoom() - gap - widestLabel(p.yTicks) - gap
	drawText(c, p.Y.Label, labelSize, vg.Point{X: left, Y: centre(f).Y}, align{0.5, 0}, true)
	top := f.Max.Y + gap/2
	drawText(c, p.yTimes, tickSize, vg.Point{X: f.Min.X, Y: top}, align{0, 0}, false)
	if p.yTimes != "" {
		top += line
	}
	drawText(c, p.Title, titleSize, vg.Point{X: centre(f).X, Y: top}, align{0.5, 0}, false)
}
