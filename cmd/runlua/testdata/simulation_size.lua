-- A simulation of any size, taken a few steps, for its peak memory:
--   /usr/bin/time -v runlua --checkpoint-every 1 cmd/runlua/testdata/simulation_size.lua --particles 256
local checkpoint = require "checkpoint"
local nbody = require "nbody"

local opt = options {
  particles = { 128, "per side; twice as many mesh cells", kind = "integer" },
  steps = { 3, "steps to z = 9", kind = "integer" },
  precision = { "single", "of the simulation", choices = { "single", "double" } },
}

local z = checkpoint.task("sim", {}, function()
  local sim = nbody.new { box = 2 * opt.particles, particles = opt.particles, seed = 1, precision = opt.precision }
  sim:evolve { to = 9, steps = opt.steps }
  return sim:z()
end)
print("z = " .. z)
