-- How does one sample a model of one's own? A denoiser in twenty lines of Lua.
--
-- Two beads at a fixed distance b that point anywhere, their centre in a normal
-- distribution. Given noisy places, d apart, the mean of the clean places is known:
-- their difference is the mean of a von Mises-Fisher distribution on the sphere of
-- radius b, b (coth κ − 1/κ) along d, κ = b|d|/2σ². See results/lua_denoiser.png.
local array      = require "array"
local checkpoint = require "checkpoint"
local denoiser   = require "denoiser"
local diffusion  = require "diffusion"
local plot       = require "plot"

local bond, spread = 3.8, 2 -- Å: between the beads, of their centre on each axis

-- x is samples × (x y z of bead 1, x y z of bead 2); all samples at once.
local function clean(x, sigma)
  local middle, apart, distance = {}, {}, 0
  for axis = 1, 3 do
    middle[axis] = (x:column(axis) + x:column(axis + 3)) / 2
    apart[axis]  = x:column(axis) - x:column(axis + 3)
    distance     = distance + apart[axis] ^ 2
  end
  distance = distance ^ 0.5
  local kappa = distance * (bond / (2 * sigma ^ 2))
  local e     = (kappa * -2):exp()
  local reach = ((1 + e) / (1 - e) - 1 / kappa) * bond / distance / 2
  local keep  = spread ^ 2 / (spread ^ 2 + sigma ^ 2 / 2) -- two beads know the centre better
  local columns = {}
  for axis = 1, 3 do
    columns[axis], columns[axis + 3] = middle[axis] * keep + apart[axis] * reach, middle[axis] * keep - apart[axis] * reach
  end
  return array.from_columns(columns)
end
local dumbbell = denoiser.lua { atoms = 2, fn = clean }

local samples, bins, series = 4000, 10, {}
print("           length [Å]         χ² of cos θ, 9 ± 4   variance of the centre [Å²]")
for _, preset in ipairs { "exact", "af3", "pxdesign" } do
  local sampler = diffusion.sampler { preset = preset }
  local x = checkpoint.task("beads", { preset = preset }, function()
    return diffusion.draw { denoiser = dumbbell, sampler = sampler, samples = samples, label = preset }
  end):reshape(samples, 6)
  local squared = 0
  for axis = 1, 3 do squared = squared + (x:column(axis) - x:column(axis + 3)) ^ 2 end
  local length = squared ^ 0.5
  -- A random direction has every height alike (Archimedes).
  local cosine = (x:column(3) - x:column(6)) / length
  local h, chi2 = cosine:histogram { bins = bins, range = { -1, 1 } }, 0
  for i = 1, bins do chi2 = chi2 + (h.counts[i] - samples / bins) ^ 2 / (samples / bins) end
  -- The sum of the beads over √2 is a mode of variance 2·spread².
  local centre = 0
  for axis = 1, 3 do centre = centre + ((x:column(axis) + x:column(axis + 3)) / 2):var(0) / 3 end
  local predicted = sampler:predicted_variance(2 * spread ^ 2) / 2
  print(("%-9s  %.4f to %.4f   %6.1f               %.2f, predicted %.2f ± %.2f"):format(
    preset, length:min(), length:max(), chi2, centre, predicted, predicted * (2 / (3 * samples)) ^ 0.5))
  series[#series + 1] = { x = h.centres, y = h.counts, yerr = h.counts ^ 0.5, label = preset, style = "points" }
end
plot.lines { file = "lua_denoiser.png", width = 6, height = 3.6, dpi = 100, xlabel = "cos θ", ylabel = "samples",
  xlim = { -1, 1 }, ylim = { 0, 1.5 * samples / bins }, spread = true,
  hlines = { { value = samples / bins, label = "any direction alike" } }, series = series }

-- It prints
--
--              length [Å]         χ² of cos θ, 9 ± 4   variance of the centre [Å²]
--   exact      3.8000 to 3.8000      7.7               3.92, predicted 4.01 ± 0.05
--   af3        3.7999 to 3.8023     11.0               1.50, predicted 1.52 ± 0.02
--   pxdesign   3.7811 to 3.8194      3.7               1.09, predicted 1.10 ± 0.01
