-- Which parts of a protein move? Fluctuations in an ensemble of NMR models.
--
-- The 30 models of PDB entry 1ADZ, superposed on their mean; the picture
-- results/fluctuations.png shows the RMSF of each residue, and results/mean.cif
-- holds the mean structure with B-factors of these fluctuations, to be coloured
-- by in PyMOL or ChimeraX.
local plot      = require "plot"
local structure = require "structure"

local models = structure.read("data/1adz_ca.cif", { atoms = "CA" })
print(("%s: %d models of %d residues"):format(models:id(), models:models(), models:atoms()))

-- NMR models lie as the authors left them: superpose before comparing places.
local aligned, rmsd = models:superpose()
local rmsf    = aligned:rmsf { superpose = false }
local rg      = models:radius_of_gyration()
local residue = models:residue_numbers()
print(("RMSD from the mean %.2f to %.2f Å, radius of gyration %.2f +- %.2f Å"):format(
  rmsd:min(), rmsd:max(), rg:mean(), rg:std()))

-- The ends swing and drag the superposition along: weigh them by what moves least.
local core = rmsf:lt(rmsf:median())
local _, around_core = models:superpose { weights = core }
print(("RMSD of the stiffer half from its mean %.2f Å"):format(around_core:mean()))

local letters = models:sequence()[1].sequence
local loose, stiff = rmsf:argmax(), rmsf:argmin()
for _, i in ipairs { loose, stiff } do
  print(("%s%d moves by %.2f Å"):format(letters:sub(i, i), residue[i], rmsf[i]))
end

plot.lines { file = "fluctuations.png", xlabel = "residue", ylabel = "RMSF [Å]",
  series = { { x = residue, y = rmsf, label = "1ADZ, 30 models", style = "both" } } }

structure.write { file = "mean.cif", structure = aligned:mean(), bfactors = structure.bfactors(rmsf),
  entry = "1ADZ-mean", title = "mean of 30 models, B from their fluctuations", source = "PDB 1ADZ" }

-- It prints
--
--   1ADZ: 30 models of 71 residues
--   RMSD from the mean 1.76 to 4.01 Å, radius of gyration 12.81 +- 0.49 Å
--   RMSD of the stiffer half from its mean 0.38 Å
--   D1 moves by 10.35 Å
--   Y30 moves by 0.64 Å
