-- Where a ledger stands, and whether this is still the server that it was opened on.
-- KEYS 1 plan
-- Returns {gen, seq, epoch, shut, plan's replid, replid now}, all text; "" for what isn't there.
local plan = redis.call('HMGET', KEYS[1], 'gen', 'seq', 'epoch', 'shut', 'replid')
for i = 1, 5 do plan[i] = plan[i] or '' end
plan[6] = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)') or ''
return plan
