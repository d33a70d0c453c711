-- Make live records charge other levels; those that have ended or are unknown are passed over.
-- ARGV 3 how many, then their IDs, then the levels of each, joined by commas
-- Returns {gen, seq}; 'LOST' where the server has changed.
if lost then return 'LOST' end
local n = tonumber(ARGV[3])
local levels = {}
for i = 1, n do levels[i] = ARGV[3 + n + i] end
count(ARGV, 4, 3 + n, levels)
local event = {'', '', '', ''}
for i = 1, n do
  local p = texts[i] and parse(texts[i])
  if p and p.n > 0 and p.levels ~= levels[i] then
    charge(p.levels, -p.n)
    p.levels = levels[i]
    charge(p.levels, p.n)
    event[#event + 1] = ARGV[3 + i]
    event[#event + 1] = text(p)
  end
end
if #event > 4 then
  finish('releveled', counts(), event)
  put(KEYS[2], event, 5)
end
return {gen, seq}
