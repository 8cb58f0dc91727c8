-- How many realizations does a power spectrum need?
--
-- Modes of fixed amplitude, and of each seed a second box with opposite phases
-- (Angulo & Pontzen 2016): the mean of such a pair knows the large scales far
-- better than that of two random boxes, for the same work.
local nbody = require "nbody"
local power = require "power"
local sweep = require "sweep"

local opt = options { pairs = { 4, "pairs of boxes of either kind" } }

-- As many boxes of either kind. The paired box is its partner with phase π.
local points = {}
for seed = 1, 2 * opt.pairs do
  table.insert(points, { fixed = false, seed = seed, phase = 0 })
end
for seed = 1, opt.pairs do
  table.insert(points, { fixed = true, seed = seed, phase = 0 })
  table.insert(points, { fixed = true, seed = seed, phase = math.pi })
end

local spectra = sweep.run {
  name = "spectra",
  over = points,
  each = function(p)
    local sim = nbody.new { box = 250, particles = 32, seed = p.seed, fixed = p.fixed, phase = p.phase }
    sim:evolve { to = 0, steps = 10 }
    return power.spectrum(sim)
  end,
}

-- A random box is a realization by itself, of the fixed ones the mean of a pair.
local random, fixed = {}, {}
for i, p in ipairs(points) do
  if not p.fixed then
    table.insert(random, spectra[i])
  elseif p.phase ~= 0 then
    table.insert(fixed, power.mean { spectra[i - 1], spectra[i] })
  end
end
random, fixed = power.mean(random), power.mean(fixed)

-- The error of one pair, from that of the mean of all.
print("k [h/Mpc]    P(k)   random pair   fixed pair")
for i = 1, 5 do
  local function percent(mean) return 100 * mean.err[i] / mean.p[i] * math.sqrt(opt.pairs) end
  print(("%.4f    %8.1f     %5.1f %%      %5.2f %%"):format(fixed.k[i], fixed.p[i], percent(random), percent(fixed)))
end

-- It prints
--
--   k [h/Mpc]    P(k)   random pair   fixed pair
--   0.0356     16364.8      14.5 %       0.37 %
--   0.0603     10223.4       7.3 %       0.79 %
--   0.0858      7134.2       8.4 %       2.07 %
--   0.1113      4625.0       6.8 %       0.88 %
--   0.1374      3655.8       6.1 %       1.62 %
