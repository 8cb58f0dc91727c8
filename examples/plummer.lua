-- Does a star cluster in equilibrium stay as it is?
--
-- A Plummer sphere of 512 stars in N-body units (G = M = 1, E = -1/4), for ten of
-- these units: 3.5 crossing times. The energy error stays small, the radii that hold a
-- tenth, half and nine tenths of the mass do not drift beyond their scatter, and
-- 2T/|W| stays near 1. The plot is results/plummer.png.
local checkpoint = require "checkpoint"
local nbody      = require "nbody"
local plot       = require "plot"

local fractions = { 0.1, 0.5, 0.9 }

local rows = checkpoint.task("cluster", { n = 512, seed = 1 }, function(p)
  local sphere = nbody.plummer { n = p.n, seed = p.seed }
  sphere.softening = 0.02
  local system = nbody.direct(sphere)
  local energy = system:energy().total
  return system:evolve {
    time = 10,
    dt = 0.01,
    every = 20,
    record = function(s)
      return {
        t = s:time(),
        error = math.abs(s:energy().total / energy - 1),
        virial = s:virial_ratio(),
        radii = s:lagrangian_radii(fractions),
      }
    end,
  }
end)

local times, errors = {}, {}
local radii = { {}, {}, {} }
for i, row in ipairs(rows) do
  times[i], errors[i] = row.t, math.max(row.error, 1e-16)
  for k = 1, 3 do
    radii[k][i] = row.radii[k]
  end
end

print("   t   energy error  2T/|W|   r(10 %)  r(50 %)  r(90 %)")
for i = 10, #rows, 10 do
  local row = rows[i]
  print(("%5.1f    %.1e     %.3f    %.3f    %.3f    %.3f"):format(
    row.t, row.error, row.virial, row.radii[1], row.radii[2], row.radii[3]))
end

local lines = {}
for k, fraction in ipairs(fractions) do
  lines[k] = { x = times, y = radii[k], label = ("%d %% of the mass"):format(100 * fraction), style = "line" }
end
plot.panels {
  file = "plummer.png", columns = 1,
  panels = {
    { xlabel = "t", ylabel = "|E/E₀ − 1|", logy = true, series = { { x = times, y = errors, label = "energy", style = "line" } } },
    { xlabel = "t", ylabel = "Lagrangian radius", logy = true, series = lines },
  },
}

-- It prints
--
--      t   energy error  2T/|W|   r(10 %)  r(50 %)  r(90 %)
--     2.0    9.2e-05     1.031    0.287    0.712    1.927
--     4.0    1.4e-04     0.987    0.301    0.745    2.085
--     6.0    1.5e-04     0.971    0.262    0.774    2.237
--     8.0    1.2e-04     1.022    0.260    0.729    2.129
--    10.0    1.2e-04     0.998    0.283    0.725    1.871
