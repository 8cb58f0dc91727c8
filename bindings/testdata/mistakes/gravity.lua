gravity.yukawa { beta = 0.4 } --> gravity\.yukawa: mass is required
---
gravity.yukawa { beta = 0.4, mass = 0 } --> mass must be a positive number, got 0
---
gravity.table { { 0.02, 1 }, { 1, "strong" } } --> gravity\.table: points\[2\]\[2\] must be a finite number, got "strong"
---
gravity.table { { 0.02, 1 }, 3 } --> points\[2\] must be { a, mu }, got 3
---
gravity.table { { 0.02, 1 } } --> the number of points of the table must be at least 2, got 1
---
gravity.table { { 0.5, 1 }, { 0.2, 1 } } --> a of point 2 must be above that of the point before, 0\.5, got 0\.2
---
gravity.table { { 0.02, 1 }, { 1, -1 } } --> mu of point 2 must be above 0 and finite, got -1
---
local late = gravity.table { { 0.1, 1 }, { 1, 1.1 } }
nbody.new { box = 64, particles = 8, seed = 1, gravity = late } --> nbody\.new: the first scale factor of gravity's table\(2 points, [0-9a-f]+\) must be at most 0\.02, where it is first needed, got 0\.1
---
local early = gravity.table { { 0.01, 1 }, { 0.9, 1.1 } }
nbody.new { box = 64, particles = 8, seed = 1, gravity = early } --> the last scale factor of gravity's .* must be at least 1, today, got 0\.9
---
gravity.from(function(a) return a > 0.5 and 0 / 0 or 1 end) --> gravity\.from: mu must return a positive number, got NaN at a = 0\.50\d+ \(z = 0\.9\d+\)
---
gravity.from(function(a) return 0.1 - a end) --> must return a positive number, got -\d
---
gravity.from(function() end) --> must return a positive number, got nil at a = 0\.005 \(z = 199\)
---
gravity.from(1.1) --> gravity\.from: mu must be a function, got 1\.1
---
gravity.from(function(a) return 1 end, { zmax = 49 }) --> there is no argument "zmax"\n  hint: did you mean "z_max"\?
---
local f = gravity.from(function(a) return 1 end, { z_max = 20 })
nbody.new { box = 64, particles = 8, seed = 1, gravity = f } --> first scale factor of gravity's .* must be at most 0\.02
