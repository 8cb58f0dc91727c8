// Package paired runs the programs of bench/peers for benchmarks that compare a
// kernel with them. Each waits for a line, does its work once, and answers with
// two numbers: the seconds it took by the clock, and those of its processors.
package paired

import "slices"

// Median sorts x and returns its middle, of an even number the upper one.
func Median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}
