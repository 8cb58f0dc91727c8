nbody.from_particles { positions = { { 1, 2 } }, box = 10, z = 0 } --> nbody\.from_particles: positions must have the shape n×3, got an array of 1×2 numbers
---
nbody.from_particles { positions = { 1, 2, 3 }, box = 10, z = 0 } --> positions must have the shape n×3, got an array of 3 numbers\n  hint: array\.from_columns
---
nbody.from_particles { positions = { { 1, 2, 3 } }, velocities = { { 1, 2, 3 }, { 1, 2, 3 } }, box = 10, z = 0 } --> velocities must have the shape of the positions, 1×3, got an array of 2×3 numbers
---
nbody.from_particles { positions = { { 1, 2, 3 } }, velocities = array.zeros(1, 3) / 0, box = 10, z = 0 } --> velocities must be finite, got NaN in row 1, column 1
---
nbody.from_particles { positions = array.zeros(0, 3), box = 10, z = 0 } --> count must be from 1 to 8192³ particles, got 0
---
nbody.from_particles { positions = { { 1, 2, 3 } }, box = 10 } --> z is required
---
nbody.from_particles { positions = array.zeros(100, 3), box = 10, z = 0, mesh = 4 } --> mesh must have at least as many cells as there are particles, got 4³ < 100
---
nbody.from_particles { positions = { { 1, 2, 3 } }, momenta = { { 1, 2, 3 } }, box = 10, z = 0 } --> there is no argument "momenta"
---
local sim = nbody.new { box = 64, particles = 8, mesh = 16, seed = 1 }
sim:accelerations { at = { 1, 2, 3 } } --> sim:accelerations: at must have the shape n×3, got an array of 3 numbers
---
array.from_columns { { 1, 2 }, { 3 } } --> array\.from_columns: columns\[2\] must be as long as the first column, got 1 numbers and 2
---
array.from_columns { { { 1, 2 } } } --> columns\[1\] must be one-dimensional, got an array of 1×2 numbers
---
array.from_columns {} --> columns must be a list of at least one array
