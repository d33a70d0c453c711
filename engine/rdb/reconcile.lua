-- Open a ledger again after a loss, with what it lost: one step, done once.
-- KEYS 1 plan  2 rec  3 taken  4 drawn  5 ev  6 due  7 past, then the lists of the buckets named
-- ARGV 1 gen  2 seq  3 replid that the ledger was opened on: as they were read  4 replid of the
--      server that they were read from  5 Unix milliseconds  6 epoch, 0 for none  7 plan, "" for
--      the same  8 shut  9 generation to begin
--      10.. five lists, each led by how many items it has:
--      records: id, record ("" to forget)     levels: level, vehicles taken
--      buckets: "lease" or "ended", score, id  (the i-th bucket's list is KEYS[7 + i])
--      transfers: index of the xfer hash in KEYS, id, value     pools: level, vehicles drawn more
-- Returns {gen, seq} of the last event; {} where one of the four has changed: read again.
local server = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
local plan = redis.call('HMGET', KEYS[1], 'gen', 'seq', 'replid')
if server ~= ARGV[4] or (plan[1] or '0') ~= ARGV[1] or (plan[2] or '0') ~= ARGV[2]
  or (plan[3] or '') ~= ARGV[3] then return {} end
local at = 10
local function list(width, each)
  local n = tonumber(ARGV[at])
  at = at + 1
  for i = 1, n do
    each(i, ARGV[at], ARGV[at + 1], ARGV[at + 2])
    at = at + width
  end
end
local gen, seq = tonumber(ARGV[9]), 0
local event
local function add()
  seq = seq + 1
  redis.call('XADD', KEYS[5], gen .. '-' .. seq, unpack(event))
  event = {'k', 'opened', 't', ARGV[5]}
end
event = {'k', 'opened', 't', ARGV[5]}
list(2, function(_, id, record)
  if record == '' then redis.call('HDEL', KEYS[2], id)
  else redis.call('HSET', KEYS[2], id, record) end
  event[#event + 1] = id
  event[#event + 1] = record
  if #event > 2000 then add() end
end)
add()
list(2, function(_, level, n)
  if n == '0' then redis.call('HDEL', KEYS[3], level)
  else redis.call('HSET', KEYS[3], level, n) end
end)
list(3, function(i, kind, score, id)
  redis.call('ZADD', KEYS[kind == 'lease' and 6 or 7], score, score)
  redis.call('RPUSH', KEYS[7 + i], id)
end)
list(3, function(_, key, id, value) redis.call('HSET', KEYS[tonumber(key)], id, value) end)
list(2, function(_, level, more)
  local n = redis.call('HINCRBY', KEYS[4], level, more)
  seq = seq + 1
  redis.call('XADD', KEYS[5], gen .. '-' .. seq, 'k', 'drawn', 't', ARGV[5], 'l', level, 'n', n)
end)
redis.call('HSET', KEYS[1], 'gen', gen, 'replid', server, 'shut', ARGV[8])
if ARGV[6] ~= '0' then redis.call('HSET', KEYS[1], 'epoch', ARGV[6]) end
if ARGV[7] ~= '' then redis.call('HSET', KEYS[1], 'plan', ARGV[7]) end
if ARGV[8] ~= '' then
  seq = seq + 1
  redis.call('XADD', KEYS[5], gen .. '-' .. seq, 'k', 'shut', 't', ARGV[5], 'w', ARGV[8])
end
redis.call('HSET', KEYS[1], 'seq', seq)
return {gen, seq}
