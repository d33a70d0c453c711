-- A ledger in as few lines as may be, without zones, plans or batches: what the tests of mirrors,
-- archive and reconciling put their load on.
-- KEYS 1 plan  2 cap  3 rec  4 taken  5 ev  6 due  7 the lease's bucket
-- ARGV now, verb, id, print, n, placement, levels, expires, cell
-- Returns {'no', rule} or {'yes', record, gen, seq}.
local server = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
local plan = redis.call('HMGET', KEYS[1], 'gen', 'seq', 'replid')
if plan[3] ~= server then return {'no', 'LOST'} end
local now, verb, id, print, n, place, levels, expires, cell = unpack(ARGV)
now, n, expires = tonumber(now), tonumber(n), tonumber(expires)
local function parse(t)
  local r = {}
  for f in string.gmatch(t .. '|', '([^|]*)|') do r[#r + 1] = f end
  return r
end
local old = redis.call('HGET', KEYS[3], id)
if old then return {'yes', old, 0, 0} end
local changes = {}
local function put(id, r)
  local t = table.concat(r, '|')
  redis.call('HSET', KEYS[3], id, t)
  changes[#changes + 1] = id
  changes[#changes + 1] = t
end
local function charge(levels, n)
  for l in string.gmatch(levels, '[^,]+') do redis.call('HINCRBY', KEYS[4], l, n) end
end
local made
if verb == 'place' or verb == 'reserve' then
  for l in string.gmatch(levels, '[^,]+') do
    local c, t = redis.call('HGET', KEYS[2], l), redis.call('HGET', KEYS[4], l) or 0
    if not c then return {'no', 'no-quota'} end
    if tonumber(c) - t < n then return {'no', 'full'} end
  end
  charge(levels, n)
  made = {verb, verb == 'place' and 'standing' or 'held', n, n, 0, cell, '0.000000', '0.000000',
    expires, now, 0, 1, print, '', levels}
  if verb == 'reserve' then
    local s = math.ceil(expires / 1000)
    redis.call('RPUSH', KEYS[7], id)
    redis.call('ZADD', KEYS[6], s, s)
  end
else
  local t = redis.call('HGET', KEYS[3], place)
  if not t then return {'no', 'placement-unknown'} end
  local p = parse(t)
  if verb == 'commit' then
    if p[2] ~= 'held' or tonumber(p[9]) <= now then return {'no', 'lease-expired'} end
    p[2] = 'standing'
  elseif verb == 'remove' then
    if p[2] ~= 'standing' then return {'no', 'placement-not-standing'} end
    charge(p[15], -tonumber(p[3]))
    p[2], p[3], p[11] = 'removed', 0, now
  elseif verb == 'expire' then
    if p[2] ~= 'held' or tonumber(p[9]) > now then return {'no', 'x'} end
    charge(p[15], -tonumber(p[3]))
    p[2], p[3], p[11] = 'expired', 0, now
  end
  put(place, p)
  if verb ~= 'expire' then
    made = {verb, 'done', 0, 1, 0, p[6], '0.000000', '0.000000', 0, now, now, 1, print, place, ''}
  end
end
if made then put(id, made) end
local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
redis.call('XADD', KEYS[5], plan[1] .. '-' .. seq, 'k', 'asked', 't', now, unpack(changes))
return {'yes', changes[#changes], tonumber(plan[1]), seq}
