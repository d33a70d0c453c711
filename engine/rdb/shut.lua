-- Grant nothing until the next publication.
-- ARGV 3 reason
-- Returns {gen, seq}; 'LOST' where the server has changed.
if lost then return 'LOST' end
if (plan[4] or '') ~= ARGV[3] then
  finish('shut', {}, {'', '', '', '', 'w', ARGV[3]})
  call('HSET', KEYS[1], 'shut', ARGV[3])
end
return {gen, seq}
