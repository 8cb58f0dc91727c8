package figure

import (
	"errors"
	"fmt"
	"math"
)

// check reports the first thing that can't be drawn.
func (f *Figure) check() error {
	if len(f.Panels) == 0 {
		return errors.New("there is nothing to draw")
	}
	if err := checkText("title", f.Title); err != nil {
		return err
	}
	for i := range f.Panels {
		if err := f.Panels[i].check(); err != nil {
			if len(f.Panels) > 1 {
				return fmt.Errorf("panel %d: %w", i+1, err)
			}
			return err
		}
	}
	return nil
}

func (p *Panel) check() error {
	for _, t := range []struct{ what, text string }{{"title", p.Title}, {"xlabel", p.X.Label}, {"ylabel", p.Y.Label}} {
		if err := checkText(t.what, t.text); err != nil {
			return err
		}
	}
	if p.Map != nil {
		return p.Map.check()
	}
	for _, a := range []struct {
		name string
		Axis
	}{{"xlim", p.X}, {"ylim", p.Y}} {
		if a.Limits != nil && a.Log && a.Limits[0] <= 0 {
			return fmt.Errorf("%s must be above 0 on a logarithmic axis, got %v", a.name, a.Limits[0])
		}
	}
	if len(p.Series) == 0 && len(p.Bars) == 0 {
		return errors.New("there is nothing to draw: no series")
	}
	for i := range p.Series {
		if err := p.Series[i].check(p.X.Log, p.Y.Log); err != nil {
			return fmt.Errorf("series %d%s: %w", i+1, quoted(p.Series[i].Label), err)
		}
	}
	for i := range p.Bars {
		if err := p.Bars[i].check(p.X.Log); err != nil {
			return fmt.Errorf("histogram %d%s: %w", i+1, quoted(p.Bars[i].Label), err)
		}
	}
	for _, m := range p.Marks {
		name, log := "hlines", p.Y.Log
		if m.Vertical {
			name, log = "vlines", p.X.Log
		}
		if err := drawable(name, []float64{m.Value}, log); err != nil {
			return err
		}
		if err := checkText("label", m.Label); err != nil {
			return err
		}
	}
	return nil
}

func quoted(label string) string {
	if label == "" {
		return ""
	}
	return fmt.Sprintf(" (%q)", label)
}

func (s *Series) check(logX, logY bool) error {
	if len(s.X) == 0 || len(s.Y) == 0 {
		return errors.New("is empty")
	}
	if len(s.X) != len(s.Y) {
		return fmt.Errorf("x and y must be as many, got %d and %d", len(s.X), len(s.Y))
	}
	if s.YErr != nil && len(s.YErr) != len(s.Y) {
		return fmt.Errorf("yerr must be as many as y, got %d for %d", len(s.YErr), len(s.Y))
	}
	if s.Style == Band && s.YErr == nil {
		return errors.New("a band needs yerr")
	}
	if err := drawable("x", s.X, logX); err != nil {
		return err
	}
	if err := drawable("y", s.Y, logY); err != nil {
		return err
	}
	for i, e := range s.YErr {
		if math.IsNaN(e) || math.IsInf(e, 0) || e < 0 {
			return fmt.Errorf("yerr must be finite and not negative, got %v at [%d]", e, i+1)
		}
	}
	if _, err := colourOf(s.Colour); err != nil {
		return err
	}
	return checkText("label", s.Label)
}

func (b *Bars) check(logX bool) error {
	if len(b.Edges) != len(b.Counts)+1 || len(b.Counts) == 0 {
		return fmt.Errorf("edges must be one more than counts, got %d for %d", len(b.Edges), len(b.Counts))
	}
	if err := drawable("edges", b.Edges, logX); err != nil {
		return err
	}
	for i := range b.Counts {
		if b.Edges[i+1] <= b.Edges[i] {
			return fmt.Errorf("edges must ascend, got %v after %v at [%d]", b.Edges[i+1], b.Edges[i], i+2)
		}
	}
	if err := drawable("counts", b.Counts, false); err != nil {
		return err
	}
	for i, n := range b.Counts {
		if n < 0 {
			return fmt.Errorf("counts must not be negative, got %v at [%d]", n, i+1)
		}
	}
	if _, err := colourOf(b.Colour); err != nil {
		return err
	}
	return checkText("label", b.Label)
}

// drawable reports the first value that has no place on an axis.
func drawable(name string, data []float64, log bool) error {
	for i, v := range data {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%s must be finite, got %v at [%d]", name, v, i+1)
		}
		if log && v <= 0 {
			return fmt.Errorf("%s must be above 0 on a logarithmic axis, got %v at [%d]", name, v, i+1)
		}
	}
	return nil
}
