-- Take out of a scope what it has drawn of a pool and doesn't use: the first half of a return.
-- Repeating it takes nothing.
-- KEYS 1 plan  2 drawn  3 xfer  4 ev  5 taken: hash of level -> vehicles standing and held
-- ARGV 1 transfer  2 vehicles to keep idle  3 the pool's level  4 Unix milliseconds
-- Returns {n} of vehicles, with gen and seq of the event where it happened now; 'LOST' as above.
local server = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
local plan = redis.call('HMGET', KEYS[1], 'gen', 'seq', 'replid')
if (plan[3] or '') ~= '' and plan[3] ~= server then return 'LOST' end
local known = redis.call('HGET', KEYS[3], ARGV[1])
if known then return {-tonumber(string.match(known, '^-?%d+'))} end
local drawn = tonumber(redis.call('HGET', KEYS[2], ARGV[3])) or 0
local taken = tonumber(redis.call('HGET', KEYS[5], ARGV[3])) or 0
local n = math.max(drawn - taken - math.max(tonumber(ARGV[2]), 0), 0)
redis.call('HSET', KEYS[3], ARGV[1], -n .. '|' .. ARGV[4])
if n == 0 then return {0} end
drawn = redis.call('HINCRBY', KEYS[2], ARGV[3], -n)
local gen, seq = tonumber(plan[1]) or 0, (tonumber(plan[2]) or 0) + 1
if gen == 0 then gen = 1 end
redis.call('HSET', KEYS[1], 'gen', gen, 'seq', seq)
redis.call('XADD', KEYS[4], gen .. '-' .. seq, 'k', 'drawn', 't', ARGV[4], 'l', ARGV[3], 'n', drawn)
return {n, gen, seq}
