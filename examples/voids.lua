-- How many voids are there of each size, and what do they look like inside?
--
-- One box of 64^3 particles: its size function beside the Vdn curve of theory,
-- and the density around its voids, stacked by their radii. The picture is
-- results/voids.png. The smallest voids suffer from the mesh, 2 Mpc/h here.
local checkpoint = require "checkpoint"
local nbody      = require "nbody"
local plot       = require "plot"
local voids      = require "voids"

local box, threshold = 256, -0.7 -- Mpc/h; contrast within a void

local run = checkpoint.task("voids", { box = box, threshold = threshold, seed = 1 }, function(p)
  local sim = nbody.new { box = p.box, particles = 64, seed = p.seed }
  sim:evolve { to = 0, steps = 20 }
  local found = voids.spherical(sim, { threshold = p.threshold })
  return {
    size = voids.size_function { catalogues = { found }, box = p.box, from = 7, to = 22, bins = 10 },
    profile = voids.profile(sim, found, { min_radius = 8, to = 3, bins = 24 }),
  }
end)
local size, profile = run.size, run.profile

local vdn = voids.theory { threshold = threshold, radius = size.r }
local curve = voids.theory { threshold = threshold, radius = linspace(7, 22, 61) }

plot.panels {
  file = "voids.png", width = 11, height = 4.6,
  panels = {
    {
      title = "size function", xlabel = "R [h⁻¹ Mpc]", ylabel = "dn/dlnR [h³ Mpc⁻³]", logx = true, logy = true,
      series = {
        { x = size.r, y = size.density, yerr = size.err, label = "spheres at δ = −0.7", style = "points" },
        { x = curve.r, y = curve.density, label = "Vdn" },
      },
    },
    {
      title = "stacked profile", xlabel = "r/R", ylabel = "δ", hlines = { 0, threshold }, vlines = { 1 },
      series = {
        { x = profile.r, y = profile.contrast, yerr = profile.err, label = "at r", style = "both" },
        { x = profile.outer, y = profile.enclosed, label = "within r" },
      },
    },
  },
}

print(("barrier %.3f, R = %.3f R_L"):format(vdn.delta_v, vdn.ratio))
print("R [Mpc/h]  dn/dlnR [(h/Mpc)^3]    over Vdn")
for i = 1, 10 do
  print(("%7.2f    %.2e ± %.1e    %5.2f"):format(size.r[i], size.density[i], size.err[i], size.density[i] / vdn.density[i]))
end
print(("%d voids from 8 Mpc/h: contrast %.2f in the middle, %.2f just beyond R, %.2f within R"):format(
  profile.count, profile.contrast[2], profile.contrast[9], profile.enclosed[8]))

-- It prints
--
--   barrier -1.798, R = 1.494 R_L
--   R [Mpc/h]  dn/dlnR [(h/Mpc)^3]    over Vdn
--      7.41    1.70e-04 ± 9.1e-06     1.41
--      8.31    1.30e-04 ± 7.6e-06     1.67
--      9.32    9.32e-05 ± 8.3e-06     1.93
--     10.45    5.78e-05 ± 4.8e-06     2.02
--     11.72    4.42e-05 ± 4.1e-06     2.74
--     13.14    3.54e-05 ± 4.6e-06     4.18
--     14.74    2.34e-05 ± 3.5e-06     5.73
--     16.52    1.35e-05 ± 2.3e-06     7.64
--     18.53    7.29e-06 ± 1.9e-06    10.88
--     20.78    3.12e-06 ± 1.1e-06    14.68
--   734 voids from 8 Mpc/h: contrast -0.83 in the middle, -0.26 just beyond R, -0.71 within R
