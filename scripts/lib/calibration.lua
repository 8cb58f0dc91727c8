-- Void-size calibration over beta: simulations with the same seeds for every
-- beta, their voids, and the ratio of void sizes to those of LCDM.
--
-- A script calls calibration.run with its default sizes; the options of the
-- command line replace them. Three measures of size are kept, each as a ratio to
-- LCDM with a jackknife error:
--   ratio     mean radius of the voids above --min_radius
--   largest   mean radius of the --largest voids of each realization
--   same      radius around the same centres (those of LCDM): the median over
--             voids of each one's own ratio, which resolves effects far under a
--             percent; voids that are gone are counted as missed
local array      = require "array"
local checkpoint = require "checkpoint"
local export     = require "export"
local gravity    = require "gravity"
local nbody      = require "nbody"
local plot       = require "plot"
local progress   = require "progress"
local stats      = require "stats"
local sweep      = require "sweep"
local voids      = require "voids"

local calibration = {}

local function declare(size)
  return options {
    box          = { size.box, "comoving side of the box, Mpc/h" },
    particles    = { size.particles, "particles per side", kind = "integer" },
    mesh         = { size.mesh, "force mesh cells per side", kind = "integer" },
    stepper      = { "fastpm", "factors of kick and drift", choices = { "fastpm", "quinn" } },
    steps        = { size.steps, "steps from z_start to today", kind = "integer" },
    spacing      = { "a", "steps uniform in a or in ln a", choices = { "a", "lna" } },
    z_start      = { 49, "redshift of the initial conditions" },
    betas        = { size.betas, "values of beta; the baseline 0 is always included" },
    realizations = { size.realizations, "realizations per beta, the same seeds for every beta", kind = "integer", min = 1 },
    seed         = { 1, "seed of the first realization; the others follow", kind = "integer", min = 0 },
    precision    = { "single", "of particles and mesh: double takes twice the memory", choices = { "single", "double" } },
    gravity      = { "constant", "what beta means", choices = { "constant", "evolving_g" } },
    threshold    = { -0.7, "density contrast within a void" },
    min_radius   = { 8, "smallest radius that enters the mean, Mpc/h", min = 0 },
    largest      = { size.largest, "how many of the largest voids of a realization", kind = "integer", min = 1 },
  }
end

-- The values of beta without the baseline, checked.
local function without_baseline(betas)
  local list, seen = {}, {}
  for _, beta in ipairs(betas) do
    if seen[beta] then
      error(("--betas must not hold a value twice, got %g"):format(beta), 0)
    end
    seen[beta] = true
    if beta ~= 0 then
      list[#list + 1] = beta
    end
  end
  return list
end

-- One simulation at z_start. Its initial conditions are not made yet, so this
-- also checks the options at no cost.
local function simulation(opt, beta, seed)
  return nbody.new {
    gravity = gravity[opt.gravity](beta),
    box = opt.box,
    particles = opt.particles,
    mesh = opt.mesh,
    seed = seed,
    z_start = opt.z_start,
    precision = opt.precision,
  }
end

-- The task: one simulation and its voids. For beta ~= 0 the centres of the
-- baseline with the same seed are measured again.
local function tasks(opt)
  local function catalogue(p)
    local sim = simulation(opt, p.beta, p.seed)
    sim:evolve {
      to = 0,
      steps = opt.steps,
      stepper = opt.stepper,
      spacing = opt.spacing,
      label = ("β=%+.2f evolution"):format(p.beta),
    }
    local found = voids.spherical(sim, { threshold = opt.threshold })
    local centres = found
    if p.beta == 0 then
      found.slice = sim:slice { axis = "z", thickness = opt.box / 16, pixels = opt.particles }
    else
      centres = checkpoint.task("voids", { beta = 0, seed = p.seed }, catalogue)
    end
    found.same = voids.refine(sim, centres, { threshold = opt.threshold })
    return found
  end
  return catalogue
end

-- The voids of a catalogue for which keep(i) holds.
local function pick(catalogue, radius, keep)
  local out = { x = {}, y = {}, z = {}, radius = {} }
  for i = 1, #radius do
    if keep(i) then
      local n = #out.radius + 1
      out.x[n], out.y[n], out.z[n] = catalogue.x[i], catalogue.y[i], catalogue.z[i]
      out.radius[n] = radius[i]
    end
  end
  return out
end

local function above(catalogue, cut)
  return pick(catalogue, catalogue.radius, function(i) return catalogue.radius[i] > cut end)
end

-- The n largest voids, or all where there are fewer; ties are broken by their
-- order in the catalogue.
local function largest(catalogue, n)
  local order = {}
  for i = 1, #catalogue.radius do
    order[i] = i
  end
  table.sort(order, function(i, j)
    if catalogue.radius[i] ~= catalogue.radius[j] then
      return catalogue.radius[i] > catalogue.radius[j]
    end
    return i < j
  end)
  local chosen = {}
  for k = 1, math.min(n, #order) do
    chosen[order[k]] = true
  end
  return pick(catalogue, catalogue.radius, function(i) return chosen[i] end)
end

-- Each void's own ratio around the same centres, where both runs have one.
local function own_ratios(base, other)
  local ratios = {}
  for i = 1, #base.same.radius do
    ratios[i] = other.same.radius[i] / base.same.radius[i]
  end
  return pick(base, ratios, function(i)
    return base.same.found[i] == 1 and other.same.found[i] == 1
  end)
end

-- What the jackknife leaves out in turn: each realization or, where there is
-- one, each of its 27 sub-boxes.
local function samples(catalogues, box)
  if #catalogues == 1 then
    return stats.sub_boxes(catalogues[1], { box = box })
  end
  local out = {}
  for i, c in ipairs(catalogues) do
    out[i] = c.radius
  end
  return out
end

-- The ratio of mean radii, with its jackknife error.
local function ratio(numerators, denominators, box)
  return stats.jackknife_ratio(samples(numerators, box), samples(denominators, box))
end

-- The median of lists of values, with its jackknife error.
local function median(catalogues, box)
  return stats.jackknife(samples(catalogues, box), function(list)
    return array.concat(list):median()
  end)
end

local function map(list, f)
  local out = {}
  for i, v in ipairs(list) do
    out[i] = f(v, i)
  end
  return out
end

local function radii(list)
  return array.concat(map(list, function(c) return array.new(c.radius) end))
end

-- Stops with a reason where a catalogue has no voids to average.
local function require_voids(beta, seeds, cut_catalogues, cut, cell)
  for i, c in ipairs(cut_catalogues) do
    if #c.radius == 0 then
      error(("no voids above %g Mpc/h at beta = %g, seed %d. Radii are looked for from 3 cells of the mesh, %g Mpc/h: "
        .. "take more --particles and --mesh, a smaller --min_radius or, for rare large voids, a larger --box")
        :format(cut, beta, seeds[i], cell * 3), 0)
    end
  end
end

-- The row of the table for one beta.
local function measure(opt, beta, catalogues, baseline, seeds)
  local cut = map(catalogues, function(c) return above(c, opt.min_radius) end)
  require_voids(beta, seeds, cut, opt.min_radius, opt.box / opt.mesh)
  local cut_base = map(baseline, function(c) return above(c, opt.min_radius) end)
  local function top(c) return largest(c, opt.largest) end
  local same, missed = {}, 0
  for i = 1, #catalogues do
    same[i] = own_ratios(baseline[i], catalogues[i])
    missed = missed + catalogues[i].same.missed
    if #same[i].radius == 0 then
      error(("no void of LCDM is found again at beta = %g, seed %d"):format(beta, seeds[i]), 0)
    end
  end
  for i, c in ipairs(catalogues) do
    if #c.radius < opt.largest then
      print(("  note: seed %d has %d voids, so the %d largest are all of them"):format(seeds[i], #c.radius, opt.largest))
    end
  end
  local mean = ratio(cut, cut_base, opt.box)
  local big = ratio(map(catalogues, top), map(baseline, top), opt.box)
  local at_same = median(same, opt.box)
  local count = #radii(cut)
  return {
    beta = beta,
    voids = count,
    mean_radius = stats.mean(radii(cut)),
    ratio = mean.value, ratio_error = mean.error,
    largest_ratio = big.value, largest_ratio_error = big.error,
    same_ratio = at_same.value, same_ratio_error = at_same.error, same_missed = missed,
  }
end

-- One column of the rows.
local function column(rows, name)
  return map(rows, function(r) return r[name] end)
end

local RATIO_COLUMNS = {
  "beta", "voids", "mean_radius", "ratio", "ratio_error",
  "largest_ratio", "largest_ratio_error", "same_ratio", "same_ratio_error", "same_missed",
}

-- Every void of every run as columns.
local function all_voids(betas, seeds, by_beta)
  local parts = { beta = {}, seed = {}, x = {}, y = {}, z = {}, radius = {}, depth = {} }
  for _, beta in ipairs(betas) do
    for i, c in ipairs(by_beta[beta]) do
      local n = #c.radius
      table.insert(parts.beta, array.zeros(n) + beta)
      table.insert(parts.seed, array.zeros(n) + seeds[i])
      for _, name in ipairs { "x", "y", "z", "radius", "depth" } do
        table.insert(parts[name], c[name])
      end
    end
  end
  local out = {}
  for name, list in pairs(parts) do
    out[name] = array.concat(list)
  end
  return out
end

local function write_tables(opt, betas, seeds, rows, by_beta)
  local columns = {}
  for _, name in ipairs(RATIO_COLUMNS) do
    columns[name] = column(rows, name)
  end
  local found = all_voids(betas, seeds, by_beta)
  export.csv("ratios.csv", columns, { columns = RATIO_COLUMNS })
  export.csv("voids.csv", found, { columns = { "beta", "seed", "x", "y", "z", "radius", "depth" } })
  export.json("voids.json", found)
  export.json("ratios.json", {
    settings = {
      box = opt.box, particles = opt.particles, mesh = opt.mesh, stepper = opt.stepper, steps = opt.steps,
      spacing = opt.spacing, z_start = opt.z_start, seeds = seeds, gravity = opt.gravity,
      threshold = opt.threshold, min_radius = opt.min_radius, largest = opt.largest,
    },
    ratios = rows,
  })
end

-- Void size functions by beta, where a bin holds more than a void or two, or in
-- a small box any.
local function size_functions(opt, betas, seeds, by_beta)
  local volume = opt.box ^ 3 * #seeds
  local from, to = math.huge, 0
  for _, beta in ipairs(betas) do
    local r = radii(by_beta[beta])
    from, to = math.min(from, r:min()), math.max(to, r:max())
  end
  local series = {}
  for _, beta in ipairs(betas) do
    local f = voids.size_function { radius = radii(by_beta[beta]), volume = volume, from = from, to = to * 1.0001, bins = 14 }
    local filled = f.counts:ge(math.min(3, f.counts:max()))
    series[#series + 1] = {
      x = f.r:filter(filled), y = f.density:filter(filled), yerr = f.err:filter(filled),
      label = ("β = %+.2f"):format(beta):gsub("-", "−"), style = "line",
    }
  end
  return series
end

local function draw(opt, betas, seeds, rows, by_beta)
  local x = column(rows, "beta")
  local function points(value, label)
    return { x = x, y = column(rows, value), yerr = column(rows, value .. "_error"), label = label, style = "both" }
  end
  plot.panels {
    file = "calibration.png",
    columns = 2,
    panels = {
      {
        title = "Void size against ΛCDM",
        xlabel = "β", ylabel = "void size / that of ΛCDM",
        hlines = { 1 },
        series = {
          points("ratio", ("radius above %g Mpc/h"):format(opt.min_radius)),
          points("largest_ratio", ("%d largest"):format(opt.largest)),
          points("same_ratio", "same centres"),
        },
      },
      {
        title = "Void size functions",
        xlabel = "R [Mpc/h]", ylabel = "dn/dlnR [(h/Mpc)³]",
        logx = true, logy = true,
        series = size_functions(opt, betas, seeds, by_beta),
      },
    },
  }
  plot.slice {
    file = "slice.png",
    data = by_beta[0][1].slice,
    extent = opt.box,
    log = true,
    limits = { 0.2, 10 },
    xlabel = "x [Mpc/h]", ylabel = "y [Mpc/h]",
    label = "density / mean",
    title = ("ΛCDM today, a slab of %g Mpc/h"):format(opt.box / 16),
  }
end

local function print_table(rows)
  print()
  print("   beta   voids  <R> Mpc/h    ratio above cut       largest          same centres        gone")
  for _, r in ipairs(rows) do
    print(("  %+.2f  %6d  %9.3f   %.4f ± %.4f   %.4f ± %.4f   %.5f ± %.5f  %6d"):format(
      r.beta, r.voids, r.mean_radius, r.ratio, r.ratio_error,
      r.largest_ratio, r.largest_ratio_error, r.same_ratio, r.same_ratio_error, r.same_missed))
  end
end

local function list_text(betas)
  return "[" .. table.concat(map(betas, function(b) return ("%g"):format(b) end), ", ") .. "]"
end

-- Runs the calibration. size holds the defaults of a script: box, particles,
-- mesh, steps, betas, realizations, largest.
function calibration.run(size)
  local opt = declare(size)
  local others = without_baseline(opt.betas)
  local betas = { 0 }
  for _, beta in ipairs(others) do
    betas[#betas + 1] = beta
  end
  for _, beta in ipairs(betas) do
    simulation(opt, beta, opt.seed) -- a mistake shows before hours of work, not after
  end
  local seeds = sweep.range(opt.seed, opt.seed + opt.realizations - 1)

  print("Running N-body void calibration")
  print("  Run directory: " .. checkpoint.directory())
  print(("  Box %g Mpc/h, %d³ particles, mesh %d³, z = %g to 0 in %d %s steps, %s gravity"):format(
    opt.box, opt.particles, opt.mesh, opt.z_start, opt.steps, opt.stepper, opt.gravity))
  print()
  print("Running calibration simulations for β = " .. list_text(betas))
  print(("  %d realizations per β value"):format(opt.realizations))
  print(("  Total simulations: %d"):format(#betas * #seeds))

  local by_beta, rows, row_of = {}, {}, {}
  sweep.run {
    name = "voids",
    over = sweep.grid { beta = betas, seed = seeds },
    each = tasks(opt),
    group = "beta",
    label = function(beta)
      return beta == 0 and "ΛCDM baseline (β=0.00)" or ("β=%+.2f realizations"):format(beta)
    end,
    on_group_start = function(beta, info)
      if info.recorded then
        print(("β=%.2f already completed (resuming from checkpoint)"):format(beta))
      elseif beta ~= 0 then
        print()
        print(("Running simulations for β=%.2f (%d/%d)..."):format(beta, info.index - 1, #others))
      end
    end,
    on_done = function(_, found, info)
      if not info.recorded then
        progress.plain(("  Realization %d/%d complete: %d voids"):format(info.index_in_group, info.group_total, found.count))
      end
    end,
    on_group = function(beta, catalogues, info)
      by_beta[beta] = catalogues
      local row = measure(opt, beta, catalogues, by_beta[0], seeds)
      rows[#rows + 1], row_of[beta] = row, row
      if beta == 0 then
        if not info.recorded then
          print("✓ ΛCDM baseline complete, checkpoint saved")
        end
        print(("ΛCDM mean void size: %.2f Mpc/h"):format(row.mean_radius))
      else
        print(("✓ β=%.2f: ratio=%.4f ± %.4f"):format(beta, row.ratio, row.ratio_error))
        if not info.recorded then
          print(("  Checkpoint saved (%d/%d β values complete)"):format(info.index - 1, #others))
        end
      end
    end,
  }

  table.sort(betas)
  rows = map(betas, function(beta) return row_of[beta] end)
  print_table(rows)
  write_tables(opt, betas, seeds, rows, by_beta)
  draw(opt, betas, seeds, rows, by_beta)
  print()
  print("Results: " .. checkpoint.directory() .. "/results")
  print("  ratios.csv, ratios.json     the table above")
  print("  voids.csv, voids.json       every void")
  print("  calibration.png, slice.png  pictures")
end

return calibration
