-- Sixteen small simulations: what BenchmarkWorkers times.
local nbody = require "nbody"
local sweep = require "sweep"

sweep.run {
  name = "energy",
  over = sweep.grid { seed = sweep.range(16) },
  each = function(p)
    local sim = nbody.new { box = 128, particles = 32, mesh = 64, seed = p.seed }
    sim:evolve { to = 0, steps = 20 }
    return sim:energy().kinetic
  end,
}
