-- Does another program find the same power spectrum, and is it right?
--
-- A plain numpy program, kernels/nbody/testdata/second_opinion.py, was given the
-- particles of this simulation at z = 49, took them to today by the same ten steps,
-- and a second one, power_spectrum.py, measured them. Their P(k) is in
-- data/second_opinion.csv. Linear theory is that of the same modes, grown from their
-- own power at z = 49: ten of Quinn's steps are far from it, as both programs agree,
-- and forty of FastPM's are near. The picture is results/second_opinion.png.
local array      = require "array"
local checkpoint = require "checkpoint"
local cosmology  = require "cosmology"
local file       = require "file"
local gravity    = require "gravity"
local nbody      = require "nbody"
local plot       = require "plot"
local power      = require "power"

local planck, law = cosmology.planck2018(), gravity.constant(0.1)

local function simulation(p)
  local sim = nbody.new { cosmology = planck, gravity = law, box = 128, particles = 32, seed = p.seed, precision = "double" }
  local start = power.spectrum(sim)
  sim:evolve { to = 0, stepper = p.stepper, steps = p.steps }
  local now = power.spectrum(sim)
  return { k = now.k, start = start.p, now = now.p }
end
local run = checkpoint.task("simulation", { seed = 7, stepper = "quinn", steps = 10 }, simulation)
local better = checkpoint.task("simulation", { seed = 7, stepper = "fastpm", steps = 40 }, simulation)

local other = file.columns "data/second_opinion.csv"
local k, numpy = other[1], other[2]
local linear = run.start * (planck:growth(0, law, 49) / planck:growth(49)) ^ 2
local below = run.k:lt(math.pi * 32 / 128) -- the lattice's Nyquist wave number

print("k [h/Mpc]       P(k)       numpy's   over linear, 10 steps   40 of FastPM")
for _, i in ipairs { 1, 3, 8, 15 } do
  print(("%.4f      %9.3f     %9.3f     %.3f                   %.3f"):format(
    run.k[i], run.now[i], numpy[i], run.now[i] / linear[i], better.now[i] / linear[i]))
end
local off = (array.new(run.now) / numpy - 1):abs():max()
assert((k - run.k):abs():max() < 1e-12 and off < 1e-10)
print(("all %d shells agree within 1e-10"):format(#k))

plot.panels {
  file = "second_opinion.png", width = 8.5, height = 3.4, dpi = 100,
  panels = {
    { xlabel = "k [h Mpc⁻¹]", ylabel = "P(k) [h⁻³ Mpc³]", logx = true, logy = true, series = {
      { x = run.k, y = run.now, label = "runlua, 10 steps" }, { x = k, y = numpy, label = "numpy", style = "points" },
      { x = run.k:filter(below), y = linear:filter(below), label = "linear theory", dashed = true } } },
    { xlabel = "k [h Mpc⁻¹]", ylabel = "P(k) / linear theory", logx = true, logy = true, hlines = { 1 }, series = {
      { x = run.k:filter(below), y = (run.now / linear):filter(below), label = "10 steps of Quinn", style = "both" },
      { x = run.k:filter(below), y = (better.now / linear):filter(below), label = "40 of FastPM", style = "both" } } },
  },
}

-- It prints
--
--   k [h/Mpc]       P(k)       numpy's   over linear, 10 steps   40 of FastPM
--   0.0695       6133.947      6133.947     0.689                   0.929
--   0.1676       2664.702      2664.702     0.673                   0.911
--   0.4147        774.804       774.804     1.326                   1.978
--   0.7594        381.705       381.705     2.076                   3.290
--   all 31 shells agree within 1e-10
