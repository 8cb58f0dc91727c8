-- How large is the largest void, with and without a fifth force?
--
-- The smallest sweep: two values of beta, two seeds, the same for both. Each
-- point is a task, done once: add a value or a seed and only that is computed.
local gravity = require "gravity"
local nbody   = require "nbody"
local sweep   = require "sweep"
local voids   = require "voids"

local opt = options {
  betas = { { 0, 0.2 }, "strengths of the force" },
  seeds = { 2, "realizations" },
}

sweep.run {
  name = "largest_void",
  over = sweep.grid { beta = opt.betas, seed = sweep.range(opt.seeds) },
  each = function(p)
    local sim = nbody.new { gravity = gravity.constant(p.beta), box = 128, particles = 32, seed = p.seed }
    sim:evolve { to = 0, steps = 20 }
    return voids.spherical(sim, { threshold = -0.7 }).radius:max()
  end,
  on_done = function(p, radius)
    print(("beta %.1f, seed %d: %.2f Mpc/h"):format(p.beta, p.seed, radius))
  end,
}

-- It prints
--
--   beta 0.0, seed 1: 19.46 Mpc/h
--   beta 0.0, seed 2: 17.54 Mpc/h
--   beta 0.2, seed 1: 24.90 Mpc/h
--   beta 0.2, seed 2: 25.10 Mpc/h
