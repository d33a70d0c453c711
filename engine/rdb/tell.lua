-- Merge words about an operator's vehicles into those kept, as engine.Word.Merge does, and count the
-- vehicles by cell and state. Repeating it changes nothing.
-- KEYS 1 word: hash of vehicle, 8 bytes -> word  2 count: hash of cell and state -> vehicles
--      3 fleets: set of operators  4 floor: Unix milliseconds up to which no word is taken
-- ARGV 1 operator  2 n; then n vehicles, each once; then n words of 43 characters: Unix milliseconds
--      of the state (13), state (1), Unix milliseconds of the cell (13), cell (16)
--      Both halves are digits and small letters of one length: the greater text is the later one.
-- Returns how many words changed.
local sub = string.sub
local n = tonumber(ARGV[2])
local known = redis.call('HMGET', KEYS[1], unpack(ARGV, 3, n + 2))
local floor = redis.call('GET', KEYS[4])
local set, m, delta = {}, 0, {}
for i = 1, n do
  local old, new = known[i], ARGV[n + 2 + i]
  if old ~= new and not (floor and sub(new, 1, 13) <= floor and sub(new, 15, 27) <= floor) then
    local state, cell = sub(new, 1, 14), sub(new, 15)
    local from
    if old then
      local oldState, oldCell = sub(old, 1, 14), sub(old, 15)
      if oldState > state then state = oldState end
      if oldCell > cell then cell = oldCell end
      new = state .. cell
      from = sub(old, 28) .. sub(old, 14, 14)
    end
    if old ~= new then
      set[m + 1], set[m + 2] = ARGV[i + 2], new
      m = m + 2
      local to = sub(new, 28) .. sub(new, 14, 14)
      if from ~= to then
        delta[to] = (delta[to] or 0) + 1
        if from then delta[from] = (delta[from] or 0) - 1 end
      end
    end
  end
end
if m == 0 then return 0 end
redis.call('HSET', KEYS[1], unpack(set))
redis.call('SADD', KEYS[3], ARGV[1])
for at, d in pairs(delta) do
  if d ~= 0 and redis.call('HINCRBY', KEYS[2], at, d) == 0 then redis.call('HDEL', KEYS[2], at) end
end
return m / 2
