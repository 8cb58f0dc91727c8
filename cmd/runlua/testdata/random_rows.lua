-- Rows that draw random numbers for some time: interrupt_test.go stops it within
-- a row.
local checkpoint = require "checkpoint"
local nbody      = require "nbody"

local rows = checkpoint.task("rows", {}, function()
  local sim = nbody.new { box = 64, particles = 8, seed = 1 }
  return sim:evolve {
    steps = 4,
    record = function()
      local sum = 0
      for _ = 1, 400000 do
        sum = sum + math.random()
      end
      return sum
    end,
    on_step = function() math.random() end,
  }
end)
for _, row in ipairs(rows) do
  print(("%.17g"):format(row))
end
