package figure

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

func calibration() *Figure {
	return &Figure{Width: 8, Height: 7, Panels: []Panel{
		{
			Title: "Void size over β", X: Axis{Label: "β"}, Y: Axis{Label: "R / R(ΛCDM)"},
			Series: []Series{{Label: "mean radius", X: []float64{-0.2, -0.1, 0, 0.1, 0.2}, Y: []float64{0.92, 0.96, 1, 1.04, 1.07}, YErr: []float64{.01, .01, 0, .01, .02}, Style: Both}},
			Marks:  []Mark{{Value: 1}},
		},
		{
			X: Axis{Label: "R [h⁻¹ Mpc]"}, Y: Axis{Label: "dn/dlnR", Log: true}, Sequence: true, Spread: true,
			Series: []Series{
				{Label: "β = −0.2", X: []float64{8, 10, 12}, Y: []float64{1e-4, 3e-5, 4e-6}, YErr: []float64{1e-5, 1e-5, 5e-6}, Style: Both},
				{Label: "Δ", X: []float64{8, 10, 12}, Y: []float64{1e-4, 4e-5, 6e-6}, Style: Step},
				{X: []float64{8, 10, 12}, Y: []float64{1e-4, 4e-5, 6e-6}, YErr: []float64{1e-5, 1e-5, 5e-6}, Style: Band},
			},
		},
		{Bars: []Bars{{Label: "voids", Edges: []float64{8, 9, 11}, Counts: []float64{30, 4}}}, Y: Axis{Log: true}},
		{Map: &Map{N: 3, Extent: 30, Data: []float64{1, 2, 3, 4, 5, 6, 7, 8, 90}, Log: true, Colours: "inferno", Label: "1 + δ", Circles: []Circle{{29, 15, 4}}}},
	}}
}

func rendered(t *testing.T, f *Figure, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, format); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func picture(t *testing.T, f *Figure) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(rendered(t, f, "png")))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// Of a thousand points that are not joined most of the frame stays white, and
// where ten dots lie on each other the colour is stronger than that of one.
func TestDotsAreSmallClearAndNotJoined(t *testing.T) {
	s := Series{Style: Dots}
	for i := range 1000 {
		s.X, s.Y = append(s.X, float64(i%2)), append(s.Y, float64(i%2))
	}
	img := picture(t, &Figure{Width: 3, Height: 3, Panels: []Panel{{Series: []Series{s}}}})
	one := picture(t, &Figure{Width: 3, Height: 3, Panels: []Panel{{Series: []Series{{Style: Dots, X: []float64{0, 1}, Y: []float64{0, 1}}}}}})
	coloured := func(img image.Image) (n int, least uint32) {
		b := img.Bounds()
		least = 0xffff
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for x := b.Min.X; x < b.Max.X; x++ {
				r, g, bl, _ := img.At(x, y).RGBA()
				if max(r, g, bl)-min(r, g, bl) > 0x1000 { // not of the frame and its text
					n, least = n+1, min(least, r)
				}
			}
		}
		return n, least
	}
	n, many := coloured(img)
	if area := img.Bounds().Dx() * img.Bounds().Dy(); n == 0 || n > area/100 {
		t.Errorf("two places with dots colour %d of %d pixels", n, area)
	}
	if _, few := coloured(one); few <= many {
		t.Errorf("one dot is as dark (%#x) as 500 on each other (%#x)", few, many)
	}
}

func TestEqualFiguresGiveEqualBytes(t *testing.T) {
	for _, format := range []string{"png", "svg"} {
		if !bytes.Equal(rendered(t, calibration(), format), rendered(t, calibration(), format)) {
			t.Errorf("two %s files differ", format)
		}
	}
}

func TestBadDataAreNamed(t *testing.T) {
	nan := math.NaN()
	one := func(s Series) Panel { return Panel{Series: []Series{s}} }
	x := []float64{1, 2, 3}
	for _, c := range []struct {
		want  string
		panel Panel
	}{
		{`series 1 ("β=0.1"): y must be finite, got NaN at [2]`, one(Series{Label: "β=0.1", X: x, Y: []float64{1, nan, 3}})},
		{"series 1: x and y must be as many, got 3 and 2", one(Series{X: x, Y: []float64{1, 2}})},
		{"series 1: is empty", one(Series{})},
		{"yerr must be as many as y, got 1 for 3", one(Series{X: x, Y: x, YErr: []float64{1}})},
		{"yerr must be finite and not negative, got -1 at [3]", one(Series{X: x, Y: x, YErr: []float64{1, 0, -1}})},
		{"y must be above 0 on a logarithmic axis, got 0 at [1]", Panel{Y: Axis{Log: true}, Series: []Series{{X: x, Y: []float64{0, 1, 2}}}}},
		{"hlines must be above 0 on a logarithmic axis", Panel{Y: Axis{Log: true}, Series: []Series{{X: x, Y: x}}, Marks: []Mark{{Value: 0}}}},
		{"xlim must be above 0", Panel{X: Axis{Log: true, Limits: &[2]float64{0, 1}}, Series: []Series{{X: x, Y: x}}}},
		{"no series", Panel{}},
		{`xlabel "∝" holds the character '∝' (U+221D)`, Panel{X: Axis{Label: "∝"}, Series: []Series{{X: x, Y: x}}}},
		{`colour must be #rrggbb or one of blue`, one(Series{X: x, Y: x, Colour: "blu"})},
		{"edges must be one more than counts, got 2 for 2", Panel{Bars: []Bars{{Edges: []float64{1, 2}, Counts: []float64{1, 2}}}}},
		{"data must be finite, got NaN at [2][1]", Panel{Map: &Map{N: 2, Extent: 1, Colours: "grey", Data: []float64{1, 1, nan, 1}}}},
		{"data must be above 0 for logarithmic colours, got 0 at [1][2]: give limits", Panel{Map: &Map{N: 2, Extent: 1, Log: true, Colours: "grey", Data: []float64{1, 0, 1, 1}}}},
		{"circle 1 must have", Panel{Map: &Map{N: 2, Extent: 1, Colours: "grey", Data: []float64{1, 0, 1, 1}, Circles: []Circle{{0, 0, 3}}}}},
	} {
		err := (&Figure{Panels: []Panel{c.panel}}).Write(&bytes.Buffer{}, "png")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want … %s …", err, c.want)
		}
	}
	two := &Figure{Panels: []Panel{one(Series{X: x, Y: x}), one(Series{X: x, Y: []float64{1, 2, nan}})}}
	if err := two.Write(&bytes.Buffer{}, "png"); err == nil || !strings.HasPrefix(err.Error(), "panel 2: series 1: y must") {
		t.Errorf("%v", err)
	}
}

// lightness is CIE 1976 L* of a colour.
func lightness(c color.RGBA) float64 {
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	y := 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
	if y <= 216.0/24389 {
		return y * 24389 / 27
	}
	return 116*math.Cbrt(y) - 16
}

func TestColourMapsGrowEvenlyInLightness(t *testing.T) {
	for _, name := range []string{"inferno", "magma", "viridis"} {
		m := colourMaps[name]
		first, last := lightness(m.at(0)), lightness(m.at(1))
		before := first
		for i := 1; i <= 200; i++ {
			s := float64(i) / 200
			l := lightness(m.at(s))
			// Channels are whole numbers: one step of 255 is up to 0.9 in L*.
			if l < before-0.5 {
				t.Errorf("%s at %v: lightness falls from %.1f to %.1f", name, s, before, l)
			}
			// The published maps are even to about 4 in L*, nine colours apart.
			if even := first + s*(last-first); math.Abs(l-even) > 6 {
				t.Errorf("%s at %v: lightness %.1f, evenly it would be %.1f", name, s, l, even)
			}
			before = l
		}
	}
}

func TestColourMapsPassThroughTheirPublishedColours(t *testing.T) {
	for name, m := range colourMaps {
		for i, want := range m {
			if got := m.at(float64(i) / float64(len(m)-1)); got != rgb(want) {
				t.Errorf("%s[%d] is %v, not %v", name, i, got, rgb(want))
			}
		}
	}
}

func TestMapPutsRowsUpwardsAndColumnsAlongX(t *testing.T) {
	// Only the value of row 0, column 3 is high: lower right.
	m := &Map{N: 4, Extent: 1, Colours: "grey", Centred: true, Sharp: true, Data: make([]float64, 16)}
	m.Data[0*4+3] = 1
	m.Limits = &[2]float64{0, 1}
	img := m.image(40)
	for _, p := range []struct {
		x, y int
		want uint32
	}{{38, 38, 0xffff}, {38, 1, 0}, {1, 38, 0}, {1, 1, 0}, {28, 38, 0}} {
		if r, _, _, _ := img.At(p.x, p.y).RGBA(); r != p.want {
			t.Errorf("pixel %d, %d is %#x", p.x, p.y, r)
		}
	}
	// A mesh's points stand on the corner of their cells, and wrap around.
	m.Centred, m.Data = false, make([]float64, 16)
	m.Data[0] = 1
	img = m.image(40)
	for _, p := range []struct {
		x, y int
		want uint32
	}{{1, 38, 0xffff}, {38, 38, 0xffff}, {1, 1, 0xffff}, {8, 38, 0}} {
		if r, _, _, _ := img.At(p.x, p.y).RGBA(); r != p.want {
			t.Errorf("mesh: pixel %d, %d is %#x", p.x, p.y, r)
		}
	}
}

func TestLogarithmicColoursPutTheGeometricMeanHalfWay(t *testing.T) {
	limits := &[2]float64{1, 10000}
	half := func(m *Map) uint32 {
		m.N, m.Extent, m.Colours, m.Centred, m.Limits = 2, 1, "grey", true, limits
		r, _, _, _ := m.image(101).At(50, 50).RGBA()
		return r >> 8
	}
	for _, m := range []*Map{
		{Log: true, Data: []float64{100, 100, 100, 100}},
		{Log: true, Data: []float64{1, 1, 10000, 10000}}, // half-way between cells
		{Log: true, Data: []float64{0, 0, 10000, 10000}}, // what is below counts as the limit
		{Data: []float64{5000.5, 5000.5, 5000.5, 5000.5}},
	} {
		if got := half(m); got < 127 || got > 128 {
			t.Errorf("%v, log %v: %d of 255", m.Data, m.Log, got)
		}
	}
}

func TestLegendCoversNoData(t *testing.T) {
	const n = 400
	everywhere := Series{Label: "everywhere", Style: Points}
	for i := range n {
		everywhere.X = append(everywhere.X, float64(i%20))
		everywhere.Y = append(everywhere.Y, float64(i/20))
	}
	lowerLeft := Series{Label: "corner", Style: Lines, X: []float64{0, 1, 2}, Y: []float64{10, 3, 0}}
	for _, c := range []struct {
		name    string
		series  Series
		outside bool
	}{{"free corner", lowerLeft, false}, {"full frame", everywhere, true}} {
		f := &Figure{Panels: []Panel{{Series: []Series{c.series}}}}
		w, h := f.size()
		p := f.place(vg.Rectangle{Max: vg.Point{X: w, Y: h}})[0]
		l := p.legend
		if outside := l.corner.X > p.frame.Max.X; outside != c.outside {
			t.Errorf("%s: legend outside is %v", c.name, outside)
		}
		if l.corner.X+l.width > w {
			t.Errorf("%s: the legend ends at %v, the picture at %v", c.name, l.corner.X+l.width, w)
		}
		for _, at := range p.obstacles() {
			if at.X > l.corner.X && at.X < l.corner.X+l.width && at.Y > l.corner.Y && at.Y < l.corner.Y+l.height {
				t.Fatalf("%s: the legend covers %v", c.name, at)
			}
		}
	}
}

func TestPointsAreDrawnWhereTheAxesSay(t *testing.T) {
	limits := &[2]float64{0, 10}
	f := &Figure{Panels: []Panel{{X: Axis{Limits: limits}, Y: Axis{Limits: limits}, Series: []Series{{X: []float64{2.5, 99}, Y: []float64{7.5, 99}, Style: Points, Colour: "#ff0000"}}}}}
	w, h := f.size()
	frame := f.place(vg.Rectangle{Max: vg.Point{X: w, Y: h}})[0].frame
	img := picture(t, f)
	var sumX, sumY, count float64
	for y := range img.Bounds().Max.Y {
		for x := range img.Bounds().Max.X {
			if r, g, _, _ := img.At(x, y).RGBA(); r > 0xf000 && g < 0x1000 {
				sumX, sumY, count = sumX+float64(x)+0.5, sumY+float64(y)+0.5, count+1
			}
		}
	}
	wantX := (frame.Min.X + 0.25*frame.Size().X).Dots(dpi)
	wantY := (h - frame.Min.Y - 0.75*frame.Size().Y).Dots(dpi)
	if math.Abs(sumX/count-wantX) > 0.5 || math.Abs(sumY/count-wantY) > 0.5 {
		t.Errorf("the point is at %.1f, %.1f, not %.1f, %.1f", sumX/count, sumY/count, wantX, wantY)
	}
	// One circle of its radius; the point beyond the limits is not drawn.
	if area := math.Pi * math.Pow(markRadius.Dots(dpi), 2); math.Abs(count-area) > 0.15*area {
		t.Errorf("%v red pixels, a marker has %.0f", count, area)
	}
}

// BenchmarkCalibrationPNG draws the picture of four panels that the tests draw.
func BenchmarkCalibrationPNG(b *testing.B) {
	f := calibration()
	for b.Loop() {
		if err := f.Write(&bytes.Buffer{}, "png"); err != nil {
			b.Fatal(err)
		}
	}
}
