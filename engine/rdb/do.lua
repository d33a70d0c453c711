-- Answer asks in order, as engine.Ledger.Do does: a later one sees what an earlier one took.
-- KEYS 8.. caps of each epoch that an ask names, then the lists of leases and of ended records
-- ARGV 3 asks  4 placements named  5 levels with caps  6 levels of pools  7 epochs, then as many
--      epochs; then how many moments, and of each its Unix milliseconds and the index in KEYS of
--      its list of ended records; then every ask's ID, the placements' IDs, the levels, the pools'
--      levels, every ask's spec, every ask's tail
--      A spec is digits to the base 220, high first, each a byte from 35 on: verb, n (4), index in
--      KEYS of the lease's list or number of the placement (2), epoch, moment, and each level (2).
--      Verbs: 1 reserve, 2 place, 3 move, 4 commit, 5 release, 6 remove. A tail is the record's
--      text from what the asker knows on: for a placement from "|cell|", for a change
--      "|print|placement|".
-- Returns {gen, seq, 1 if the server has changed or else 0, answer…}, each one of
--      n                vehicles left: granted a reserve or place
--      text             the record that this key made before
--      {text}           the record of another grant
--      {1, i, room}     the i-th level is full       {2, i}  the i-th level has no cap
--      {3, room}        more than the placement has
--      -1 shut  -2 no plan  -3 stale  -4 unknown placement  -5 not standing  -6 same cell
--      -7 lease expired  -8 not held  -9 not now: the server has changed
local byte = string.byte
local asks, placements = tonumber(ARGV[3]), tonumber(ARGV[4])
local capped, levels = tonumber(ARGV[5]), tonumber(ARGV[5]) + tonumber(ARGV[6])
local at, force = 7 + tonumber(ARGV[7]), nil
for i = 8, at do
  if ARGV[i] == epoch then force = i - 7 end
end
local moments = at
local ids = moments + 2 * tonumber(ARGV[moments + 1]) + 1
local places = ids + asks
local names = places + placements
local specs = names + levels
local tails = specs + asks

-- Records by ID; false where there is none.
local records = {}
local found = get(KEYS[2], ARGV, ids + 1, names)
for i = 1, asks + placements do records[ARGV[ids + i]] = found[i] end

-- Caps and counts by the index of the level. Those that only placements to be changed charge come
-- after the levels named; index tells theirs by name.
local limit, taken, dirty, index, extra = {}, {}, {}, {}, {}
local counts = get(KEYS[3], ARGV, names + 1, specs)
for i = 1, levels do taken[i] = tonumber(counts[i] or 0) end
if force and not shut and not lost then
  local caps = get(KEYS[7 + force], ARGV, names + 1, names + capped)
  for i = 1, capped do limit[i] = tonumber(caps[i]) end
  local drawn = get(KEYS[4], ARGV, names + capped + 1, specs)
  for i = capped + 1, levels do limit[i] = tonumber(drawn[i - capped] or 0) end
end
if placements > 0 then
  for i = 1, levels do index[ARGV[names + i]] = i end
  for i = 1, placements do
    local known = records[ARGV[places + i]]
    for level in gmatch(known and match(known, '[^|]*$') or '', '[^,]+') do
      if not index[level] then
        extra[#extra + 1] = level
        index[level] = levels + #extra
      end
    end
  end
  for i, n in ipairs(get(KEYS[3], extra, 1, #extra)) do taken[levels + i] = tonumber(n or 0) end
end

-- charge adds n vehicles to the levels of a record.
local function charge(p, n)
  for level in gmatch(p.levels, '[^,]+') do
    local l = index[level]
    taken[l], dirty[l] = taken[l] + n, true
  end
end

-- IDs of the records that changed, in the order of their last changes; false for an earlier one.
local changed, last = {}, {}
local function touch(id, known)
  local before = last[id]
  if before then changed[before] = false end
  changed[#changed + 1] = id
  last[id], records[id] = #changed, known
end

-- shrink takes n vehicles out of a placement; with the last one it ends in a state.
local function shrink(id, p, n, state, moment)
  charge(p, -n)
  p.n = p.n - n
  if p.n == 0 then
    p.state, p.ended = state, ARGV[moment]
    push(tonumber(ARGV[moment + 1]), id)
  end
  touch(id, text(p))
end

-- pair returns the two digits of a spec from one on.
local function pair(b, j) return b[j] * 220 + b[j + 1] - 7735 end

-- placement returns the ID and the parts of the placement that an ask is about, or only an answer.
local function placement(b)
  local i = pair(b, 6)
  local id = i > 0 and ARGV[places + i]
  local known = id and records[id]
  local p = known and parse(known)
  if not p or p.state == 'done' then return nil, nil, -4 end
  return id, p
end

-- some returns n vehicles of a placement, all for 0, or an answer.
local function some(p, n)
  if n == 0 then return p.n end
  if n > p.n then return nil, {3, p.n} end
  return n
end

local function grant(i, id, b)
  if shut or lost then return -1 end
  if not epoch then return -2 end
  if b[8] - 35 ~= force then return -3 end
  local verb, moment = b[1] - 35, moments + 2 * (b[9] - 35)
  local n = pair(b, 2) * 48400 + pair(b, 4)
  local from, old, own, no
  if verb == 3 then
    from, old, no = placement(b)
    if no then return no end
    if old.state ~= 'standing' then return -5 end
    n, no = some(old, n)
    if no then return no end
    if match(old.place, '^%x+') == match(ARGV[tails + i], '^|(%x+)') then return -6 end
    own = {}
    for level in gmatch(old.levels, '[^,]+') do own[index[level]] = true end
  end
  local stop = #b
  for j = 10, stop, 2 do
    local l = b[j] * 220 + b[j + 1] - 7735
    local cap = limit[l]
    if not cap then return {2, (j - 8) / 2} end
    local room = cap - taken[l]
    if room < n and not (own and own[l]) then return {1, (j - 8) / 2, room} end
  end
  if old then shrink(from, old, n, 'removed', moment) end
  local left
  for j = 10, stop, 2 do
    local l = b[j] * 220 + b[j + 1] - 7735
    local now = taken[l] + n
    taken[l], dirty[l] = now, true
    local room = limit[l] - now
    if not left or room < left then left = room end
  end
  local head = 'place|standing'
  if verb == 1 then
    head = 'reserve|held'
    push(pair(b, 6), id)
  elseif verb == 3 then
    head = 'move|standing'
  end
  local room = left and format('%d', left) or '9223372036854775807'
  local record = format('%s|%d|%d|%s%s', head, n, n, room, ARGV[tails + i])
  touch(id, record)
  if verb == 3 or not left then return {record} end
  return left
end

local function change(i, id, b)
  if lost then return -9 end
  local verb, moment = b[1] - 35, moments + 2 * (b[9] - 35)
  local of, p, no = placement(b)
  if no then return no end
  if verb == 6 then
    if p.state ~= 'standing' then return -5 end
  elseif p.state == 'expired' or p.state == 'held' and p.expires <= tonumber(ARGV[moment]) then
    return -7
  elseif p.state ~= 'held' then
    return -8
  end
  local n
  n, no = some(p, pair(b, 2) * 48400 + pair(b, 4))
  if no then return no end
  local name = 'commit'
  if verb == 4 then
    charge(p, n - p.n)
    p.state, p.n = 'standing', n
    touch(of, text(p))
  elseif verb == 5 then
    name = 'release'
    shrink(of, p, n, 'released', moment)
  else
    name = 'remove'
    shrink(of, p, n, 'removed', moment)
  end
  local now = ARGV[moment]
  local record = format('%s|done|0|%d|%d|%s|0|%s|%s|%s%s', name, n, p.n, p.place, now, now, p.epoch,
    ARGV[tails + i])
  push(tonumber(ARGV[moment + 1]), id)
  touch(id, record)
  return {record}
end

local answers = {gen, seq, lost and 1 or 0}
for i = 1, asks do
  local id = ARGV[ids + i]
  local answer = records[id]
  if not answer then
    local b = {byte(ARGV[specs + i], 1, -1)}
    if b[1] <= 38 then answer = grant(i, id, b) else answer = change(i, id, b) end
  end
  answers[3 + i] = answer
end
if #changed > 0 then
  local event, count = {'', '', '', ''}, {}
  for _, id in ipairs(changed) do
    if id then
      event[#event + 1] = id
      event[#event + 1] = records[id]
    end
  end
  for l = 1, levels + #extra do
    if dirty[l] then
      count[#count + 1] = l > levels and extra[l - levels] or ARGV[names + l]
      count[#count + 1] = format('%d', taken[l])
    end
  end
  finish('asked', count, event)
  put(KEYS[2], event, 5)
  answers[1], answers[2] = gen, seq
end
return answers
