cosmology.spectrum { file = "ragged.txt" } --> cosmology\.spectrum: ragged\.txt: line 2 of the spectrum must hold two numbers, k and P, got 1
---
cosmology.spectrum { file = "power.txt" } --> power\.txt: the units of the spectrum are not clear: no comment names them
---
cosmology.spectrum { file = "power.txt", units = "Mpc" } --> units must be one of "auto", "h/Mpc", "1/Mpc", got "Mpc"
---
cosmology.spectrum { file = "power.txt", units = "h/Mpc" } --> to be normalised to sigma8 the spectrum must cover k from 0\.005 to 1 h/Mpc, got 0\.01 to 2
---
local s = cosmology.spectrum { file = "power.txt", units = "h/Mpc", amplitude = "file" }
nbody.new { box = 1000, particles = 8, seed = 1, spectrum = s } --> nbody\.new: spectrum must cover k from 0\.006283 to 0\.03265 h/Mpc, the modes of this box, got a table from 0\.01 to 2\n  hint: it is not extrapolated
---
local s = cosmology.spectrum { file = "power.txt", units = "h/Mpc", amplitude = "file" }
cosmology.planck2018():linear_power({ 0.1, 3 }, 0, nil, nil, s) --> linear_power: k must be within the spectrum's table, 0\.01 to 2 h/Mpc, got 3
---
local s = cosmology.spectrum { file = "power.txt", units = "h/Mpc", amplitude = "file" }
nbody.new { box = 100, particles = 8, seed = 1, spectrum = s, cosmology = cosmology.new { h = 0.7 } } --> spectrum must be of the same h, got 0\.6736, not 0\.7
---
nbody.new { box = 100, particles = 8, seed = 1, spectrum = "power.txt" } --> spectrum must be a spectrum, got "power\.txt"
---
local s = cosmology.spectrum { file = "power.txt", units = "h/Mpc", amplitude = "file" }
halos.theory { mass = { 1000, 1 }, spectrum = s } --> halos\.theory: spectrum must cover the scales of a mass of 1000, k up to 2\.66 h/Mpc and from 0\.0\d+, got a table from 0\.01 to 2\n  hint: it is not extrapolated
---
local s = cosmology.spectrum { file = "eh.txt", units = "h/Mpc" }
voids.theory { radius = { 0.1 }, spectrum = s } --> voids\.theory: spectrum must cover the scales of a void of 0\.1 Mpc/h
---
local s = cosmology.spectrum { file = "eh.txt", units = "h/Mpc" }
voids.theory { radius = { 10 }, spectrum = s, cosmology = cosmology.new { h = 0.7 } } --> voids\.theory: spectrum must be of the same h, got 0\.6736, not 0\.7
---
halos.theory { mass = { 1 }, z = 60, gravity = gravity.constant(0.1) } --> halos\.theory: z must be below z_start, got 60 >= 49
---
voids.theory { radius = { 10 }, gravity = gravity.table { { 0.1, 1 }, { 1, 1.1 } } } --> voids\.theory: .*0\.1
