-- Samples of a real ensemble: what sampling_test.go stops in the middle of a chunk.
-- slow asks a script's own denoiser, which prints a line after each step.
local denoiser  = require "denoiser"
local diffusion = require "diffusion"
local structure = require "structure"

local opt = options {
  structure = { "models", kind = "file" },
  samples = { 24, "samples" },
  first   = { 0, "index of the first" },
  chunk   = { 10, "samples in a chunk" },
  steps   = { 600, "steps" },
  seed    = { 5, "of the noise" },
  slow    = { false, "print after each step, and take a while for it" },
}

local models = structure.read(opt.structure)
local ensemble = denoiser.ensemble { conformers = models:superpose() }
local model = ensemble
if opt.slow then
  model = denoiser.lua { atoms = ensemble:atoms(), fn = function(x, sigma)
    local clean, sum = ensemble:denoise(x, sigma), 0
    for i = 1, 400000 do
      sum = sum + i
    end
    print "step"
    return clean
  end }
end
local out = diffusion.sample {
  name = "sdf1", denoiser = model, structure = models, seed = opt.seed,
  samples = opt.samples, first = opt.first, chunk = opt.chunk,
  sampler = diffusion.sampler { preset = "af3", steps = opt.steps },
}
print(("%d made, %d kept, %d repaired, %d failed"):format(out.made, out.kept, out.repaired, out.failed))
