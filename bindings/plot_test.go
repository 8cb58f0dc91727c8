package bindings

import (
	"bytes"
	"encoding/xml"
	"image/png"
	"io"
	"testing"
)

func TestDPIIsPixelsAnInch(t *testing.T) {
	for dpi, want := range map[string]int{"": 200 * 4, ", dpi = 90": 90 * 4} {
		text := exported(t, "a.png", `plot.lines { file = "a.png", width = 4, height = 3`+dpi+`, series = { { x = { 1, 2 }, y = { 1, 2 } } } }`)
		if img, err := png.Decode(bytes.NewReader(text)); err != nil || img.Bounds().Dx() != want || img.Bounds().Dy() != want*3/4 {
			t.Errorf("%q: %v, %v, want %d pixels across", dpi, img.Bounds(), err, want)
		}
	}
}

const plotProgram = `
	local density = array.linspace(0.1, 20, 64):reshape(8, 8)
	local path = plot.panels { file = "all.FORMAT", columns = 2, title = "All kinds", width = 8, height = 7, panels = {
		{ xlabel = "β", ylabel = "ratio", hlines = { 1, { value = 1.1, label = "limit" } }, vlines = { 0 },
		  series = { { x = { -0.2, 0, 0.2 }, y = array.new { 0.9, 1, 1.1 }, yerr = { 0.02, 0, 0.03 }, label = "ΛCDM", style = "both" } } },
		{ logx = true, logy = true, colours = "sequence", spread = true,
		  series = { { x = { 1, 10 }, y = { 1, 100 }, style = "step" }, { x = { 1, 10 }, y = { 1, 50 }, yerr = { 1, 2 }, style = "band", colour = "sky", dashed = true }, { x = { 2, 3 }, y = { 4, 5 }, style = "dots", label = "d" } } },
		{ bins = 5, logy = true, series = { { values = { 1, 2, 3 }, label = "a" }, { counts = { 3, 0 }, edges = { 0, 2, 4 } } } },
		{ data = density, extent = 256, log = true, label = "1 + δ", circles = { { 10, 20, 30 } }, colourmap = "magma", centred = false },
	} }
	assert(path == "results/all.FORMAT")`

func TestEveryKindOfPanelIsDrawnTheSameEachTime(t *testing.T) {
	for _, format := range []string{"png", "svg"} {
		program := string(bytes.ReplaceAll([]byte(plotProgram), []byte("FORMAT"), []byte(format)))
		first := exported(t, "all."+format, program)
		if !bytes.Equal(first, exported(t, "all."+format, program)) {
			t.Errorf("two %s files of the same data differ", format)
		}
		if format == "png" {
			if img, err := png.Decode(bytes.NewReader(first)); err != nil || img.Bounds().Dx() < 1000 {
				t.Errorf("%v, %v", img.Bounds(), err)
			}
			continue
		}
		for d := xml.NewDecoder(bytes.NewReader(first)); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("not well-formed: %v", err)
			}
		}
	}
}

func TestSizeOfAPictureIsInInches(t *testing.T) {
	img, err := png.Decode(bytes.NewReader(exported(t, "h.png", `plot.histogram { file = "h.png", values = { 1, 2, 2 }, width = 4, height = 3 }`)))
	if err != nil || img.Bounds().Dx() != 800 || img.Bounds().Dy() != 600 { // 200 pixels an inch
		t.Errorf("%v, %v", img.Bounds(), err)
	}
}

func TestPlotMistakesAreNamed(t *testing.T) {
	raises(t, [][2]string{
		{`plot.lines { file = "a.png", series = { { x = { 1, 2 }, y = { 1 } } } }`, "plot.lines: series 1: x and y must be as many, got 2 and 1"},
		{`plot.lines { file = "a.png", series = { { x = { 1 }, y = { 1 } }, { x = { 1, 2 }, y = { 1, 0/0 }, label = "b" } } }`, "plot.lines: series[2].y must be a list of finite numbers, got NaN at [2]"},
		{`plot.lines { file = "a.png", series = { { x = { 1 }, y = array.new { 1 } / 0, label = "b" } } }`, `series 1 ("b"): y must be finite, got +Inf at [1]`},
		{`plot.lines { file = "a.png", logy = true, series = { { x = { 1 }, y = { 0 } } } }`, "series 1: y must be above 0 on a logarithmic axis, got 0 at [1]"},
		{`plot.lines { file = "a.png", series = { { x = { 1 }, y = { 1 }, lable = "b" } } }`, "plot.lines: series[1] has no field \"lable\"\n  hint: did you mean \"label\"?"},
		{`plot.lines { file = "a.png", series = { { x = { 1 }, y = { 1 }, style = "dot" } } }`, `series[1].style must be one of "line", "points", "both", "step", "band", "dots", got "dot"`},
		{`plot.lines { file = "a.png", series = { { x = { 1 } } } }`, "series[1] needs y: one for each x"},
		{`plot.lines { file = "a.png", series = {} }`, "series must hold at least one table"},
		{`plot.lines { file = "a.pdf", series = { { x = { 1 }, y = { 1 } } } }`, "file must be a file's name that ends in .png or .svg, got \"a.pdf\""},
		{`plot.lines { file = "a.png", xlim = { 2, 1 }, series = { { x = { 1 }, y = { 1 } } } }`, "xlim must be { lo, hi } with lo below hi, got [2 1]"},
		{`plot.panels { file = "a.png", panels = { { series = { { x = { 1 }, y = { 1 } } } }, { data = { 1, 2 }, extent = 1 } } }`, "panels[2].data must be n×n values, got 2"},
		{`plot.panels { file = "a.png", panels = { { series = { { x = { 1 }, y = { "1" } } } } } }`, "panels[1].series[1].y must be a list of finite numbers, got \"1\" at [1]"},
		{`plot.slice { file = "a.png", data = { { 1, 2 }, { 0, 1 } }, extent = 1, log = true }`, "data must be above 0 for logarithmic colours, got 0 at [2][1]: give limits"},
		{`plot.slice { file = "a.png", data = { { 1, 2 }, { 0, 1 } }, extent = 1, colourmap = "infernal" }`, `colourmap must be one of`},
		{`plot.slice { file = "a.png", data = { { 1, 2 }, { 0, 1 } }, extent = 1, circles = { { 1, 2 } } }`, "circles[1] must be { x, y, r }, got 2 numbers"},
		{`plot.histogram { file = "a.png" }`, "plot.histogram: takes either values or series"},
		{`plot.histogram { file = "a.png", values = {} }`, "values is empty, so the bins have no range"},
	})
}
