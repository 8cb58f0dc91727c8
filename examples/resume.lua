-- What does an interrupted run lose?
--
-- A simulation that records its kinetic energy every tenth step. Press Ctrl+C
-- while it runs, or kill it, and start it again: it takes up its last snapshot,
-- and the rows are the same as without the interruption.
--
--   runlua --checkpoint-every 5 examples/resume.lua
local checkpoint = require "checkpoint"
local nbody      = require "nbody"

local rows = checkpoint.task("energies", {}, function()
  local sim = nbody.new { box = 128, particles = 32, seed = "an example" }
  return sim:evolve {
    to = 0,
    steps = 60,
    every = 10,
    record = function(s)
      return { z = s:z(), kinetic = s:energy().kinetic }
    end,
  }
end)

print("     z    kinetic energy [(km/s)²]")
for _, row in ipairs(rows) do
  print(("%7.3f  %12.1f"):format(math.abs(row.z), row.kinetic))
end

-- It prints
--
--        z    kinetic energy [(km/s)²]
--     4.455       32104.1
--     1.885       61005.8
--     0.961       87540.1
--     0.485      106607.3
--     0.195      115920.8
--     0.000      117590.5
