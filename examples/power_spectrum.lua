-- Does a simulation's power spectrum follow linear theory on large scales?
--
-- One simulation of 64^3 particles in 512 Mpc/h from z = 49 to today, and its
-- P(k) beside the linear one, whose modes it began with.
local checkpoint = require "checkpoint"
local cosmology  = require "cosmology"
local nbody      = require "nbody"
local power      = require "power"

local planck = cosmology.planck2018()

local measured = checkpoint.task("power", { seed = 1 }, function(p)
  local sim = nbody.new { cosmology = planck, box = 512, particles = 64, seed = p.seed }
  local start = power.spectrum(sim)
  sim:evolve { to = 0, steps = 20 }
  local now = power.spectrum(sim)
  return { k = now.k, start = start.p, now = now.p }
end)

-- Growth of the measured power since z = 49, in units of the linear growth: the
-- scatter of the few large modes cancels.
local d = planck:growth(49)
print("k [h/Mpc]   P(k)     linear P  growth/linear")
for i = 1, 8 do
  local k = measured.k[i]
  print(("%.4f   %9.1f  %9.1f     %.3f"):format(
    k, measured.now[i], planck:linear_power(k), measured.now[i] / measured.start[i] * d ^ 2))
end

-- It prints
--
--   k [h/Mpc]   P(k)     linear P  growth/linear
--   0.0174     20515.7    23256.0     0.980
--   0.0295     18843.3    19210.9     0.970
--   0.0419     12637.0    14207.7     0.988
--   0.0544     11966.0    11376.6     0.987
--   0.0671      8776.7     9793.6     0.961
--   0.0791      7764.3     8369.8     0.989
--   0.0913      6810.6     6667.5     0.951
--   0.1037      5530.2     5257.0     0.996
