-- Do the largest modes of a box grow as linear theory says, whatever the gravity?
--
-- Boxes of 500 Mpc/h whose amplitude is a hundredth of the universe's, so that they
-- stay linear from z = 49 to today, with amplitudes fixed and only phases random.
-- The growth of the longest waves is compared with the growth equation at each step.
-- The picture is results/growth.png.
local checkpoint = require "checkpoint"
local cosmology  = require "cosmology"
local gravity    = require "gravity"
local nbody      = require "nbody"
local plot       = require "plot"
local power      = require "power"

local box   = 500 -- Mpc/h
local faint = cosmology.new { sigma8 = 0.00811 }

-- The power of the waves as long as the box.
local function longest(sim)
  return power.spectrum(sim, { k_max = 1.1 * 2 * math.pi / box }).p[1]
end

local function run(p)
  local sim = nbody.new {
    cosmology = faint, gravity = gravity.constant(p.beta), box = box, particles = 16, seed = 1, fixed = true,
  }
  local start = longest(sim)
  local d = faint:growth(49)
  return sim:evolve {
    to = 0, stepper = p.stepper, spacing = p.spacing, steps = p.steps,
    record = function(s)
      local linear = faint:growth(math.max(s:z(), 0), gravity.constant(p.beta), 49)
      return { a = s:a(), growth = math.sqrt(longest(s) / start) * d, linear = linear }
    end,
  }
end

local curves, errors = {}, {}
local colours = { "blue", "vermillion", "green", "purple" }
print("                             D(today)   linear theory   off by")
for i, p in ipairs {
  { beta = 0, stepper = "fastpm", spacing = "a", steps = 25 },
  { beta = 0.2, stepper = "fastpm", spacing = "a", steps = 25 },
  { beta = -0.2, stepper = "fastpm", spacing = "lna", steps = 25 },
  { beta = 0, stepper = "quinn", spacing = "lna", steps = 100 },
} do
  local rows = checkpoint.task("growth", p, run)
  local a, measured, linear, off = {}, {}, {}, {}
  for j, row in ipairs(rows) do
    a[j], measured[j], linear[j] = row.a, row.growth / row.a, row.linear / row.a
    off[j] = 100 * (row.growth / row.linear - 1)
  end
  errors[i] = { x = a, y = off, label = ("β = %g, %s"):format(p.beta, p.stepper), colour = colours[i] }
  if p.stepper == "fastpm" then
    curves[#curves + 1] = { x = a, y = measured, label = ("β = %g"):format(p.beta), style = "points", colour = colours[i] }
    curves[#curves + 1] = { x = a, y = linear, colour = "grey" }
  end
  local last = rows[#rows]
  print(("%+.1f  %-6s %3d in %-4s        %.4f       %.4f       %+.2f %%"):format(
    p.beta, p.stepper, p.steps, p.spacing == "a" and "a" or "ln a", last.growth, last.linear, off[#off]))
end

plot.panels {
  file = "growth.png", width = 8.5, height = 3.4, dpi = 100,
  panels = {
    { xlabel = "a", ylabel = "D/a", ylim = { 0.4, 2.6 }, series = curves },
    { xlabel = "a", ylabel = "growth off by [%]", ylim = { -0.1, 0.5 }, hlines = { 0 }, series = errors },
  },
}

-- It prints
--
--                                D(today)   linear theory   off by
--   +0.0  fastpm  25 in a           1.0016       1.0000       +0.16 %
--   +0.2  fastpm  25 in a           1.4639       1.4613       +0.18 %
--   -0.2  fastpm  25 in ln a        0.6644       0.6634       +0.14 %
--   +0.0  quinn  100 in ln a        1.0012       1.0000       +0.12 %
