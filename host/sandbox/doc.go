// Package sandbox makes the Lua state in which a script runs: standard Lua 5.1
// on gopher-lua, with what a script from another lab must not have taken out,
// and with what would make results differ from one processor to another
// replaced.
//
//   - NewState opens libraries from an allow-list. There is no io, no way to
//     reach the environment of another function, no byte code, and of os only
//     time, date, clock and difftime. Withheld functions that scripts commonly
//     call raise an error that says what to do instead. LUA_PATH means nothing;
//     require is the host's own.
//   - Compile is the only way from source to code, for scripts, modules and
//     load alike. It rewrites a^b and a..b, which gopher-lua would compute
//     by math.Pow and with 17 digits, into calls of built-in functions that no
//     script can reach or replace, and works around or refuses the few
//     constructs that gopher-lua compiles wrongly (rewrite.go lists them).
//   - exp, log, sin and the rest come from kernels/fmath, math.random from the
//     run's own generator.
//   - Numbers print as standard Lua prints them, "%.14g", in print, tostring,
//     string.format and "..".
//   - What one call may allocate or how long one pattern match may run is
//     capped (MaxString, Options.PatternSteps); Watch lets a watchdog cancel
//     the state when the heap grows beyond Options.MemoryLimit.
//   - A cancelled state executes no further Lua instruction, so pcall cannot
//     hold it up. A Go panic is noted in a PanicLog before pcall can hide it.
//
// # What stays different from standard Lua
//
// Strings used as numbers by +, -, *, / and % follow gopher-lua, which reads
// "010" as octal. The environment of a function can't be changed. A list holds
// at most MaxListIndex elements; goto and labels are understood although Lua
// 5.1 has none. os.time, os.date and os.clock tell the time and differ from run
// to run: they are for display, and nothing that enters a result may depend on
// them.
package sandbox
