-- Set a pool's cap.
-- KEYS 1 pool: hash of cap, drawn, replid (of the server it was settled on) and "s:<scope>" -> drawn
-- ARGV 1 the cap
redis.call('HSET', KEYS[1], 'cap', ARGV[1])
local server = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
redis.call('HSETNX', KEYS[1], 'replid', server)
return 1
