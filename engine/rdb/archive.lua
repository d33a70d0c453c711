-- Be the scope's archiver, and trim the stream to what is archived.
-- KEYS 1 archiver: name of the one at work, expires  2 ev
-- ARGV 1 name  2 milliseconds to stay the archiver  3 last event on disk, "" for none yet
--      4 first event to keep in the stream
-- Returns 1, or 0 where another is the archiver.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
if ARGV[3] ~= '' and redis.call('EXISTS', KEYS[2]) == 1 then
  redis.pcall('XGROUP', 'CREATE', KEYS[2], 'archive', '0')
  redis.call('XGROUP', 'SETID', KEYS[2], 'archive', ARGV[3])
  redis.call('XTRIM', KEYS[2], 'MINID', '~', ARGV[4])
end
return 1
