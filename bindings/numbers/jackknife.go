package numbers

import (
	"errors"
	"fmt"
	"math"
)

// A Jackknife is an estimate over n samples with its delete-one error
// (Efron and Stein, Ann. Stat. 9, 586, 1981).
type Jackknife struct {
	Value float64 // the estimate from all samples
	Error float64 // √((n-1)/n Σ(θᵢ - mean θ)²), θᵢ without sample i
	Bias  float64 // (n-1)(mean θ - Value)
	N     int
}

// ErrFewSamples is returned by a jackknife of fewer than two samples.
var ErrFewSamples = errors.New("a jackknife needs at least two samples")

// JackknifeOf combines the estimate from all samples with the n estimates that
// leave one out.
func JackknifeOf(value float64, without []float64) (Jackknife, error) {
	n := len(without)
	if n < 2 {
		return Jackknife{}, fmt.Errorf("%w, got %d", ErrFewSamples, n)
	}
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return Jackknife{}, fmt.Errorf("the estimate from all samples is %v", value)
	}
	for i, v := range without {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return Jackknife{}, fmt.Errorf("the estimate without sample %d is %v", i+1, v)
		}
	}
	// Taken from the first one, so that equal estimates have no spread at all.
	shifted := make([]float64, n)
	for i, v := range without {
		shifted[i] = v - without[0]
	}
	mean := Sum(shifted) / float64(n)
	var squares Accumulator
	for _, v := range shifted {
		squares.Add((v - mean) * (v - mean))
	}
	m := float64(n - 1)
	return Jackknife{
		Value: value,
		Error: math.Sqrt(m / float64(n) * squares.Value()),
		Bias:  m * ((without[0] - value) + mean),
		N:     n,
	}, nil
}

// JackknifeRatio is the ratio of the pooled mean of the numerators to that of
// the denominators, with its error from leaving out one realization of both at
// a time. numerators[i] and denominators[i] hold the values of realization i,
// of any number each. The same values in both give exactly 1 ± 0.
func JackknifeRatio(numerators, denominators [][]float64) (Jackknife, error) {
	n := len(numerators)
	if len(denominators) != n {
		return Jackknife{}, fmt.Errorf("numerators hold %d realizations, denominators %d", n, len(denominators))
	}
	if n < 2 {
		return Jackknife{}, fmt.Errorf("%w, got %d", ErrFewSamples, n)
	}
	all, err := pooledRatio(numerators, denominators, -1)
	if err != nil {
		return Jackknife{}, err
	}
	without := make([]float64, n)
	for i := range without {
		if without[i], err = pooledRatio(numerators, denominators, i); err != nil {
			return Jackknife{}, fmt.Errorf("without realization %d: %w", i+1, err)
		}
	}
	return JackknifeOf(all, without)
}

func pooledRatio(numerators, denominators [][]float64, skip int) (float64, error) {
	a, err := pooledMean("numerators", numerators, skip)
	if err != nil {
		return 0, err
	}
	b, err := pooledMean("denominators", denominators, skip)
	if err != nil {
		return 0, err
	}
	if b == 0 {
		return 0, errors.New("the mean of the denominators is 0")
	}
	return a / b, nil
}

func pooledMean(name string, samples [][]float64, skip int) (float64, error) {
	var sum Accumulator
	count := 0
	for i, s := range samples {
		if i == skip {
			continue
		}
		if err := Finite(s); err != nil {
			return 0, fmt.Errorf("%s[%d] %w", name, i+1, err)
		}
		for _, v := range s {
			sum.Add(v)
		}
		count += len(s)
	}
	if count == 0 {
		return 0, fmt.Errorf("%s hold no values", name)
	}
	return sum.Value() / float64(count), nil
}
