-- What every script of a ledger begins with.
-- KEYS 1 plan  2 rec  3 taken  4 drawn  5 ev  6 due  7 past
-- ARGV 1 Unix milliseconds of the event  2 events to keep in the stream, 0 for all
local call, match, gmatch, format = redis.call, string.match, string.gmatch, string.format
local plan = call('HMGET', KEYS[1], 'gen', 'seq', 'epoch', 'shut', 'replid')
local gen, seq, epoch = tonumber(plan[1]) or 0, tonumber(plan[2]) or 0, plan[3]
local shut = (plan[4] or '') ~= ''
-- The server has started anew or was promoted since the ledger was opened.
local lost = (plan[5] or '') ~= ''
  and not string.find(call('INFO', 'replication'), 'master_replid:' .. plan[5], 1, true)

-- Lua's stack takes no more values than this at once.
local PAGE = 4000

-- get returns the values of the fields list[from..to] of a hash, false where it has none.
local function get(key, list, from, to)
  if to < from then return {} end
  if to - from < PAGE then return call('HMGET', key, unpack(list, from, to)) end
  local all = {}
  for at = from, to, PAGE do
    for _, v in ipairs(call('HMGET', key, unpack(list, at, math.min(at + PAGE - 1, to)))) do
      all[#all + 1] = v
    end
  end
  return all
end

-- put writes list[from..], fields and values in turn, to a hash.
local function put(key, list, from)
  for at = from, #list, PAGE do
    call('HSET', key, unpack(list, at, math.min(at + PAGE - 1, #list)))
  end
end

-- parse returns a record, as engine.Record.String wrote it, in parts.
local function parse(text)
  local p = {}
  p.verb, p.state, p.n, p.first, p.place, p.expires, p.since, p.ended, p.epoch, p.rest, p.levels =
    match(text, '^(%l+)|(%l+)|(%d+)|(%d+|%-?%d+)|(%x+|[^|]*|[^|]*)|(%d+)|(%d+)|(%d+)|(%d+)|' ..
      '([^|]*|[^|]*)|([^|]*)$')
  p.n, p.expires = tonumber(p.n), tonumber(p.expires)
  return p
end

-- text returns a record's text; first is its First and Left. Numbers are written by %d: Lua's and
-- Redis' own way is that of fractions, and slow.
local function text(p)
  return format('%s|%s|%d|%s|%s|%d|%s|%s|%s|%s|%s', p.verb, p.state, p.n, p.first, p.place,
    p.expires, p.since, p.ended, p.epoch, p.rest, p.levels)
end

-- The IDs to append to each list, by its index in KEYS, and those indexes in order.
local pushes, pushed = {}, {}
local function push(key, id)
  local list = pushes[key]
  if not list then
    list = {}
    pushes[key], pushed[#pushed + 1] = list, key
  end
  list[#list + 1] = id
end

-- finish writes what was changed: levels and their counts in turn, records and their texts in turn
-- ("" for one to be forgotten) after the four parts that lead an event.
local function finish(kind, counts, event)
  seq = seq + 1
  if gen == 0 then gen = 1 end
  local id = format('%d-%d', gen, seq)
  call('HSET', KEYS[1], 'gen', format('%d', gen), 'seq', format('%d', seq))
  event[1], event[2], event[3], event[4] = 'k', kind, 't', ARGV[1]
  if ARGV[2] == '0' then call('XADD', KEYS[5], id, unpack(event))
  else call('XADD', KEYS[5], 'MAXLEN', '~', ARGV[2], id, unpack(event)) end
  put(KEYS[3], counts, 1)
  for _, key in ipairs(pushed) do
    local list = pushes[key]
    if call('RPUSH', KEYS[key], unpack(list)) == #list then
      local what, at = match(KEYS[key], '(%l+):(%d+)$')
      call('ZADD', KEYS[what == 'lease' and 6 or 7], at, at)
    end
  end
end
