-- How many halos of each mass are in a box, and how many does theory expect?
--
-- Friends-of-friends groups in a simulation of 64^3 particles in 128 Mpc/h, and
-- their mass function beside four curves, in the picture results/halos.png.
local checkpoint = require "checkpoint"
local cosmology  = require "cosmology"
local halos      = require "halos"
local nbody      = require "nbody"
local plot       = require "plot"

local box    = 128 -- Mpc/h
local planck = cosmology.planck2018()

local found = checkpoint.task("halos", { seed = 1 }, function(p)
  local sim = nbody.new { cosmology = planck, box = box, particles = 64, seed = p.seed }
  sim:evolve { to = 0, steps = 20 }
  return halos.fof(sim, { b = 0.2, min = 20 })
end)

-- Bins from 19.5 particles up, twice as wide each: edges between the masses that
-- groups can have.
local edges = {}
for n = 0, 5 do edges[n + 1] = 19.5 * 2 ^ n * found.particle_mass end
local counted = halos.mass_function { mass = found.mass, volume = box ^ 3, edges = edges }
local warren  = halos.theory { cosmology = planck, model = "warren", edges = edges }

print(("%d halos, the largest of %.2e Msun/h"):format(found.groups, found.mass[1] * 1e10))
print("M [Msun/h]  halos  dn/dlnM [(h/Mpc)^3]    of theory")
for i = 1, #counted.mass do
  print(("%.2e   %5d  %.2e +- %.2e  %.2f"):format(counted.mass[i] * 1e10, counted.counts[i],
    counted.density[i], counted.err[i], counted.density[i] / warren.density[i]))
end

local series = {
  { x = counted.mass * 1e10, y = counted.density, yerr = counted.err, label = "64³ particles", style = "points" },
}
for _, model in ipairs { "press-schechter", "sheth-tormen", "jenkins", "warren" } do
  local curve = halos.theory { cosmology = planck, model = model, from = edges[1], to = edges[6], bins = 30 }
  series[#series + 1] = { x = curve.mass * 1e10, y = curve.density, label = model }
end
plot.lines { file = "halos.png", logx = true, logy = true,
  xlabel = "M [h⁻¹ Msun]", ylabel = "dn/dlnM [h³ Mpc⁻³]", series = series }

-- Forces are weak within a cell of the mesh, 1 Mpc/h here, so that small halos
-- are short of particles and of their number: mesh = 192 brings back about half.

-- It prints
--
--   628 halos, the largest of 1.16e+15 Msun/h
--   M [Msun/h]  halos  dn/dlnM [(h/Mpc)^3]    of theory
--   1.93e+13     324  2.23e-04 +- 1.24e-05  0.81
--   3.86e+13     171  1.18e-04 +- 9.00e-06  0.85
--   7.71e+13      73  5.02e-05 +- 5.88e-06  0.77
--   1.54e+14      36  2.48e-05 +- 4.13e-06  0.89
--   3.09e+14      18  1.24e-05 +- 2.92e-06  1.23
