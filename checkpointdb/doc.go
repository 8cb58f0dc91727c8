// Package checkpointdb makes long computations survive whatever ends them.
package checkpointdb
