-- Put epoch 1 in force.
-- KEYS 1 plan  2 ev
local server = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
redis.call('HSET', KEYS[1], 'gen', 1, 'seq', 1, 'epoch', 1, 'plan', 'plan-1', 'replid', server)
redis.call('XADD', KEYS[2], '1-1', 'k', 'published', 't', '1', 'e', '1', 'p', 'plan-1')
return 1
