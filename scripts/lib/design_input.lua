-- Reads the input of scripts/design.lua, a JSON list of designs:
--
--   [ { "name": "sdf1",
--       "condition": { "structure_file": "2sdf_ca.cif",
--                      "filter": { "chain_id": ["A"], "crop": { "A": "1-67" } } },
--       "hotspot": { … }, "generation": [ { "type": …, "length": …, "count": … } ] } ]
--
-- Returns a list of { name =, model = }, model being the structure with what the
-- filter keeps of it: CA atoms of chains. Fields that the sampling of an ensemble
-- has no use for are named in a warning; fields that nobody knows are an error.
local file      = require "file"
local structure = require "structure"

local known = {
  design = { "name", "condition", "hotspot", "generation" },
  condition = { "structure_file", "filter" },
  filter = { "chain_id", "crop" },
  generation = { "type", "length", "count" },
}

-- What every message begins with: the file's own name, without its folder.
local function messenger(path)
  local name = path:match("[^/]*$")
  return function(where, text)
    error(("%s: %s %s"):format(name, where, text), 0)
  end
end

local function quoted(value)
  return type(value) == "string" and ("%q"):format(value) or tostring(value)
end

-- Refuses a table with a field that is not in the list.
local function check_fields(fail, value, where, names)
  if type(value) ~= "table" then
    fail(where, "must be an object, got " .. quoted(value))
  end
  local allowed = {}
  for _, name in ipairs(names) do
    allowed[name] = true
  end
  for name in pairs(value) do
    if not allowed[name] then
      fail(where, ("has no field %s; known are %s"):format(quoted(name), table.concat(names, ", ")))
    end
  end
end

local function check_text(fail, value, where)
  if type(value) ~= "string" or value == "" then
    fail(where, "must be a string that is not empty, got " .. quoted(value))
  end
  return value
end

-- A list of strings, or one string.
local function words(fail, value, where)
  if type(value) == "string" then
    value = { value }
  end
  if type(value) ~= "table" or #value == 0 then
    fail(where, "must be a list of strings, got " .. quoted(value))
  end
  for i, word in ipairs(value) do
    check_text(fail, word, ("%s[%d]"):format(where, i))
  end
  return value
end

-- The residues to keep of each chain, "1-67" by chain; nil keeps all.
local function crops(fail, value, where)
  if value == nil then
    return nil
  end
  if type(value) ~= "table" then
    fail(where, "must be an object of chain: ranges, got " .. quoted(value))
  end
  local ranges = {}
  for chain, text in pairs(value) do
    ranges[chain] = table.concat(words(fail, text, where .. "." .. tostring(chain)), ",")
  end
  return ranges
end

local function read_model(fail, path, condition, where)
  check_fields(fail, condition, where, known.condition)
  local name = check_text(fail, condition.structure_file, where .. ".structure_file")
  local filter = condition.filter or {}
  check_fields(fail, filter, where .. ".filter", known.filter)
  local chains = filter.chain_id and words(fail, filter.chain_id, where .. ".filter.chain_id")
  local crop = crops(fail, filter.crop, where .. ".filter.crop")
  local selection = { atoms = "CA", polymer = true, chain = chains }
  if crop then
    local list = {}
    for chain in pairs(crop) do
      list[#list + 1] = chain
    end
    if #list ~= 1 or chains and (#chains ~= 1 or chains[1] ~= list[1]) then
      fail(where .. ".filter.crop", "must name the one chain of chain_id: several chains can't be cropped")
    end
    selection.chain, selection.residues = list, crop[list[1]]
  end
  return structure.read(file.beside(path, name), selection)
end

return function(path)
  local fail = messenger(path)
  local list = file.json(path)
  if type(list) ~= "table" or #list == 0 then
    fail("the input", "must be a list of designs, got " .. (type(list) == "table" and "an object or an empty list" or quoted(list)))
  end
  local designs, names = {}, {}
  for i, d in ipairs(list) do
    local where = ("design %d:"):format(i)
    check_fields(fail, d, where, known.design)
    local name = check_text(fail, d.name, where .. " name")
    if not name:find("^[%w_][%w_.-]*$") or #name > 100 then
      fail(where .. " name", "must be at most 100 letters, digits and _ . -, got " .. quoted(name))
    end
    if names[name] then
      fail(where, ("name %q is that of design %d too"):format(name, names[name]))
    end
    names[name] = i
    if d.condition == nil then
      fail(where, "condition is required: the structure that is sampled")
    end
    local model = read_model(fail, path, d.condition, where .. " condition")
    local unused = {}
    if d.hotspot ~= nil then
      unused[#unused + 1] = "hotspot"
    end
    for j, g in ipairs(d.generation or {}) do
      check_fields(fail, g, ("%s generation[%d]"):format(where, j), known.generation)
      if g.length ~= nil and g.length ~= model:atoms() or g.count ~= nil and g.count ~= 1 or g.type ~= nil and g.type ~= "protein" then
        unused[#unused + 1] = ("generation[%d]"):format(j)
      end
    end
    if #unused > 0 then
      warn(("%s: design %q: %s not used: samples have the atoms of the structure"):format(
        path:match("[^/]*$"), name, table.concat(unused, " and ") .. (#unused == 1 and " is" or " are")))
    end
    designs[i] = { name = name, model = model }
  end
  return designs
end
