// Package bindings offers the kernels, the checkpoint store and the progress
// board to Lua: one file, one Lua module. A module is a spec.Module, built for
// one Lua state by a method of Session; it is thin: it checks arguments by its
// specs, calls a kernel and converts what comes back.
//
// Bindings own the loop "step, check for cancellation, report, snapshot"; a
// kernel only steps. What they need of the program around them they ask of a
// Host, which package host supplies and a test can replace.
package bindings
