-- Two simulations whose tasks write a file each: what kill_test.go stops in the
-- middle of writing it.
local checkpoint = require "checkpoint"
local export     = require "export"
local nbody      = require "nbody"

local total = 0
for seed = 1, 2 do
  total = total + checkpoint.task("positions", { seed = seed }, function(p)
    local sim = nbody.new { box = 64, particles = 16, mesh = 32, seed = p.seed }
    sim:evolve { steps = 6 }
    local x = sim:positions()
    export.npz("positions_" .. p.seed .. ".npz", { x = x })
    return x:sum()
  end)
end
export.text("total.txt", ("%.17g\n"):format(total))
