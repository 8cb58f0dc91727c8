halos.fof({}) --> halos\.fof: sim must be a simulation, got a table
---
local sim = nbody.new { box = 64, particles = 8, mesh = 16, seed = 1 }
halos.fof(sim, { b = 2 }) --> halos\.fof: b must be a number from 0\.01 to 1, got 2
---
local sim = nbody.new { box = 64, particles = 8, mesh = 16, seed = 1 }
halos.fof(sim, { minimum = 20 }) --> there is no argument "minimum"
---
local sim = nbody.new { box = 64, particles = 8, mesh = 16, seed = 1 }
halos.fof(sim, { min = 1 }) --> min must be a whole number of at least 2, got 1
---
local sim = nbody.new { box = 64, particles = 8, mesh = 16, seed = 1 }
halos.fof(sim, { correct = "waren" }) --> correct must be one of "none", "warren", got "waren" \(did you mean "warren"\?\)
---
halos.mass_function { mass = { 1, 2 }, volume = 1 } --> halos\.mass_function: takes edges, or from and to$
---
halos.mass_function { mass = { 1, 2 }, volume = 1, edges = { 1, 2 }, bins = 3 } --> takes either edges or from, to and bins
---
halos.mass_function { mass = { 1, 2 }, volume = 1, from = 1 } --> takes from and to together
---
halos.mass_function { mass = { 1, 2 }, volume = 1, from = 2, to = 1 } --> halos\.mass_function: the highest edge must be above the lowest \(2\) and finite, got 1
---
halos.mass_function { mass = { 1, -2 }, volume = 1, edges = { 1, 2 } } --> halos\.mass_function: masses must be positive and finite, got -2 at 1
---
halos.mass_function { catalogues = { { mass = { 8 } } }, box = 64, edges = { 1, 2 } } --> halos\.mass_function: catalogues\[1\]\.x must be a list of finite numbers, got nil
---
halos.mass_function { mass = { 1, 2 }, volume = 0, edges = { 1, 2 } } --> volume must be a positive number, got 0
---
halos.theory { model = "sheth-torman", mass = { 1 } } --> model must be one of .*got "sheth-torman" \(did you mean "sheth-tormen"\?\)
---
halos.theory { z = 0 } --> halos\.theory: takes either mass, or edges, or from and to
---
halos.theory { mass = { 1 }, edges = { 1, 2 } } --> halos\.theory: takes either mass, or edges
---
halos.theory { mass = { 1e14 } } --> halos\.theory: mass must be from 1e-05 to 1e\+10 \(1e10 Msun/h\), got 1e\+14\n  hint: masses are in 1e10 Msun/h
---
halos.theory { edges = { 1e3, 1e14 } } --> halos\.theory: mass must be from 1e-05 to 1e\+10 \(1e10 Msun/h\)
---
halos.theory { cosmology = 0.3, mass = { 1 } } --> cosmology must be a cosmology, got 0\.3
