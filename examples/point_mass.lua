-- How exactly does the mesh pull?
--
-- One particle holds all mass of a box of 64 cells a side. Its force at random places
-- is compared with that of the particle, all its periodic images and the mean density,
-- which Ewald's sums give. The picture is results/point_mass.png: the 4-point gradient
-- is good from about three cells on; the spectral one rings around a point, and is
-- for smooth fields.
local array      = require "array"
local checkpoint = require "checkpoint"
local nbody      = require "nbody"
local plot       = require "plot"

local cells, shells, places = 64, 15, 20 -- per side; of two cells each; places in a shell

-- The complementary error function, by a series of positive terms.
local function erfc(x)
  local term = 2 * x / math.sqrt(math.pi) * math.exp(-x * x)
  local sum, n = term, 0
  while term > 1e-17 * sum do
    n = n + 1
    term = term * 2 * x * x / (2 * n + 1)
    sum = sum + term
  end
  return 1 - sum
end

-- The pull at (x, y, z) from a particle in a periodic box of side 1 whose
-- potential obeys Laplace(phi) = delta: images in space and waves, split at 1/alpha.
local function ewald(x, y, z)
  local alpha, fx, fy, fz = 2, 0, 0, 0
  for i = -3, 3 do
    for j = -3, 3 do
      for k = -3, 3 do
        local dx, dy, dz = x - i, y - j, z - k
        local r = math.sqrt(dx * dx + dy * dy + dz * dz)
        if r < 2.5 then
          local near = erfc(alpha * r) + 2 * alpha * r / math.sqrt(math.pi) * math.exp(-(alpha * r) ^ 2)
          local w = near / (4 * math.pi * r ^ 3)
          fx, fy, fz = fx - w * dx, fy - w * dy, fz - w * dz
        end
        local q2 = 4 * math.pi ^ 2 * (i * i + j * j + k * k)
        if q2 > 0 then
          local phase = 2 * math.pi * (i * x + j * y + k * z)
          local w = 2 * math.pi * math.exp(-q2 / (4 * alpha * alpha)) / q2 * math.sin(phase)
          fx, fy, fz = fx - w * i, fy - w * j, fz - w * k
        end
      end
    end
  end
  return fx, fy, fz
end

-- Places at distances of 1 to 31 cells from a mass at a random point of its cell.
local function compare(p)
  local mass, at, r, want = { math.random(), math.random(), math.random() }, {}, {}, {}
  for n = 1, shells * places do
    local u, length
    repeat
      u = { 2 * math.random() - 1, 2 * math.random() - 1, 2 * math.random() - 1 }
      length = math.sqrt(u[1] ^ 2 + u[2] ^ 2 + u[3] ^ 2)
    until length > 0.1 and length < 1
    r[n] = 1 + 2 * shells * (n - math.random()) / (shells * places)
    local d = {}
    for axis = 1, 3 do d[axis] = u[axis] / length * r[n] end
    at[n] = { mass[1] + d[1], mass[2] + d[2], mass[3] + d[3] }
    want[n] = { ewald(d[1] / cells, d[2] / cells, d[3] / cells) }
  end
  local sim = nbody.from_particles { positions = { mass }, box = cells, mesh = cells, z = 0, gradient = p.gradient }
  -- ∇²φ = 1.5 Ω_m H0² δ, where δ is the box's volume times a point's, less 1.
  local unit = 1.5 * 0.315 * 1e4 * cells
  return { r = r, got = sim:accelerations { at = at } / unit, want = array.new(want) }
end

local errors, pulls = {}, {}
local all = {}
for i, gradient in ipairs { "difference", "spectral" } do
  local run = checkpoint.task("point_mass", { gradient = gradient }, compare)
  local off = run.got - run.want
  local function square(a) return a:column(1) ^ 2 + a:column(2) ^ 2 + a:column(3) ^ 2 end
  local relative = (square(off) / square(run.want)):sqrt() * 100
  local middle, rms = {}, {}
  for s = 1, shells do
    local part = relative:slice((s - 1) * places + 1, s * places)
    middle[s], rms[s] = 2 * s, math.sqrt((part * part):mean())
  end
  local far = relative:filter(array.new(run.r):gt(4))
  all[i] = { name = gradient, rms = rms, far = math.sqrt((far * far):mean()), largest = far:max() }
  errors[i] = { x = middle, y = rms, label = gradient, style = "both" }
  if gradient == "difference" then
    pulls[1] = { x = run.r, y = (square(run.got) / square(run.want)):sqrt(), style = "points" }
  end
end

print("gradient     error of the force [%]  1-3    3-5    5-7 cells   4-31 cells   largest")
for _, e in ipairs(all) do
  print(("%-12s                       %5.1f  %5.2f  %5.2f         %5.2f        %5.1f"):format(
    e.name, e.rms[1], e.rms[2], e.rms[3], e.far, e.largest))
end
plot.panels {
  file = "point_mass.png", width = 7.5, height = 3.2, dpi = 100,
  panels = {
    { xlabel = "distance [cells]", ylabel = "pull / exact, 4-point gradient", ylim = { 0.85, 1.15 }, hlines = { 1 }, series = pulls },
    { xlabel = "distance [cells]", ylabel = "error, rms [%]", logy = true, series = errors },
  },
}

-- It prints
--
--   gradient     error of the force [%]  1-3    3-5    5-7 cells   4-31 cells   largest
--   difference                          18.9   3.34   0.99          0.53          5.0
--   spectral                            24.4  16.58   5.32          7.97         87.3
