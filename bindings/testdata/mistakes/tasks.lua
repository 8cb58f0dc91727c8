checkpoint.task("a", {}, function() return { rows = { { z = 0 / 0 } } } end) --> a\{\}: result\.rows\[1\]\.z is NaN: only finite numbers
---
checkpoint.task("a", {}, function() return { x = 1 / 0 } end) --> result\.x is \+Inf
---
checkpoint.task("a", {}, function() return { x = { y = print } } end) --> result\.x\.y is a function
---
checkpoint.task("a", {}, function() local t = {} t.me = { t } return t end) --> result\.me\[1\] contains itself
---
checkpoint.task("a", {}, function() return { 1, nil, 3 } end) --> result\[2\] is nil
---
checkpoint.task("a", {}, function() return { 1, 2, x = 3 } end) --> result has the field x: .* a list without gaps or have names
---
checkpoint.task("a", { n = 1 }, function() end) --> a\{n=1\} returned nothing\n  hint: return the result
---
checkpoint.task("a", {}, function() return 1, 2 end) --> a\{\} returned 2 values, but a task has one result
---
checkpoint.task("a", {}, function() return "\255" end) --> result is not valid UTF-8
---
checkpoint.task("a", { x = 0 / 0 }, function() return 1 end) --> checkpoint\.task: params\.x is NaN
---
checkpoint.task("a b", {}, function() return 1 end) --> name must be a name of letters, digits and _ \. -, got "a b"
---
checkpoint.task("a", function() return 1 end) --> fn is required
---
checkpoint.task("a", {}, { fxied = 1 }, function() return 1 end) --> there is no field "fxied", only fixed
---
checkpoint.task("a", {}, { fixed = print }, function() return 1 end) --> fixed is a function
---
checkpoint.task("a", {}, print) --> fn must be a Lua function
---
checkpoint.task("a", {}, function()
  return checkpoint.task("a", {}, function() return 1 end) --> a\{\} is being run already
end)
---
local kept
checkpoint.task("a", {}, function(_, task) kept = task return 1 end)
kept:save { 1 } --> task:save: belongs to a task that is not the running one
---
checkpoint.task("a", {}, function(_, task)
  task:save { f = print } --> task:save: state\.f is a function
  return 1
end)
---
local co = coroutine.create(print)
checkpoint.task("a", {}, function() return co ~= nil end) --> task function captures "co", a coroutine
---
sweep.run { name = "s", over = {}, each = function() return 1 end } --> sweep\.run: over must hold at least one point
---
sweep.run { name = "s", over = { { x = 1 }, { x = 1 } }, each = function() return 1 end } --> over must not hold a point twice, got \{"x":1\} at \[1\] and \[2\]
---
sweep.run { name = "s", over = { { x = 1 } }, each = function() return 1 end, group = "y" } --> group must be a parameter of every point, got "y"
---
sweep.run { name = "s", over = { 1, 2 }, each = function() return 1 end } --> over must be a list of tables with named parameters, got 1 at \[1\]
---
sweep.grid { x = {} } --> sweep\.grid: x must be a list with at least one value
---
sweep.run { name = "s", over = { { x = 1 } }, each = function() return 1 end, fixd = 1 } --> there is no argument "fixd"\n  hint: did you mean "fixed"\?
---
sweep.range(2.5) --> a must be a whole number
---
sweep.grid { x = { 1, nil, 3 }, y = { 1 } } --> sweep\.grid: x must be a list without gaps, got nil at \[2\]
---
sweep.run { name = "s", over = { { x = 1 } }, each = function() return 1 end, on_done = function()
  error("here") --> here
end }
---
local sim = nbody.new { box = 64, particles = 8, seed = 1 }
checkpoint.task("a", {}, function() return sim:z() end) --> task function captures "sim", .*make it inside the function
---
checkpoint.task("a", {}, function() return nbody.new { box = 64, particles = 8, seed = 1 } end) --> result is a simulation of 8³ particles
---
nbody.new { box = 64, particles = 8, seed = 2 ^ 53 + 2 } --> seed must be .* got 9007199254740994
