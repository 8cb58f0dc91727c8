-- Samples of made-up conformers: what sampling_test.go measures the memory of, and
-- sampling_bench_test.go the time.
local denoiser  = require "denoiser"
local diffusion = require "diffusion"

local opt = options {
  kind       = { "ensemble", "denoiser", choices = { "ensemble", "anm", "process" } },
  atoms      = { 100, "atoms" },
  conformers = { 50, "conformers of the ensemble" },
  samples    = { 100, "samples" },
  chunk      = { 100, "samples in a chunk" },
  steps      = { 2, "steps" },
}

-- A helix of CA atoms, and conformers around it.
local helix = {}
for i = 1, opt.atoms do
  helix[#helix + 1] = 2.3 * math.cos(1.745 * i)
  helix[#helix + 1] = 2.3 * math.sin(1.745 * i)
  helix[#helix + 1] = 1.5 * i
end
local around = denoiser.mixture { means = { helix }, covariances = { 1 } }
local function conformers(n)
  return diffusion.draw { denoiser = around, samples = n, seed = 1, sampler = "af3-mini" }:reshape(n, opt.atoms, 3)
end

local model
if opt.kind == "ensemble" then
  model = denoiser.ensemble { conformers = conformers(opt.conformers) }
elseif opt.kind == "anm" then
  model = denoiser.anm { coordinates = conformers(1) }
else
  model = denoiser.process { command = { "python3", "sampling_size.py" }, atoms = opt.atoms }
end
local out = diffusion.sample {
  name = "size", denoiser = model, samples = opt.samples, chunk = math.min(opt.chunk, opt.samples),
  sampler = diffusion.sampler { preset = "af3", steps = opt.steps },
}
print(out.made)
