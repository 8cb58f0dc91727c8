-- Does the error of a run fall with the square of its number of steps?
--
-- The same particles are taken from z = 9 to 3, where they cluster but do not yet
-- move chaotically, with more and more steps, and compared with a run of 1000. A
-- leapfrog of second order has a quarter of the error with twice the steps. The
-- picture is results/convergence.png.
local checkpoint = require "checkpoint"
local nbody      = require "nbody"
local plot       = require "plot"

local box, side, counts = 64, 16, { 8, 16, 32, 64, 128 }

local function positions(p)
  local sim = nbody.new { box = box, particles = side, seed = 1, z_start = 9, precision = "double" }
  sim:evolve { to = 3, stepper = p.stepper, spacing = p.spacing, steps = p.steps }
  return sim:positions()
end

local exact = checkpoint.task("run", { stepper = "quinn", spacing = "lna", steps = 1000 }, positions)

local series = {}
print("                 error [mesh cells, rms] with steps                 when doubled")
print(("                 %8d %8d %8d %8d %8d     divided by"):format(unpack(counts)))
for _, stepper in ipairs { "fastpm", "quinn" } do
  for _, spacing in ipairs { "a", "lna" } do
    local errors = {}
    for i, steps in ipairs(counts) do
      local x = checkpoint.task("run", { stepper = stepper, spacing = spacing, steps = steps }, positions)
      local off = (x - exact + box / 2) % box - box / 2
      errors[i] = math.sqrt((off * off):sum() / side ^ 3) * 2 * side / box
    end
    local label = stepper .. " in " .. (spacing == "a" and "a" or "ln a")
    print(("%-16s %.2e %.2e %.2e %.2e %.2e     %.2f %.2f"):format(label, errors[1], errors[2], errors[3], errors[4], errors[5],
      errors[2] / errors[3], errors[3] / errors[4]))
    series[#series + 1] = { x = counts, y = errors, label = label, style = "both" }
  end
end
local slope = {}
for i, steps in ipairs(counts) do
  slope[i] = 2 * series[3].y[1] * (counts[1] / steps) ^ 2
end
series[#series + 1] = { x = counts, y = slope, label = "1/steps²", dashed = true, colour = "grey" }
plot.lines { file = "convergence.png", width = 5, height = 3.6, dpi = 100, logx = true, logy = true,
  xlabel = "steps from z = 9 to 3", ylabel = "error [mesh cells, rms]", series = series }

-- It prints
--
--                    error [mesh cells, rms] with steps                 when doubled
--                           8       16       32       64      128     divided by
--   fastpm in a      4.46e-04 1.10e-04 2.78e-05 7.02e-06 1.66e-06     3.97 3.95
--   fastpm in ln a   3.76e-04 9.40e-05 2.35e-05 5.88e-06 1.43e-06     4.00 4.00
--   quinn in a       6.72e-04 1.67e-04 4.20e-05 1.05e-05 2.50e-06     3.97 3.98
--   quinn in ln a    1.65e-03 4.12e-04 1.03e-04 2.57e-05 6.35e-06     4.00 4.01
