-- Carry out in a scope a transfer that its pool has booked: the second half of a draw, or a return
-- that the scope has lost. Repeating it changes nothing.
-- KEYS 1 plan  2 drawn: hash of level -> vehicles drawn  3 xfer: hash of transfer -> "<n>|<ms>"
--      4 ev
-- ARGV 1 transfer  2 vehicles, negative for a return  3 the pool's level  4 Unix milliseconds
-- Returns {gen, seq} of the event, {} where it was carried out before; 'LOST' where the server has
-- changed since the ledger was opened.
local server = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
local plan = redis.call('HMGET', KEYS[1], 'gen', 'seq', 'replid')
if (plan[3] or '') ~= '' and plan[3] ~= server then return 'LOST' end
if redis.call('HSETNX', KEYS[3], ARGV[1], ARGV[2] .. '|' .. ARGV[4]) == 0 then return {} end
local drawn = redis.call('HINCRBY', KEYS[2], ARGV[3], ARGV[2])
local gen, seq = tonumber(plan[1]) or 0, (tonumber(plan[2]) or 0) + 1
if gen == 0 then gen = 1 end
redis.call('HSET', KEYS[1], 'gen', gen, 'seq', seq)
redis.call('XADD', KEYS[4], gen .. '-' .. seq, 'k', 'drawn', 't', ARGV[4], 'l', ARGV[3], 'n', drawn)
return {gen, seq}
