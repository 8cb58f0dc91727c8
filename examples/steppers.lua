-- How many steps does a simulation need, of which kind?
--
-- The same particles are taken from z = 49 to today by FastPM's factors and by
-- Quinn's, in steps uniform in a and in ln a, and compared with a run of many steps:
-- how far particles are from where they belong, their power spectrum, the mean
-- radius of the voids, and its ratio between two strengths of gravity, which a
-- calibration is after. Safe to interrupt. The table of docs/numerics.md is of
--
--   runlua examples/steppers.lua --particles 64 --quinn 40,100,300,500 --reference 1500
local array      = require "array"
local checkpoint = require "checkpoint"
local export     = require "export"
local gravity    = require "gravity"
local nbody      = require "nbody"
local power      = require "power"
local sweep      = require "sweep"
local voids      = require "voids"

local opt = options {
  particles = { 24, "particles per side, 4 Mpc/h apart", kind = "integer" },
  seed      = { 1, "of the initial conditions", kind = "integer" },
  beta      = { 0.2, "strength of the fifth force in the ratio" },
  fastpm    = { { 10, 20, 40 }, "numbers of steps with FastPM's factors" },
  quinn     = { { 40, 100 }, "numbers of steps with Quinn's factors" },
  reference = { 200, "steps of the converged run, Quinn's in ln a", kind = "integer" },
}

local wave_numbers = { 0.05, 0.2, 0.7 } -- h/Mpc
local cut = 8                            -- Mpc/h, smallest void in the mean

-- Evolves a simulation as p says and measures it.
local function evolved(p)
  local sim = nbody.new {
    gravity = gravity.constant(p.beta), box = 4 * opt.particles, particles = opt.particles, seed = opt.seed,
    precision = "double",
  }
  sim:evolve { to = 0, stepper = p.stepper, spacing = p.spacing, steps = p.steps,
    label = ("%s in %s, β=%.1f"):format(p.stepper, p.spacing, p.beta) }
  local spectrum = power.spectrum(sim)
  local at = {}
  for i, k in ipairs(wave_numbers) do
    at[i] = spectrum.p[(spectrum.k - k):abs():argmin()]
  end
  local radius = voids.spherical(sim, { threshold = -0.7 }).radius
  radius = radius:filter(radius:gt(cut))
  return { positions = sim:positions(), power = at, voids = #radius, radius = radius:mean() }
end

-- The converged run, done once for each beta.
local function reference(beta)
  return checkpoint.task("reference", { beta = beta, steps = opt.reference }, function(p)
    return evolved { beta = p.beta, stepper = "quinn", spacing = "lna", steps = p.steps }
  end)
end

local function compare(p)
  local got, want = evolved(p), reference(p.beta)
  local box = 4 * opt.particles
  local cells = ((got.positions - want.positions + box / 2) % box - box / 2) * (2 * opt.particles / box)
  local square = cells * cells
  local distance = square:column(1) + square:column(2) + square:column(3)
  return {
    rms = math.sqrt(distance:mean()), median = math.sqrt(distance:median()), largest = math.sqrt(distance:max()),
    power = array.new(got.power) / array.new(want.power), voids = got.voids, radius = got.radius,
  }
end

local kinds = {}
for _, stepper in ipairs { "fastpm", "quinn" } do
  for _, spacing in ipairs { "a", "lna" } do
    for _, steps in ipairs(opt[stepper]) do
      kinds[#kinds + 1] = { stepper = stepper, spacing = spacing, steps = steps }
    end
  end
end

local points = {}
for _, beta in ipairs { 0, opt.beta } do
  for _, kind in ipairs(kinds) do
    points[#points + 1] = { beta = beta, stepper = kind.stepper, spacing = kind.spacing, steps = kind.steps }
  end
end
local found = sweep.run { name = "stepper", over = points, each = compare }

-- A run's cost is its force evaluations, one a step and one more.
local base, other = reference(0), reference(opt.beta)
local converged = other.radius / base.radius
print(("converged: %d voids above %d Mpc/h, mean radius %.3f Mpc/h, at beta = %g %.4f times that"):format(
  base.voids, cut, base.radius, opt.beta, converged))
print("                     cost   off by [cells]         P(k) / converged - 1 [%]       voids [%]")
print(("steps               /40  median   rms  largest  k=%-7g k=%-7g k=%-7g   radius  ratio"):format(unpack(wave_numbers)))
local rows = {}
for i, kind in ipairs(kinds) do
  local one, two = found[i], found[i + #kinds]
  local radius = 100 * (one.radius / base.radius - 1)
  local ratio = 100 * (two.radius / one.radius / converged - 1)
  local p = (one.power - 1) * 100
  rows[i] = {
    stepper = kind.stepper, spacing = kind.spacing, steps = kind.steps, cost = (kind.steps + 1) / 41,
    median = one.median, rms = one.rms, largest = one.largest, p1 = p[1], p2 = p[2], p3 = p[3], radius = radius, ratio = ratio,
  }
  print(("%-6s in %-3s %4d  %5.2f  %6.3f %6.3f  %6.2f  %+8.3f  %+8.3f  %+8.3f   %+7.3f %+7.3f"):format(
    kind.stepper, kind.spacing, kind.steps, rows[i].cost, one.median, one.rms, one.largest, p[1], p[2], p[3], radius, ratio))
end
export.csv("steppers.csv", rows, { columns = {
  "stepper", "spacing", "steps", "cost", "median", "rms", "largest", "p1", "p2", "p3", "radius", "ratio" } })

-- It prints
--
--   converged: 46 voids above 8 Mpc/h, mean radius 10.394 Mpc/h, at beta = 0.2 1.0968 times that
--                        cost   off by [cells]         P(k) / converged - 1 [%]       voids [%]
--   steps               /40  median   rms  largest  k=0.05    k=0.2     k=0.7       radius  ratio
--   fastpm in a     10   0.27   0.044  0.077    0.62    -0.084    -2.577    -5.848    -0.359  +1.452
--   fastpm in a     20   0.51   0.016  0.028    0.24    -0.018    -0.941    -2.151    +0.408  -0.404
--   fastpm in a     40   1.00   0.006  0.009    0.07    +0.001    -0.307    -0.741    +0.255  -0.225
--   fastpm in lna   10   0.27   0.019  0.096    2.78    -0.179    -2.615   -12.576    +0.117  +0.790
--   fastpm in lna   20   0.51   0.005  0.016    0.38    -0.033    -0.571    -2.438    -0.315  +0.208
--   fastpm in lna   40   1.00   0.001  0.003    0.07    +0.004    -0.124    -0.558    +0.220  -0.211
--   quinn  in a     40   1.00   0.064  0.077    0.29    -3.395    -4.119    -5.664    -0.653  +2.262
--   quinn  in a    100   2.46   0.012  0.014    0.05    -0.628    -0.760    -1.037    -0.707  +0.465
--   quinn  in lna   40   1.00   0.007  0.010    0.07    -0.395    -0.583    -1.166    -1.112  +0.903
--   quinn  in lna  100   2.46   0.001  0.001    0.01    -0.049    -0.073    -0.146    -0.010  +0.005
