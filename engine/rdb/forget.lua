-- Drop some of an operator's vehicles of which nothing was told after a time, and take no word of
-- that time or before any more.
-- KEYS 1 word  2 count  3 fleets  4 floor, as tell.lua has them
-- ARGV 1 operator  2 the time, Unix milliseconds, 13 digits  3 where to go on: "0" to begin
-- Returns {where to go on, "0" for the end; how many were dropped}.
local sub = string.sub
local floor = redis.call('GET', KEYS[4])
if not floor or floor < ARGV[2] then redis.call('SET', KEYS[4], ARGV[2]) end
local step = redis.call('HSCAN', KEYS[1], ARGV[3], 'COUNT', 500)
local gone, delta, seen = {}, {}, {}
for i = 1, #step[2], 2 do
  local vehicle, word = step[2][i], step[2][i + 1]
  if not seen[vehicle] and sub(word, 1, 13) <= ARGV[2] and sub(word, 15, 27) <= ARGV[2] then
    gone[#gone + 1], seen[vehicle] = vehicle, true
    local at = sub(word, 28) .. sub(word, 14, 14)
    delta[at] = (delta[at] or 0) - 1
  end
end
local dropped = 0
for from = 1, #gone, 500 do
  dropped = dropped + redis.call('HDEL', KEYS[1], unpack(gone, from, math.min(from + 499, #gone)))
end
for at, d in pairs(delta) do
  if redis.call('HINCRBY', KEYS[2], at, d) == 0 then redis.call('HDEL', KEYS[2], at) end
end
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('SREM', KEYS[3], ARGV[1]) end
return {step[1], dropped}
