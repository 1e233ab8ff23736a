import {LETTERS} from './kept-letters.lua.ts';
import {PRELUDE} from './prelude.lua.ts';

/**
 * Puts letters of an older version into their groups. ARGV: for each id, the letter as it was read, the letter with its group, what
 * the group has in common. One that was changed meanwhile is left alone. Reply: how many.
 */
export const ENROLL = `${PRELUDE}${LETTERS}
local count = 0
while at < #ARGV do
  local id, old, raw, about = arg(), arg(), arg(), arg()
  local score = call('ZSCORE', K .. 'dlz', id)
  if score and call('HGET', K .. 'dl', id) == old then
    call('HSET', K .. 'dl', id, raw)
    enroll(id, cjson.decode(raw).group, about, score)
    count = count + 1
  end
end
return count
`;

/**
 * Every group as it is now. ARGV: now, length of a bucket in ms, how many buckets
 * Reply: for each {group, what it has in common, letters, oldest id, its ms, newest id, its ms, letters in each bucket, the latest last}.
 */
export const GROUPS = `${PRELUDE}
local now, span, buckets = number(), number(), number()
local out, all = {}, call('HGETALL', K .. 'dlgs')
for i = 1, #all, 2 do
  local key, trend = K .. 'dlg:' .. all[i], {}
  local first, last = call('ZRANGE', key, 0, 0, 'WITHSCORES'), call('ZRANGE', key, -1, -1, 'WITHSCORES')
  for b = buckets, 1, -1 do
    local from = now - b * span
    trend[#trend + 1] = last[2] and tonumber(last[2]) > from and call('ZCOUNT', key, '(' .. from, b == 1 and '+inf' or from + span) or 0
  end
  if first[1] then out[#out + 1] = {all[i], all[i + 1], call('ZCARD', key), first[1], first[2], last[1], last[2], trend} end
end
return out
`;

/**
 * A page of letters by time. ARGV: key, from ms, until ms or '+inf', ms and id of the place it begins behind, or '', how many
 * Reply: id, ms…. What comes and goes between two pages shifts nothing, and no page costs more for those before it.
 */
export const LETTER_PAGE = `${PRELUDE}
local key, from, to, place, id, most = K .. arg(), arg(), arg(), arg(), arg(), number()
-- As Redis orders what has one score.
local function precedes(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end
-- The first behind a place that may be empty meanwhile.
local function behind()
  local rank = call('ZRANK', key, id)
  if rank and tonumber(call('ZSCORE', key, id)) == tonumber(place) then return rank + 1 end
  local low, high = call('ZCOUNT', key, '-inf', '(' .. place), call('ZCOUNT', key, '-inf', place)
  while low < high do
    local middle = math.floor((low + high) / 2)
    if precedes(id, call('ZRANGE', key, middle, middle)[1]) then high = middle else low = middle + 1 end
  end
  return low
end
local start = call('ZCOUNT', key, '-inf', '(' .. from)
if place ~= '' then start = math.max(start, behind()) end
local upTo = call('ZCOUNT', key, '-inf', to)
if start >= upTo then return {} end
return call('ZRANGE', key, start, math.min(start + most, upTo) - 1, 'WITHSCORES')
`;
