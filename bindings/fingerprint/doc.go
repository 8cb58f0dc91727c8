// Package fingerprint describes what of a Lua function can change its result:
// its code, that of the Lua functions it can reach, and the plain values it
// captures.
//
// A fingerprint is a list of fields, each with a name that a researcher
// recognises, so that two of them can be compared field by field: the code of
// "task function" or "calibration.catalogue", the captured value settings.box.
//
// Code is compared as byte code without line numbers and names of locals:
// comments, blank lines, another file name or a renamed local change nothing.
// The names of captured variables are part of the code and names of fields, so
// renaming one of those shows as changed code, one field gone and another come.
//
// # What is taken of a table
//
// Of a captured or global table, such as a module or a table of settings, only
// the fields that code names are taken, as in settings.box or
// module.sub.helper. The analysis (uses.go) follows the table from the
// instruction that loads it to all that may read its register. Where the table
// goes anywhere else (into a call, a result, another table, an inner function's
// variable, a method call t:f(), which hands t to f, or an index that is no
// constant) all of it is taken. A field that is only assigned is not taken. A
// metatable is part of a table taken whole, and of one that lacks a named
// field. So is the order in which pairs visits its keys, shown as
// settings.(key order): that in which they were first assigned.
//
// # Methods of strings
//
// Any value that code indexes may be a string. A function that a script has put
// into the string library is therefore taken wherever code calls or reads a
// method or field of that name, and wherever it indexes by what is no constant.
//
// # What is not covered
//
// What belongs to the host is taken by its name alone (Options.HostName): its
// version, options read and files opened are recorded elsewhere. A module that
// code under way brings in by require, too, is the host's to record.
package fingerprint
