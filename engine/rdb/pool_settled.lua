-- Let a pool be drawn from again after a loss, once its transfers were settled.
-- KEYS 1 pool
-- ARGV 1 the replid it had before  2 the replid of the server that it was settled on
-- Returns 1, or 0 where one of the two has changed meanwhile: settle it again.
local server = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
if server ~= ARGV[2] or (redis.call('HGET', KEYS[1], 'replid') or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'replid', server)
return 1
