-- A task of two stages: the first is skipped, evolves and all, once the task has
-- saved its own state. The last simulation begins like the first and must not
-- take up its end.
local checkpoint = require "checkpoint"
local nbody      = require "nbody"

print(checkpoint.task("stages", {}, function(_, task)
  local same = { box = 64, particles = 8, seed = 1 }
  if not task:load() then
    local first = nbody.new(same)
    first:evolve { to = 5, steps = 3 }
    first:evolve { to = 0, steps = 6 }
    task:save { stage = 1 }
  end
  local second = nbody.new { box = 64, particles = 8, seed = 2 }
  second:evolve {
    steps = 8,
    on_step = function()
      local x = 0
      for i = 1, 300000 do
        x = x + i
      end
    end,
  }
  local third = nbody.new(same)
  third:evolve { to = 0, steps = 6 }
  return ("%.17g"):format(third:energy().kinetic)
end))
