-- Samples of a structure ensemble by denoising diffusion, as mmCIF files: the
-- pipeline that users of PXDesign know, resumed sample by sample.
--
-- The input JSON names structures, looked up below its own folder. The default
-- is the NMR ensemble of 2SDF, a chemokine: 500 samples in chunks of 100, 400
-- steps, a minute on two cores. Safe to interrupt: run the same command again
-- and it continues. More samples of the same settings extend what is there.
--
-- Files go to global_run_0/NAME/seed_SEED of the run directory, which
-- --dump_dir names: predictions/NAME_sample_K.cif, summary.csv, and at the end
-- SUCCESS_FILE. A picture of each design stands in results/.
local checkpoint = require "checkpoint"
local denoiser   = require "denoiser"
local diffusion  = require "diffusion"
local picture    = require "lib.design_picture"
local read_input = require "lib.design_input"

local opt = options {
  input_json_path = {
    "data/design.json", "what to sample, a JSON file; structures that it names are looked up below its folder",
    kind = "file", folder = true,
  },
  dump_dir = { "the run directory, as --dir", kind = "rundir" },
  preset = { "extended", "how many samples: preview 100, extended 500", choices = { "preview", "extended" } },
  N_sample = { "samples of each design and seed, in place of the preset's", kind = "integer", min = 1, optional = true },
  first_sample = { 0, "index of the first sample", kind = "integer", min = 0 },
  N_step = { 400, "steps of the walk from noise to structure", kind = "integer", min = 1 },
  sample_diffusion_chunk_size = {
    "samples that walk together, at most N_sample; results do not depend on it [100]",
    kind = "integer", min = 1, optional = true,
  },
  seeds = { { 0 }, "seeds; each has a folder of its own", min = 0 },
  sampler = {
    "exact", "how to walk; all but exact keep less of the ensemble's spread",
    choices = { "exact", "edm", "af3", "af3-mini", "pxdesign" },
  },
  denoiser = {
    "ensemble", "what is sampled: all models of the structure, each blurred, or an elastic network around its first",
    choices = { "ensemble", "anm", "gnm" },
  },
  bandwidth = { 0.2, "of ensemble: standard deviation of the blur on each axis, Å", min = 0 },
  rmsf = { 1, "of anm and gnm: root mean square fluctuation, Å" },
}

local samples = opt.N_sample or ({ preview = 100, extended = 500 })[opt.preset]
local sampler = diffusion.sampler { preset = opt.sampler, steps = opt.N_step }

local function denoiser_of(model)
  if opt.denoiser == "ensemble" then
    return denoiser.ensemble { conformers = model, bandwidth = opt.bandwidth }
  end
  return denoiser[opt.denoiser] { coordinates = model:select { models = 1 }, rmsf = opt.rmsf }
end

local designs = read_input(opt.input_json_path)
print(("%d design%s, %d seed%s, %d samples each, %d steps of the %s sampler"):format(
  #designs, #designs == 1 and "" or "s", #opt.seeds, #opt.seeds == 1 and "" or "s", samples, opt.N_step, opt.sampler))

local rows = {}
for _, design in ipairs(designs) do
  local model = design.model:superpose()
  local sampled = {}
  for _, seed in ipairs(opt.seeds) do
    local out = diffusion.sample {
      name = design.name,
      seed = seed,
      first = opt.first_sample,
      samples = samples,
      chunk = opt.sample_diffusion_chunk_size,
      sampler = sampler,
      denoiser = denoiser_of(model),
      structure = model,
    }
    sampled[#sampled + 1] = out
    rows[#rows + 1] = { design = design.name, seed = seed, out = out }
  end
  picture(design.name, model, sampled)
end

print()
print("design            seed    made    kept  repaired  failed   Rg of samples [Å]")
for _, r in ipairs(rows) do
  local rg = r.out.radius_of_gyration
  print(("%-16s %5d  %6d  %6d  %8d  %6d   %s"):format(r.design, r.seed, r.out.made, r.out.kept, r.out.repaired, r.out.failed,
    #rg > 1 and ("%.2f ± %.2f"):format(rg:mean(), rg:std()) or "-"))
end
print()
print("Files: " .. checkpoint.directory())
for _, r in ipairs(rows) do
  print("  " .. r.out.folder .. "/predictions")
end
print("Pictures: results/")
