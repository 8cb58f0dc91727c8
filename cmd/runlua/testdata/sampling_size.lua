-- Samples of an ensemble of made-up conformers: what sampling_test.go measures the
-- memory of, and sampling_bench_test.go the time.
local array     = require "array"
local denoiser  = require "denoiser"
local diffusion = require "diffusion"

local opt = options {
  atoms      = { 100, "atoms" },
  conformers = { 50, "conformers of the ensemble" },
  samples    = { 100, "samples" },
  chunk      = { 100, "samples in a chunk" },
  steps      = { 2, "steps" },
  kind       = { "ensemble", "denoiser", choices = { "ensemble", "anm", "process" } },
  files      = { true, "write mmCIF files" },
}

-- Spirals with some noise, 3.8 Å from atom to atom.
local rows = {}
for k = 1, opt.conformers do
  local row = {}
  for i = 1, opt.atoms do
    row[#row + 1] = { 2.3 * math.cos(1.75 * i) + math.random(), 2.3 * math.sin(1.75 * i) + math.random(), 1.5 * i + math.random() }
  end
  rows[k] = row
end
local conformers = array.new(rows)
local model
if opt.kind == "ensemble" then
  model = denoiser.ensemble { conformers = conformers }
elseif opt.kind == "anm" then
  model = denoiser.anm { coordinates = rows[1] }
else
  model = denoiser.process { command = { "python3", "../../../examples/denoiser/client.py" } }
end
local out = diffusion.sample {
  name = "size", denoiser = model, samples = opt.samples, chunk = opt.chunk, files = opt.files,
  sampler = diffusion.sampler { preset = "af3", steps = opt.steps },
}
print(out.made)
