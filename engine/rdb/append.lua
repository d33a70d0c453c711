-- Append an entry to a city's log if it follows the last one. Repeating the same call is safe.
-- KEYS 1 log: list of entries, JSON. 2 head: "<hash of the last entry> <call that appended it>"
-- ARGV 1 the entry's number  2 hash of the entry before, "" for the first  3 its hash  4 the entry
--      5 a name for this call
-- Returns 1, or 0 where the log has grown meanwhile.
local length = redis.call('LLEN', KEYS[1])
local head = redis.call('GET', KEYS[2]) or ' '
local hash, call = string.match(head, '^(.*) (.*)$')
if length == tonumber(ARGV[1]) and hash == ARGV[3] and call == ARGV[5] then return 1 end
if length + 1 ~= tonumber(ARGV[1]) or hash ~= ARGV[2] then return 0 end
redis.call('RPUSH', KEYS[1], ARGV[4])
redis.call('SET', KEYS[2], ARGV[3] .. ' ' .. ARGV[5])
return 1
