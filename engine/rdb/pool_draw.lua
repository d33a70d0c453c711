-- Take vehicles out of a pool for a scope: the first half of a draw. Repeating it takes nothing.
-- KEYS 1 pool  2 transfers: hash of transfer -> "<n>|<Unix milliseconds>|<scope>"
-- ARGV 1 transfer  2 scope  3 vehicles wanted  4 Unix milliseconds
-- Returns how many were taken, 0 where the pool is dry; 'LOST' where the server has changed since
-- the pool was settled, so that some draws may be missing.
local server = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
if (redis.call('HGET', KEYS[1], 'replid') or server) ~= server then return 'LOST' end
local known = redis.call('HGET', KEYS[2], ARGV[1])
if known then return tonumber(string.match(known, '^-?%d+')) end
local pool = redis.call('HMGET', KEYS[1], 'cap', 'drawn')
local n = math.min(tonumber(ARGV[3]), (tonumber(pool[1]) or 0) - (tonumber(pool[2]) or 0))
n = math.max(n, 0)
redis.call('HSET', KEYS[2], ARGV[1], n .. '|' .. ARGV[4] .. '|' .. ARGV[2])
if n > 0 then
  redis.call('HINCRBY', KEYS[1], 'drawn', n)
  redis.call('HINCRBY', KEYS[1], 's:' .. ARGV[2], n)
end
return n
