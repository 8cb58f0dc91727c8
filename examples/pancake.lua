-- Does a plane wave collapse as Zel'dovich's exact solution says?
--
-- Particles of one's own: a wave of the size of the box in a universe of matter
-- alone, x = q - a sin(kq)/k with its momentum, from a = 0.02 to 0.9 of the moment at
-- which it collapses. Until then the solution is exact. The picture is
-- results/pancake.png; sheets of mass one cell thick are softened by the mesh, and
-- that is the error which is left.
local array      = require "array"
local checkpoint = require "checkpoint"
local cosmology  = require "cosmology"
local nbody      = require "nbody"
local plot       = require "plot"

local box, side, z_start, a_end = 64, 32, 49, 0.9 -- Mpc/h, particles, redshift, scale factor
local k = 2 * math.pi / box

-- Displacement and velocity [km/s] of the sheet q at the scale factor a; in this
-- universe da/dt = a^-1/2 in units of H0.
local function exact(q, a)
  local psi = -math.sin(k * q) / k
  return a * psi, 100 * math.sqrt(a) * psi
end

local function collapse(p)
  local x, y, z, v = {}, {}, {}, {}
  for i = 0, side - 1 do
    for j = 0, side - 1 do
      for l = 0, side - 1 do
        local n, h = #x + 1, box / side
        local d, speed = exact((i + 0.25) * h, 1 / (1 + z_start)) -- half a mesh cell off its points
        x[n], y[n], z[n], v[n] = (i + 0.25) * h + d, (j + 0.25) * h, (l + 0.25) * h, speed
      end
    end
  end
  local still = array.zeros(#x)
  local sim = nbody.from_particles {
    cosmology = cosmology.new { omega_m = 1 }, box = box, z = z_start,
    positions = array.from_columns { x, y, z }, velocities = array.from_columns { v, still, still },
  }
  sim:evolve { to = 1 / a_end - 1, stepper = p.stepper, spacing = p.spacing, steps = p.steps }
  -- One particle of each sheet: the others are where it is.
  local positions, velocities = sim:positions(), sim:velocities()
  local out = { q = {}, x = {}, v = {}, off = {}, across = (positions:column(2) - array.new(y)):abs():max() }
  for i = 0, side - 1 do
    local n, q = i * side * side + 1, (i + 0.25) * box / side
    out.q[i + 1], out.x[i + 1], out.v[i + 1] = q, positions[n][1], velocities[n][1]
    out.off[i + 1] = (positions[n][1] - q - exact(q, a_end) + box / 2) % box - box / 2
  end
  return out
end

local runs = {}
print("steps              displacement off by [rms]   across [Mpc/h]")
for i, p in ipairs {
  { stepper = "fastpm", spacing = "a", steps = 10 },
  { stepper = "fastpm", spacing = "a", steps = 40 },
  { stepper = "quinn", spacing = "lna", steps = 100 },
} do
  runs[i] = checkpoint.task("pancake", p, collapse)
  local got, want = 0, 0
  for j, off in ipairs(runs[i].off) do
    got, want = got + off ^ 2, want + exact(runs[i].q[j], a_end) ^ 2
  end
  runs[i].label = ("%s, %d in %s"):format(p.stepper, p.steps, p.spacing == "a" and "a" or "ln a")
  print(("%-18s     %.2f %%                    %.1e"):format(runs[i].label, 100 * math.sqrt(got / want), runs[i].across))
end

local curve = { x = {}, v = {} }
for i, q in ipairs(linspace(0, box, 401)) do
  local d, v = exact(q, a_end)
  curve.x[i], curve.v[i] = q + d, v
end
local errors = {}
for i, run in ipairs(runs) do
  errors[i] = { x = run.q, y = array.new(run.off) * (2 * side / box), label = run.label, style = "both" }
end
plot.panels {
  file = "pancake.png", width = 8.5, height = 3.4, dpi = 100,
  panels = {
    { xlabel = "x [h⁻¹ Mpc]", ylabel = "velocity [km/s]", ylim = { -1100, 1700 }, series = {
      { x = curve.x, y = curve.v, label = "exact" },
      { x = runs[2].x, y = runs[2].v, label = "40 steps of FastPM", style = "points" } } },
    { xlabel = "q [h⁻¹ Mpc]", ylabel = "x − exact [mesh cells]", ylim = { -0.08, 0.16 }, hlines = { 0 }, series = errors },
  },
}

-- It prints
--
--   steps              displacement off by [rms]   across [Mpc/h]
--   fastpm, 10 in a        0.40 %                    0.0e+00
--   fastpm, 40 in a        0.56 %                    0.0e+00
--   quinn, 100 in ln a     0.59 %                    0.0e+00
