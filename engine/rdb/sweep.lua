-- End leases that have expired and forget records that ended long ago: bucket after bucket, as many
-- records as one step may take.
-- KEYS 8 list of the records that end now, then the buckets' lists
-- ARGV 3 last hour whose records are forgotten  4 records at most  5 how many of the lists are of
--      leases; the others are of ended records
-- Returns {gen, seq, leases ended, records forgotten, 1 if more is left in these buckets or else
-- 0}; 'LOST' where the server has changed.
if lost then return 'LOST' end
local now, budget, leases = tonumber(ARGV[1]), tonumber(ARGV[4]), tonumber(ARGV[5])
local ids, upto, parts = {}, 0, {}
for k = 9, #KEYS do
  local left = budget - #ids
  local part = left > 0 and call('LRANGE', KEYS[k], 0, left - 1) or {}
  for _, id in ipairs(part) do ids[#ids + 1] = id end
  if k <= 8 + leases then upto = #ids end
  parts[k] = #part
end
count(ids, 1, #ids, {})
local event, gone, old, done = {'', '', '', ''}, {}, {}, {}
for i, id in ipairs(ids) do
  local p = texts[i] and not done[id] and parse(texts[i])
  if p and i <= upto then
    if p.state == 'held' and p.expires <= now then
      done[id] = true
      charge(p.levels, -p.n)
      p.n, p.state, p.ended = 0, 'expired', ARGV[1]
      push(8, id)
      event[#event + 1], gone[#gone + 1] = id, id
      event[#event + 1] = text(p)
      gone[#gone + 1] = event[#event]
    end
  elseif p and p.ended ~= '0' and math.floor(tonumber(p.ended) / 3600000) <= tonumber(ARGV[3]) then
    done[id] = true
    old[#old + 1] = id
    event[#event + 1] = id
    event[#event + 1] = ''
  end
end
if #event > 4 then
  finish('swept', counts(), event)
  put(KEYS[2], gone, 1)
  for _, id in ipairs(old) do call('HDEL', KEYS[2], id) end
end
local more = 0
for k = 9, #KEYS do
  if call('LLEN', KEYS[k]) > parts[k] then
    more = 1
    call('LTRIM', KEYS[k], parts[k], -1)
  else
    local what, at = match(KEYS[k], '(%l+):(%d+)$')
    call('DEL', KEYS[k])
    call('ZREM', KEYS[what == 'lease' and 6 or 7], at)
  end
end
return {gen, seq, #gone / 2, #old, more}
