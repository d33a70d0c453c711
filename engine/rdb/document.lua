-- Keep a document once. The same bytes again are no error.
-- KEYS 1 the document
-- ARGV 1 its bytes
-- Returns 1, or 0 where it exists with other bytes.
if redis.call('SETNX', KEYS[1], ARGV[1]) == 1 then return 1 end
if redis.call('GET', KEYS[1]) == ARGV[1] then return 1 end
return 0
