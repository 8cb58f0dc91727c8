-- Two simulations whose tasks write a file each: what kill_test.go stops in the
-- middle of writing it.
local export = require "export"
local nbody  = require "nbody"
local sweep  = require "sweep"

local sums = sweep.run {
  name = "positions",
  over = sweep.grid { seed = sweep.range(2) },
  each = function(p)
    local sim = nbody.new { box = 64, particles = 16, mesh = 32, seed = p.seed }
    sim:evolve { steps = 6 }
    local x = sim:positions()
    export.npz("positions_" .. p.seed .. ".npz", { x = x })
    return x:sum()
  end,
}
export.text("total.txt", ("%.17g\n"):format(sums[1] + sums[2]))
