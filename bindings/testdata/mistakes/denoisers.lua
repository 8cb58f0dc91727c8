denoiser.mixture { means = { 1, 2 }, covariances = { 1 } } --> denoiser\.mixture: means must have the shape components × coordinates, got an array of 2 numbers
---
denoiser.mixture { means = { { 0, 0 }, { 1, 1 } }, covariances = { 1, 2, 3 } } --> covariances must have the shape 2, 2×2 or 2×2×2, got an array of 3 numbers
---
denoiser.mixture { means = { { 0, 0 }, { 1, 1 } }, covariances = { 1, -2 } } --> covariance of component 2 must not be negative, got -2 at \[1\]
---
denoiser.mixture { means = { { 0, 0 } }, covariances = { { { 1, 2 }, { 2, 1 } } } } --> covariance of component 1 must have no negative eigenvalue, got -1
---
denoiser.mixture { means = { { 0, 0 } }, covariances = { { { 1, 2 }, { 3, 1 } } } } --> must be symmetric, got 3 at \[2\]\[1\] and 2 at \[1\]\[2\]
---
denoiser.mixture { means = { { 0 }, { 1 } }, covariances = { 1, 1 }, weights = { 1 } } --> weights must be 2 numbers, got 1
---
denoiser.mixture { means = { { 0 }, { 1 } }, covariances = { 1, 1 }, weights = { 1, 0 } } --> weights must be positive, got 0 at \[2\]
---
denoiser.ensemble { conformers = { 1, 2, 3 } } --> conformers must have the shape atoms × 3 or conformers × atoms × 3, got an array of 3 numbers
---
denoiser.ensemble { conformers = "1adz" } --> conformers must be a structure or an array of shape atoms × 3 or conformers × atoms × 3, got "1adz"
---
denoiser.ensemble { conformers = { { 0, 0, 0 } }, bandwidth = -1 } --> bandwidth must be a number of at least 0, got -1
---
denoiser.ensemble { conformers = { { { 0, 0, 0 } }, { { 1, 0, 0 } } }, weights = { 1 } } --> weights must be 2 numbers, got 1
---
denoiser.anm { coordinates = { { 0, 0, 0 }, { 1, 0, 0 } } } --> denoiser\.anm: atoms must be from 3 to 1500, got 2
---
denoiser.anm { coordinates = { { 0, 0, 0 }, { 1, 0, 0 }, { 2, 0, 0 }, { 40, 0, 0 } } } --> cutoff must link all atoms to one network, got 2 pieces at 15 Å: no chain of links leads from atom 1 to atom 4
---
denoiser.anm { coordinates = { { 0, 0, 0 }, { 1, 0, 0 }, { 2, 0, 0 }, { 3, 0, 0 } } } --> cutoff must make a network with 6 modes without restoring force, got \d+ at 15 Å
---
denoiser.anm { coordinates = { { { 0, 0, 0 } }, { { 1, 0, 0 } } } } --> coordinates must be those of one conformer, got 2
---
denoiser.gnm { coordinates = { { 0, 0, 0 }, { 1, 0, 0 }, { 1, 0, 0 } } } --> coordinates must differ from atom to atom, got atoms 2 and 3 in one place
---
denoiser.gnm { coordinates = { { 0, 0, 0 }, { 1, 0, 0 }, { 2, 0, 0 } }, scale = 1, rmsf = 1 } --> rmsf must not be given beside scale, got 1
---
denoiser.rouse { beads = 1 } --> beads must be a whole number of at least 2, got 1
---
denoiser.rouse { beads = 5 }:bfactors() --> denoiser:bfactors: needs an elastic network, got denoiser\.rouse of 5 atoms
---
denoiser.lua { fn = function(x) return x end } --> atoms or dim is required
---
denoiser.lua { fn = function(x) return x end, dim = 3, atoms = 1 } --> atoms or dim is required, one of them
---
denoiser.lua { fn = function(x) return x end, dim = 3, equivariant = true } --> equivariant must be false for coordinates that are no points in space
---
denoiser.lua { fn = print, dim = 3 } --> the function is the host's own, not a Lua function
