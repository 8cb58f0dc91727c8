diffusion.sample { denoiser = denoiser.rouse { beads = 3 }, samples = 2 } --> diffusion\.sample: name is required
---
diffusion.sample { name = "a/b", denoiser = denoiser.rouse { beads = 3 }, samples = 2 } --> name must be a name of letters, digits and _ \. -, got "a/b"
---
diffusion.sample { name = ("x"):rep(101), denoiser = denoiser.rouse { beads = 3 }, samples = 2 } --> name must have at most 100 letters, as it becomes part of file names, got 101
---
diffusion.sample { name = "a", denoiser = "rouse", samples = 2 } --> denoiser must be a denoiser, got "rouse"
---
diffusion.sample { name = "a", denoiser = denoiser.rouse { beads = 3 }, samples = 0 } --> samples must be a whole number from 1 to 2147483647, got 0
---
diffusion.sample { name = "a", denoiser = denoiser.rouse { beads = 3 }, samples = 2, chunk = 3 } --> chunk must be at most the number of samples, got 3 > 2
---
diffusion.sample { name = "a", denoiser = denoiser.rouse { beads = 3 }, samples = 10, first = 2147483640 } --> samples must end below index 2\^31, got 10 from 2147483640
---
diffusion.sample { name = "a", denoiser = denoiser.rouse { beads = 3 }, samples = 2, seed = 0.5 } --> seed must be
---
diffusion.sample { name = "a", denoiser = denoiser.rouse { beads = 3 }, samples = 2, steps = 5 } --> there is no argument "steps"
---
diffusion.sample { name = "a", denoiser = denoiser.rouse { beads = 3 }, samples = 2, sampler = "alphafold" } --> sampler must be one of .*"af3".*, got "alphafold"
---
diffusion.sample { name = "a", denoiser = denoiser.rouse { beads = 3 }, samples = 2, structure = structure.read("two.pdb") } --> structure must have the denoiser's 3 atoms, got 2
---
diffusion.draw { denoiser = denoiser.mixture { means = { { 0, 1 } }, covariances = { 1 } }, samples = 2, sampler = diffusion.sampler { augment = true } } --> augment
---
diffusion.draw { denoiser = denoiser.lua { dim = 1, fn = function(x) return (x * 0):log() * 0 end }, samples = 1 } --> diffusion\.draw: sample 0 failed: coordinate 1 is NaN after step 1
---
diffusion.draw { denoiser = denoiser.lua { dim = 1, fn = function(x) return nil end }, samples = 1 } --> diffusion\.draw: step 1/200: denoiser\.lua: fn must return an array of the shape of x, 1×1, got nil
---
diffusion.sample { name = "a", denoiser = denoiser.mixture { means = { { 0, 1 } }, covariances = { 1 } }, samples = 2, structure = structure.read("two.pdb") } --> structure must not be given for a denoiser whose coordinates are no points in space
