package numbers

import (
	"errors"
	"fmt"
	"math"
)

// A Line is the straight line y = Intercept + Slope·x through points.
type Line struct {
	Intercept, Slope           float64
	InterceptError, SlopeError float64
	Covariance                 float64 // of intercept and slope
	Chi2                       float64 // Σ((y - line)/σ)², or Σ(y - line)² without errors
	DegreesOfFreedom           int     // points less 2
	R2                         float64 // share of the (weighted) variance of y explained, 1 where y has none
}

// FitLine fits a line by least squares. sigma holds the standard errors of y,
// all positive, and then the errors of the line follow from them; where it is
// nil every point counts the same and the errors follow from the scatter about
// the line, which takes three points. (Press et al., Numerical Recipes, 15.2,
// in the form that subtracts the mean of x first.)
func FitLine(x, y, sigma []float64) (Line, error) {
	if err := fitData(x, y, sigma); err != nil {
		return Line{}, err
	}
	weight := func(i int) float64 {
		if sigma == nil {
			return 1
		}
		return 1 / float64(sigma[i]*sigma[i])
	}
	var s, sx, sy Accumulator
	for i := range x {
		w := weight(i)
		s.Add(w)
		sx.Add(w * x[i])
		sy.Add(w * y[i])
	}
	sw := s.Value()
	mx, my := sx.Value()/sw, sy.Value()/sw
	var sxx, sxy, syy Accumulator
	for i := range x {
		w, dx, dy := weight(i), x[i]-mx, y[i]-my
		sxx.Add(w * dx * dx)
		sxy.Add(w * dx * dy)
		syy.Add(w * dy * dy)
	}
	if !(sxx.Value() > 0) {
		return Line{}, errors.New("x must hold at least two different values")
	}
	l := Line{Slope: sxy.Value() / sxx.Value(), DegreesOfFreedom: len(x) - 2}
	l.Intercept = my - float64(l.Slope*mx)
	var chi2 Accumulator
	for i := range x {
		d := (y[i] - my) - float64(l.Slope*(x[i]-mx))
		chi2.Add(weight(i) * d * d)
	}
	l.Chi2 = chi2.Value()
	l.R2 = 1
	if syy.Value() > 0 {
		l.R2 = 1 - l.Chi2/syy.Value()
	}
	variance := 1.0
	if sigma == nil {
		variance = l.Chi2 / float64(l.DegreesOfFreedom)
	}
	l.SlopeError = math.Sqrt(variance / sxx.Value())
	l.InterceptError = math.Sqrt(variance * (1/sw + float64(mx*mx)/sxx.Value()))
	l.Covariance = -variance * mx / sxx.Value()
	return l, nil
}

func fitData(x, y, sigma []float64) error {
	if len(x) != len(y) {
		return fmt.Errorf("x and y must be as many, got %d and %d", len(x), len(y))
	}
	if sigma != nil && len(sigma) != len(y) {
		return fmt.Errorf("errors must be as many as y, got %d for %d", len(sigma), len(y))
	}
	least := 3
	if sigma != nil {
		least = 2
	}
	if len(x) < least {
		if sigma == nil {
			return fmt.Errorf("a fit without errors needs at least 3 points, got %d", len(x))
		}
		return fmt.Errorf("a fit needs at least 2 points, got %d", len(x))
	}
	if err := Finite(x); err != nil {
		return fmt.Errorf("x %w", err)
	}
	if err := Finite(y); err != nil {
		return fmt.Errorf("y %w", err)
	}
	if err := Finite(sigma); err != nil {
		return fmt.Errorf("errors %w", err)
	}
	for i, v := range sigma {
		if v <= 0 {
			return fmt.Errorf("errors must be positive, got %v at [%d]", v, i+1)
		}
	}
	return nil
}

// ChiSquare returns Σ((observed - expected)/σ)².
func ChiSquare(observed, expected, sigma []float64) (float64, error) {
	if len(observed) != len(expected) || len(observed) != len(sigma) {
		return 0, fmt.Errorf("observed, expected and errors must be as many, got %d, %d and %d",
			len(observed), len(expected), len(sigma))
	}
	if len(observed) == 0 {
		return 0, errors.New("observed is empty")
	}
	for _, d := range []struct {
		name string
		data []float64
	}{{"observed", observed}, {"expected", expected}, {"errors", sigma}} {
		if err := Finite(d.data); err != nil {
			return 0, fmt.Errorf("%s %w", d.name, err)
		}
	}
	var a Accumulator
	for i := range observed {
		if sigma[i] <= 0 {
			return 0, fmt.Errorf("errors must be positive, got %v at [%d]", sigma[i], i+1)
		}
		d := (observed[i] - expected[i]) / sigma[i]
		a.Add(d * d)
	}
	return a.Value(), nil
}
