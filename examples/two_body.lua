-- How well does a leapfrog keep two bodies on their ellipse?
--
-- A planet of 1/1000 of its star's mass, on an orbit of eccentricity 0.6, for
-- ten periods. It began at pericentre: the energy error falls back at each one and
-- does not grow. Half the step makes it four times smaller, and the distance from
-- where Kepler's solution is, too. The plot is results/two_body.png.
local checkpoint = require "checkpoint"
local nbody      = require "nbody"
local plot       = require "plot"

local units = nbody.units { length = "AU", mass = "Msun", time = "yr" }
local orbit = { masses = { 1, 1e-3 }, eccentricity = 0.6, G = units.G }

local function separation(positions)
  return { positions[2][1] - positions[1][1], positions[2][2] - positions[1][2] }
end

local runs = {}
for _, steps in ipairs { 500, 1000, 2000 } do
  runs[#runs + 1] = checkpoint.task("orbit", { steps_per_period = steps }, function(p)
    local bodies, period = nbody.two_body(orbit)
    local system = nbody.direct(bodies)
    local energy = system:energy().total
    local rows = system:evolve {
      time = 10 * period,
      steps = 10 * p.steps_per_period,
      every = p.steps_per_period / 50,
      record = function(s)
        return { orbits = s:time() / period, error = math.abs(s:energy().total / energy - 1) }
      end,
    }
    -- A whole number of periods has passed: the orbit is back where it began.
    local now, exact = separation(system:positions()), separation(bodies.positions)
    return { rows = rows, off = math.sqrt((now[1] - exact[1]) ^ 2 + (now[2] - exact[2]) ^ 2) }
  end)
  runs[#runs].steps = steps
end

local series = {}
print("steps/period   largest energy error   place after 10 periods [AU off]")
for i, run in ipairs(runs) do
  local orbits, errors, largest = {}, {}, 0
  for k, row in ipairs(run.rows) do
    orbits[k], errors[k] = row.orbits, math.max(row.error, 1e-16)
    largest = math.max(largest, row.error)
  end
  print(("%8d           %.3e                %.5f"):format(run.steps, largest, run.off))
  series[i] = { x = orbits, y = errors, label = ("%d steps per period"):format(run.steps), style = "line" }
end
plot.lines { file = "two_body.png", xlabel = "periods", ylabel = "|E/E₀ − 1|", logy = true, series = series }

-- It prints
--
--   steps/period   largest energy error   place after 10 periods [AU off]
--        500           1.171e-03                0.21303
--       1000           2.926e-04                0.05390
--       2000           7.313e-05                0.01348
