-- Does a model in Python lead samples to where the formula does?
--
--   runlua --allow-exec python3 examples/denoiser_process.lua
--
-- denoiser/mixture.py stands for any trained model: it runs as a process of its
-- own and is asked for clean coordinates D(x, σ) over a pipe, in single precision.
-- docs/denoiser-protocol.md tells how; denoiser/client.py is that page in Python.
local array    = require "array"
local denoiser = require "denoiser"

local model = denoiser.process { command = { "python3", "denoiser/mixture.py" } }
local exact = denoiser.mixture {
  means       = { { -2, 0 }, { 2, 1 }, { 0, -3 } },
  covariances = { .25, .16, .09 },
  weights     = { .5, .3, .2 },
}

-- The walk without noise, Euler's steps of dx/dσ = (x − D(x, σ))/σ.
local function walk(d, x, largest, steps)
  for i = steps, 1, -1 do
    local sigma, next_sigma = largest * (i / steps)^3, largest * ((i - 1) / steps)^3
    x = x + (next_sigma - sigma) / sigma * (x - d:denoise(x, sigma))
  end
  return x
end

local start = {}
for i = 1, 12 do
  local angle = 2 * math.pi * i / 12
  start[i] = { 40 * math.cos(angle), 40 * math.sin(angle) }
end
local by_model = walk(model, array.new(start), 40, 60)
local by_formula = walk(exact, array.new(start), 40, 60)

print("    from               to")
for i = 1, 12, 3 do
  local from, to = start[i], by_model:row(i)
  print(("(%5.1f, %5.1f)   (%6.3f, %6.3f)"):format(from[1], from[2], to[1], to[2]))
end
-- Single precision knows a coordinate of 40 to 2e-6, and 60 steps add up.
local worst = (by_model - by_formula):abs():max()
print("largest difference of 12 walks: " .. (worst < 1e-5 and "below 1e-5" or worst))

-- It prints
--
--       from               to
--   ( 34.6,  20.0)   ( 1.982,  1.013)
--   (-20.0,  34.6)   (-1.911,  0.403)
--   (-34.6, -20.0)   (-2.140, -0.385)
--   ( 20.0, -34.6)   ( 0.084, -2.818)
--   largest difference of 12 walks: below 1e-5
