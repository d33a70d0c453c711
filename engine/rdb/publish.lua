-- Put caps in force that lie ready, and open the ledger.
-- KEYS 8 caps of the epoch
-- ARGV 3 epoch  4 plan  5 how many levels the caps have  6 gen, 7 seq of the last event that the
--      caller knows: a ledger that has not come so far has lost it
-- Returns {gen, seq, epoch whose caps nobody needs any more or ''}; 'EPOCH' where a later one is in
-- force; 'STAGE' where the caps don't lie ready: write them and call again; 'LOST' where the server
-- has changed.
local known = tonumber(ARGV[6])
if lost or gen < known or gen == known and seq < tonumber(ARGV[7]) then return 'LOST' end
local before = tonumber(epoch or 0)
if before > tonumber(ARGV[3]) then return 'EPOCH' end
if epoch == ARGV[3] and not shut then return {gen, seq, ''} end
if call('HLEN', KEYS[8]) ~= tonumber(ARGV[5]) then
  call('UNLINK', KEYS[8])
  return 'STAGE'
end
local idle = ''
if epoch ~= ARGV[3] then
  idle = call('HGET', KEYS[1], 'was') or ''
  call('HSET', KEYS[1], 'was', epoch or '')
end
finish('published', {}, {'', '', '', '', 'e', ARGV[3], 'p', ARGV[4]})
call('HSET', KEYS[1], 'epoch', ARGV[3], 'plan', ARGV[4], 'shut', '', 'replid',
  match(call('INFO', 'replication'), 'master_replid:(%x+)'))
return {gen, seq, idle}
