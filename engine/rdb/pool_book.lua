-- Book in a pool a transfer that its scope has carried out: the second half of a return, or a draw
-- that the pool has lost. Repeating it books nothing.
-- KEYS 1 pool  2 transfers
-- ARGV 1 transfer  2 scope  3 vehicles, negative for a return  4 Unix milliseconds
-- Returns 1, or 0 where it was booked before.
if redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[3] .. '|' .. ARGV[4] .. '|' .. ARGV[2]) == 0 then
  return 0
end
redis.call('HINCRBY', KEYS[1], 'drawn', ARGV[3])
redis.call('HINCRBY', KEYS[1], 's:' .. ARGV[2], ARGV[3])
return 1
