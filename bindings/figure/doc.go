// Package figure draws the pictures of the Lua module plot from plain Go data:
// panels with lines, points with error bars, steps, histograms, and maps of a
// field with a colour bar. It draws with gonum/plot's canvases and fonts
// (vg, draw, font) and lays out frames, ticks and legends itself: a frame on
// all four sides, ticks inside, legends only where no data are.
//
// Same bytes. A picture holds no time, path or map order, so equal figures give
// equal bytes, PNG and SVG. Logarithms come from kernels/fmath, like all that a
// result is made of. The fonts (Liberation Sans, compiled in) are parsed at the
// first picture: importing the package costs nothing at start-up.
//
// Data that can't be drawn (NaN, a value of 0 on a logarithmic axis, lists of
// unequal lengths) are errors that name the panel, the series and the index,
// counted from 1.
package figure
