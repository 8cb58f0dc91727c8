-- The same simulation three times, some steps of each in turn: without callbacks,
-- with record, with on_step. BenchmarkHost times what lies between two lines.
local nbody = require "nbody"

local opt = options {
  particles = { 32, "per side" },
  turns = { 15, "times these steps of each" },
  steps = { 40, "between two lines" },
}

local function simulation()
  return nbody.new { box = 4 * opt.particles, particles = opt.particles, mesh = 2 * opt.particles, seed = 1 }
end

local shown
local kinds = {
  { name = "plain", sim = simulation() },
  { name = "record", sim = simulation(), record = function(s) return { s:z(), s:a(), s:count() } end },
  { name = "on_step", sim = simulation(), on_step = function(s, step) shown = ("step %d, z = %.2f"):format(step, s:z()) end },
}

for turn = 1, opt.turns do
  local a = 0.02 + 0.98 * turn / opt.turns
  for place = 1, #kinds do
    local kind = kinds[(turn + place) % #kinds + 1]
    if turn == 1 then kind.sim:z() end -- initial conditions
    print("begin")
    kind.sim:evolve { to = 1 / a - 1, steps = opt.steps, record = kind.record, on_step = kind.on_step }
    print(kind.name)
  end
end
assert(shown)
