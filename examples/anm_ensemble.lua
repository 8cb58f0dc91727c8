-- Does a network of springs know which parts of a protein move?
--
-- An elastic network (ANM) sees one structure, here model 1 of the NMR ensemble
-- 1ADZ: springs between CA atoms nearer than 15 Å. 200 conformers of it are drawn
-- by diffusion, each a file in global_run_0/1adz_anm/seed_0/predictions. Are they
-- the network's, and do they move where the 30 NMR models differ?
-- See results/anm_ensemble.png; results/1adz_anm.cif is model 1 with B-factors.
local denoiser  = require "denoiser"
local diffusion = require "diffusion"
local plot      = require "plot"
local stats     = require "stats"
local structure = require "structure"

local models  = structure.read("data/1adz_ca.cif", { atoms = "CA" })
local model   = models:select { models = 1 }
local residue = models:residue_numbers()

-- The stiffness of the springs can't be told from one structure: 1 Å of fluctuation
-- on average is a choice.
local network = denoiser.anm { coordinates = model, rmsf = 1 }
local drawn = diffusion.sample {
  name = "1adz_anm", structure = model, denoiser = network, sampler = "exact", samples = 200, chunk = 100,
}

-- A mode of the network must come out with its own variance, whatever it is.
local rmsf   = structure.rmsf(drawn.coordinates, { superpose = false })
local theory = (network:bfactors() * (3 / (8 * math.pi ^ 2))):sqrt()
local ratio  = rmsf / theory
print(("%d conformers: RMSF %.2f to %.2f times the network's, %.3f on average"):format(
  #drawn.indices, ratio:min(), ratio:max(), ratio:mean()))
print(("radius of gyration %.2f +- %.2f Å, of model 1 %.2f Å"):format(
  drawn.radius_of_gyration:mean(), drawn.radius_of_gyration:std(), model:radius_of_gyration()[1]))

-- The NMR models, superposed on their fold: the ends before and behind it swing freely.
local fold = residue:ge(10) * residue:le(66)
local nmr = models:superpose({ weights = fold }):rmsf { superpose = false }
print("Correlation of the RMSFs of network and NMR models")
for _, part in ipairs { { "all residues", residue:ge(1) }, { "the fold, 10 to 66", fold } } do
  local r2 = stats.linear_fit(theory:filter(part[2]), nmr:filter(part[2])).r2
  print(("  %-20s %.2f"):format(part[1], math.sqrt(r2)))
end

plot.lines {
  file = "anm_ensemble.png", width = 7, height = 4, dpi = 100, xlabel = "residue", ylabel = "RMSF [Å]", logy = true,
  series = {
    { x = residue, y = nmr, label = "30 NMR models", colour = "grey" },
    { x = residue, y = theory, label = "network", colour = "orange" },
    { x = residue, y = rmsf, label = "200 conformers drawn", style = "points", colour = "blue" },
  },
}
structure.write { file = "1adz_anm.cif", structure = model, bfactors = structure.bfactors(rmsf),
  entry = "1ADZ-ANM", title = "1ADZ, B-factors of an ANM ensemble", source = "1ADZ" }

-- It prints
--
--   200 conformers: RMSF 0.92 to 1.06 times the network's, 0.997 on average
--   radius of gyration 12.23 +- 0.07 Å, of model 1 12.19 Å
--   Correlation of the RMSFs of network and NMR models
--     all residues         0.81
--     the fold, 10 to 66   0.71
