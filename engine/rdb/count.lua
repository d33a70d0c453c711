-- Counts by the level's name, for scripts that change records whose levels they are not told.
local texts, counted, taken = {}, {}, {}

-- count reads the records list[from..to] and the counts of all that they and the levels named
-- charge. texts[i] is the text of the i-th, false where there is none.
local function count(list, from, to, levels)
  texts = get(KEYS[2], list, from, to)
  local function add(names)
    for level in gmatch(names, '[^,]+') do
      if not taken[level] then counted[#counted + 1], taken[level] = level, true end
    end
  end
  for _, known in ipairs(texts) do
    if known then add(match(known, '[^|]*$')) end
  end
  for _, names in ipairs(levels) do add(names) end
  for i, n in ipairs(get(KEYS[3], counted, 1, #counted)) do
    taken[counted[i]] = tonumber(n or 0)
  end
end

-- charge adds n vehicles to some levels.
local dirty = {}
local function charge(levels, n)
  for level in gmatch(levels, '[^,]+') do taken[level], dirty[level] = taken[level] + n, true end
end

-- counts returns the levels that were charged and their counts, in turn.
local function counts()
  local list = {}
  for _, level in ipairs(counted) do
    if dirty[level] then
      list[#list + 1] = level
      list[#list + 1] = format('%d', taken[level])
    end
  end
  return list
end
