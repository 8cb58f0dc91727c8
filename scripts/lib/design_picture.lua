-- The picture of a design: radius of gyration and fluctuations of the samples
-- beside those of the input ensemble, and some samples superposed.
local array     = require "array"
local plot      = require "plot"
local structure = require "structure"

local shown = 12 -- samples in the superposition

-- All samples of all seeds, an array of samples × atoms × 3; nil if there are none.
local function pooled(sampled)
  local all = {}
  for _, out in ipairs(sampled) do
    if #out.coordinates > 0 then
      all[#all + 1] = out.coordinates
    end
  end
  return all[1] and array.concat(all)
end

-- Parts of the values in common bins, as a series of steps.
local function steps(values, range, label)
  local h = values:histogram { bins = 16, range = range }
  return { x = h.centres, y = h.counts / #values, style = "step", label = label }
end

local function radii(model, samples)
  local of_input, of_samples = structure.radius_of_gyration(model), structure.radius_of_gyration(samples)
  local lo, hi = math.min(of_input:min(), of_samples:min()), math.max(of_input:max(), of_samples:max())
  local margin = math.max(0.02 * (hi - lo), 0.1)
  local range = { lo - margin, hi + margin }
  return {
    title = "Radius of gyration",
    xlabel = "Rg [Å]", ylabel = "part of the structures in a bin",
    series = {
      steps(of_input, range, ("input, %d models"):format(model:models())),
      steps(of_samples, range, ("%d samples"):format(#of_samples)),
    },
  }
end

local function fluctuations(model, samples)
  local numbers = model:residue_numbers()
  local series = { { x = numbers, y = structure.rmsf(samples), label = "samples" } }
  if model:models() > 1 then
    table.insert(series, 1, { x = numbers, y = structure.rmsf(model), label = "input", style = "points" })
  end
  return { title = "Fluctuation about the mean", xlabel = "residue", ylabel = "RMSF [Å]", series = series }
end

-- The first samples seen along z, thin, and the input's mean over them.
local function superposition(model, samples)
  local n = math.min(shown, #samples)
  local mean = model:mean():coordinates():row(1)
  local lying = structure.superpose(samples:slice(1, n), { target = mean })
  local series, half = {}, 0
  for i = 1, n do
    local one = lying:row(i)
    series[i] = { x = one:column(1), y = one:column(2), colour = "sky" }
  end
  series[1].label = ("%d samples"):format(n)
  series[n + 1] = { x = mean:column(1), y = mean:column(2), colour = "black", label = "mean of the input" }
  for _, s in ipairs(series) do
    half = math.max(half, s.x:abs():max(), s.y:abs():max())
  end
  half = 1.05 * half
  return {
    title = "Superposed, along z",
    xlabel = "x [Å]", ylabel = "y [Å]",
    xlim = { -half, half }, ylim = { -half, half },
    series = series,
  }
end

return function(name, model, sampled)
  local samples = pooled(sampled)
  if not samples then
    return
  end
  plot.panels {
    file = name .. ".png",
    columns = 3,
    width = 15, height = 5, dpi = 120,
    title = name,
    panels = { radii(model, samples), fluctuations(model, samples), superposition(model, samples) },
  }
end
