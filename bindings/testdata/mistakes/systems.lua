nbody.direct { positions = { { 0, 0, 0 }, { 1, 0 } }, velocities = {}, masses = { 1, 1 } } --> nbody\.direct: positions must have lists of the same length at each level, got 2 after 3 at \[2\]
---
nbody.direct { positions = { { 0, 0, 0 } }, velocities = { { 0, 0, 0 } }, masses = { 1, 1 } } --> positions must have the shape 2×3, three numbers for each of the masses, got an array of 1×3 numbers
---
nbody.direct { positions = { { 0, 0, 0 } }, velocities = { { 0, 0, 0 } }, masses = { -1 } } --> masses must be finite and not negative, got -1 for particle 1
---
nbody.direct { positions = { { 0, 0, 0 } }, velocities = { { 0, 0, 0 } }, masses = {} } --> positions must have the shape 0×3
---
nbody.direct { positions = { { 0, 0, 0 } }, velocities = { { 0, 0, 0 } }, masses = { 1 }, G = 0 } --> G must be a positive number, got 0
---
nbody.direct { positions = { { 0, 0, 0 } }, velocities = { { 0, 0, 0 } }, masses = { 1 }, softning = 1 } --> there is no argument "softning"\n  hint: did you mean "softening"\?
---
nbody.direct { positions = { { 0, 0, 0 } }, velocities = { { 0, 0, 0 } }, masses = { 1 }, precision = "half" } --> nbody\.direct: precision must be one of "double", "single", got "half"
---
nbody.plummer { n = 1, seed = 1 } --> nbody\.plummer: n must be a whole number from 2
---
nbody.plummer { n = 10 } --> seed is required
---
nbody.two_body { masses = { 1, 1 }, eccentricity = 1 } --> nbody\.two_body: eccentricity must be at least 0 and below 1, got 1
---
nbody.two_body { masses = { 1, 1, 1 } } --> masses must be two numbers, got an array of 3 numbers
---
nbody.two_body { masses = { 0, 0 } } --> masses must not both be 0
---
nbody.units { length = "parsec" } --> nbody\.units: length must be one of "AU", "pc", "kpc", "Mpc", got "parsec"
---
nbody.units { velocity = "km/s", time = "Gyr" } --> time must not be given beside a velocity
---
local system = nbody.direct(nbody.plummer { n = 10, seed = 1 })
system.energy() --> system:energy: call it with a colon
---
local system = nbody.direct(nbody.plummer { n = 10, seed = 1 })
system:evolve { dt = 0.1 } --> system:evolve: to or time is required
---
local system = nbody.direct(nbody.plummer { n = 10, seed = 1 })
system:evolve { to = 1 } --> dt or steps is required
---
local system = nbody.direct(nbody.plummer { n = 10, seed = 1 })
system:evolve { to = 1, time = 1, dt = 0.1 } --> time must not be given beside to
---
local system = nbody.direct(nbody.plummer { n = 10, seed = 1 })
system:evolve { to = 1, dt = 0.3 } --> dt must fill the time 1 with a whole number of steps, got 0\.3\n  hint: steps = 4 makes steps of 0\.25
---
local system = nbody.direct(nbody.plummer { n = 10, seed = 1 })
system:evolve { to = 0, steps = 3 } --> to must be a time other than the current one, 0, got 0
---
local bodies = nbody.two_body { masses = { 1, 1 } }
bodies.positions = { { 1, 1, 1 }, { 1, 1, 1 } }
local system = nbody.direct(bodies)
system:evolve { to = 1, steps = 3 } --> system:evolve: step 1/3: the force on particle 1 is not finite: it may stand where another does \(a softening above 0 keeps forces finite\)
---
local system = nbody.direct(nbody.plummer { n = 10, seed = 1 })
system:evolve { to = 1, steps = 4, on_step = function() --> step 2/4: record or on_step evolved the system itself
  system:evolve { time = 1, steps = 1 }
end }
---
local system = nbody.direct(nbody.plummer { n = 10, seed = 1 })
system:lagrangian_radii { 0.5, 2 } --> fractions must be from 0 to 1, got 2 at \[2\]
---
local system = nbody.direct { positions = { { 0, 0, 0 } }, velocities = { { 0, 0, 0 } }, masses = { 1 } }
system:virial_ratio() --> system:virial_ratio: has no value where no particle is pulled by another
---
local sim = nbody.new { box = 64, particles = 8, mesh = 16, seed = 1 }
sim.evolve(nbody.direct(nbody.plummer { n = 10, seed = 1 }), { steps = 2 }) --> sim:evolve: must be called on a simulation, got a system of 10 particles
