nbody.new { box = 64, particles = 16, mesh = 8, seed = 1 } --> nbody\.new: mesh must be at least the number of particles per side, got 8 < 16\n  hint: mesh = 2 \* particles
---
nbody.new { box = -1, particles = 8, seed = 1 } --> box must be a positive number, got -1
---
nbody.new { box = 64, particles = 8.5, seed = 1 } --> particles must be an even whole number of at least 4, got 8\.5
---
nbody.new { box = 64, particles = 8, seed = -1 } --> seed must be a whole number from 0 to 2\^53, or a string, got -1
---
nbody.new { box = 64, particles = 8 } --> seed is required
---
nbody.new { box = 64, partcles = 8, seed = 1 } --> there is no argument "partcles"\n  hint: did you mean "particles"\?
---
nbody.new { box = 64, particles = 8, seed = 1, mesh = 22 } --> mesh must .*22
---
nbody.new { box = 64, particles = 8, seed = 1, order = "2ltp" } --> order must be one of "2lpt", "zeldovich", got "2ltp" \(did you mean "2lpt"\?\)
---
nbody.new { box = 64, particles = 8, seed = 1, gravity = 0.1 } --> gravity must be a gravity, got 0\.1
---
nbody.new(64) --> takes one table of named arguments, got 64
---
local sim = nbody.new { box = 64, particles = 8, mesh = 16, seed = 1 }
sim.evolve { steps = 2 } --> sim:evolve: call it with a colon, as sim:evolve\(…\)
---
local sim = nbody.new { box = 64, particles = 8, mesh = 16, seed = 1 }
sim:evolve { to = 60, steps = 2 } --> sim:evolve: to must .*60
---
local sim = nbody.new { box = 64, particles = 8, mesh = 16, seed = 1 }
sim:evolve { steps = 0 } --> steps must be a whole number of at least 1, got 0
---
local sim = nbody.new { box = 64, particles = 8, mesh = 16, seed = 1 }
sim:evolve { steps = 2, record = function() return 0 / 0 end } --> the row of record at step 1 is NaN
---
local sim, kept = nbody.new { box = 64, particles = 8, mesh = 16, seed = 1 }, nil
sim:evolve { steps = 2, on_step = function(s) kept = s end }
kept:z() --> sim:z: the simulation that record and on_step are called with is theirs until they return
---
gravity.constant("strong") --> gravity\.constant: beta must be a finite number, got "strong"
---
gravity.constant(-1) --> beta must be above -1, where gravity ends, got -1
---
cosmology.new { omega_m = 1.5 } --> cosmology\.new: omega_m must .*1\.5
---
cosmology.new { h = 67.36 } --> cosmology\.new: h must be above 0 and below 10 \(it is H0 in 100 km/s/Mpc\), got 67\.36
---
cosmology.new { omega_b = 0.4 } --> cosmology\.new: omega_b must be at least 0 and below omega_m, got 0\.4
---
cosmology.planck2018():growth(-1) --> z must be a number of at least 0, got -1
---
local sim = nbody.new { box = 64, particles = 8, mesh = 16, seed = 1 }
voids.spherical(sim, { threshold = 0.5 }) --> voids\.spherical: threshold must be a number above -1 and below 0, got 0\.5
---
voids.spherical({}, {}) --> sim must be a simulation, got a table
---
local sim = nbody.new { box = 64, particles = 8, mesh = 16, seed = 1 }
voids.refine(sim, { x = { 1 } }) --> catalogue\.y must be a list
---
local sim = nbody.new { box = 64, particles = 8, mesh = 16, seed = 1 }
sim:slice { pixels = 3 } --> pixels must be a whole number from 4 to 4096, got 3
---
progress.bar { label = "x", total = -1 } --> progress\.bar: total must be a whole number of at least 0, got -1
---
file.columns("words.txt") --> file\.columns: words\.txt:2: must hold finite numbers, got "three"
---
file.columns("ragged.txt") --> file\.columns: ragged\.txt:2: must hold 2 numbers as the lines before, got 1
---
nbody.new { box = 64, particles = 8, seed = 1, fixed = 1 } --> fixed must be true or false, got 1
---
nbody.new { box = 64, particles = 8, seed = 1, phase = "pi" } --> phase must be a finite number, got "pi"
---
nbody.new { box = 64, particles = 8, seed = 1 }:linear_modes(4) --> sim:linear_modes: limit must be from 1 to 3, below half the particles per side, got 4
---
nbody.new { box = 64, particles = 8, seed = 1, precision = "float" } --> nbody.new: precision must be one of "single", "double", got "float"
---
nbody.from_particles { positions = array.zeros(4, 3), box = 64, z = 0, precision = 32 } --> nbody.from_particles: precision must be one of "single", "double", got 32
---
nbody.new { box = 64, particles = 8, seed = 1, normalise = "as" } --> normalise must be one of "z_start", "sigma8", "As", got "as"
---
nbody.new { box = 64, particles = 8, seed = 1, normalise = "As" } --> normalise must be "z_start" or "sigma8" in a cosmology without radiation, got "As"\n  hint: .*radiation = true
---
local fr = gravity.yukawa { beta = 0.4, mass = 0.1 }
nbody.new { box = 64, particles = 8, seed = 1, gravity = fr, normalise = "sigma8" } --> normalise must be "z_start" for a gravity that depends on scale, .*, got "sigma8"
---
local late = gravity.from(function(a) return 1 + a end)
nbody.new { box = 64, particles = 8, seed = 1, gravity = late, normalise = "sigma8" }:positions() --> first scale factor of gravity's table.* must be at most 1e-05
---
local a = { k = { 1, 2 }, p = { 3, 4 } }
stats.ratio(a, a) --> stats\.ratio: a must be a curve with a jackknife, and has no field jackknife\n  hint: measure it with errors = "boxes"
---
local function curve(n) return { r = { 1, n }, density = { 3, 4 }, jackknife = { over = "r", left_out = "boxes", density = array.new { { 1, 2 }, { 3, 4 } } } } end
stats.ratio(curve(2), curve(3)) --> stats\.ratio: b must have the points of a, got r = 3, not 2 at \[2\]
---
local function curve(what) return { r = { 1 }, density = { 3 }, jackknife = { over = "r", left_out = what, density = array.new { { 1 }, { 3 } } } } end
stats.ratio(curve("boxes"), curve("realizations")) --> b must have the samples of a, got 2 realizations, not 2 boxes\n  hint: the jackknife leaves the same one out of both
---
local a = { r = { 1 }, density = { 3 }, jackknife = { over = "r", left_out = "boxes", density = array.new { { 1 }, { 3 } } } }
stats.difference(a, a, { of = "contrast" }) --> stats\.difference: of must be a quantity that a has been measured without samples of, got "contrast"
---
power.mean { { k = { 1 }, p = { 2 }, noise = { 3 } }, { k = { 2 }, p = { 2 }, noise = { 3 } } } --> power\.mean: list\[2\] must have the k of the first curve
---
power.mean {} --> power\.mean: list must hold at least one curve
---
power.mean { { pk = { k = { 1 } } } } --> power\.mean: list\[1\] must be a curve with the field k, got a table without
---
power.mean { k = { 1 }, p = { 2 } } --> power\.mean: list must hold at least one curve\n  hint: it is a list: { curve }
---
voids.mean_profile { { r = { 1 } }, { r = { 1 } } } --> voids\.mean_profile: list\[1\]\.count must be a positive number, got nil
---
nbody.read_gadget { file = "gas.gadget" }:count() --> only particles of type 1 \(halo\) are taken, got 8 of type 0 \(gas\)
---
nbody.read_gadget { file = "zoom.gadget", others = "leave_out" } --> nbody\.read_gadget: type must be of particles that fill the box, got 1 \(halo\) with 2 % of its matter\n  hint: it has 8 of type 1 \(halo\) 8 of type 5 \(boundary\); the finest particles of a zoom
---
nbody.read_gadget { file = "whole.gadget", cosmology = cosmology.new { omega_m = 0.3 } } --> cosmology must have the omega_m of the file, 0\.315, got 0\.3
---
nbody.read_gadget { file = "whole.gadget", gravity = gravity.table { { 0.5, 1 }, { 1, 1.1 } } } --> nbody\.read_gadget: .*0\.02
---
nbody.read_gadget { file = "whole.gadget", mesh = 4 }:linear_modes(1) --> sim:linear_modes: must be called on a simulation that nbody\.new made, got a simulation of 8 given particles
---
stats.sub_boxes({ x = { 31 }, y = { 1 }, z = { 1 }, radius = { 5 } }, { box = 30 }) --> stats\.sub_boxes: catalogue must have its centres in the box, got \(31, 1, 1\) at \[1\]
