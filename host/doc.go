// Package host runs a script: it makes the Lua state and its sandbox, the gate
// that files go through, the run directory, the progress board and the signal
// handling, hands them to the bindings, and turns the end of a run into an exit
// code.
//
// [Run] is one run from open to exit code. It owns the order of things: the
// script's own folder is opened as the only place to read from; the run
// directory is opened when the first task asks for it; a signal, a time limit or
// the memory watchdog ends the context that the bindings look at between steps;
// what they saved is reported; and the same command goes on.
package host
