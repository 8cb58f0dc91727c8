-- A sweep whose points draw random numbers, keep rows and a state of their own,
-- and share a task: interrupt_test.go stops it with one worker and with two.
local checkpoint = require "checkpoint"
local nbody      = require "nbody"
local sweep      = require "sweep"

local function busy(n)
  local sum = 0
  for _ = 1, n do
    sum = sum + math.random()
  end
  return sum
end

local function shared(q)
  return nbody.new { box = 64, particles = 8, seed = q.parity }:energy().kinetic + busy(200000)
end

sweep.run {
  name = "point",
  over = sweep.grid { seed = sweep.range(4) },
  each = function(p, task)
    local first = task:load()
    if not first then
      first = { drawn = busy(200000) }
      task:save(first)
    end
    local sim = nbody.new { box = 64, particles = 8, seed = p.seed }
    local rows = sim:evolve { steps = 4, record = function() return busy(100000) end }
    return { first.drawn, rows, checkpoint.task("shared", { parity = p.seed % 2 }, shared) }
  end,
  on_done = function(p, r)
    print(("%d %.17g %.17g %.17g %.17g"):format(p.seed, r[1], r[2][1], r[2][4], r[3]))
  end,
}
