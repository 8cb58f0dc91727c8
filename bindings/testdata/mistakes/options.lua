options { n = { 2.5, "help", kind = "integer" } } --> options: option n: the default must be a whole number, got 2\.5
---
options { n = { "x", "help", kind = "integer" } } --> option n: the default must be a whole number, got "x"
---
options { n = { 1, "help", kind = "int" } } --> option n: kind must be one of number, integer, .*, got "int"
---
options { n = { 1, "help", kind = 3 } } --> option n: kind must be a string, got 3
---
options { n = { 1, "help", knd = "integer" } } --> option n: there is no field "knd"
---
options { n = { 1, "help", choices = "a" } } --> option n: choices must be a list of values, got "a"
---
options { n = { 1, "help", choices = { 2 } } } --> option n: the default must be one of 2, got 1
---
options { f = { true, "help", choices = { true } } } --> option f: choices are for numbers and strings, not for kind "boolean"
---
options { n = { 1, 5 } } --> option n: the help text must be a string, got 5
---
options { n = {} } --> option n has neither a default nor a kind
---
options { n = 5 } --> each option is written name = \{ default, "help" \}, got n = 5
---
options { list = { { 1, "a" }, "help" } } --> option list: the default must be a list of numbers or a list of strings, got "a" at \[2\]
---
options { n = { 0 / 0, "help" } } --> the default of option n is NaN
---
options { ["a b"] = { 1, "help" } } --> an option's name is letters, digits and underscores, got "a b"
---
options { dir = { 1, "help" } } --> "dir" is a flag of runlua itself
---
options { max_time = { 1, "help" } } --> "max_time" is a flag of runlua itself
---
options { help = { 1, "help" } } --> "help" is a flag of runlua itself
---
options { a = { 1, "help" } }
options { b = { 1, "help" } } --> options: a script declares its options once
---
local opt = options { radius = { 1, "help" } }
print(opt.radus) --> options: there is no option "radus"\n  hint: did you mean "radius"\?
---
local opt = options { radius = { 1, "help" } }
opt.radius = 2 --> options: option "radius" can't be changed by the script
---
options { n = { 1, "help", optional = true } } --> option n has a default, so optional says nothing
---
options { n = { "help", kind = "integer", optional = 1 } } --> option n: optional must be true or false, got 1
---
options { n = { "help", kind = "string", folder = true } } --> option n: folder is for kind "file", not for kind "string"
