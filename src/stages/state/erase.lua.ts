import {LETTERS} from './kept-letters.lua.ts';
import {LANE} from './lanes.lua.ts';
import {PRELUDE} from './prelude.lua.ts';
import {RELEASE} from './settle.lua.ts';

/** What is kept about somebody who is to be erased; used by both scripts. */
const KEPT = `
-- Its own letters, and those about it as a member of groups.
local function lettersOf(subject, ids)
  for _, id in ipairs(call('SMEMBERS', K .. 'dls:' .. subject)) do ids[#ids + 1] = id end
  local found = {}
  for _, id in ipairs(ids) do
    local raw = call('HGET', K .. 'dl', id)
    if raw then found[#found + 1] = {id, raw} end
  end
  return found
end
-- Hashes by subject that hold nothing but what was wanted of it, or how an attempt ended.
local byTheWay = {'x', 'rf', 'ra', 'proof'}
`;

/**
 * What there is to erase of one subject, and what stands against it; changes nothing. ARGV: now, subject, n, id of a letter about it as a
 * member…
 * Reply: {state as it is kept or '', kind (0: no state), remote, active, doubt, erased, has a digest (0 or 1 each), leased (0 or 1), obligation
 * or '', hold or '', lane entries, letters, groups it waits for, groups it is still to be taken out of, how much else, mark or '', deleted at ms or ''}
 */
export const ERASE_LOOK = `${PRELUDE}${KEPT}
local now, subject, ids = number(), arg(), list()
local s = load(subject)
local held, inDoubt = lease(call('HGET', K .. 'l', subject), now)
local letters, leaving, others = {}, {}, 0
for _, letter in ipairs(lettersOf(subject, ids)) do letters[#letters + 1] = letter[2] end
if s and s[REMOTE] ~= '' then
  for _, group in ipairs(call('ZRANGE', K .. 'dg', 0, -1)) do
    if call('SISMEMBER', K .. 'd:' .. group, subject) == 1 and not isMember(group, subject) then leaving[#leaving + 1] = group end
  end
end
for _, hash in ipairs(byTheWay) do others = others + call('HEXISTS', K .. hash, subject) end
local function flag(on) return on and 1 or 0 end
return {call('HGET', K .. 's', subject) or '', s and kindOf(s) or 0, s and s[REMOTE] or '', flag(has(s, ACTIVE)),
  flag(inDoubt or has(s, DOUBT)), flag(has(s, ERASED)), flag(s and s[VECTOR] ~= ''), flag(held), call('HGET', K .. 'c', subject) or '',
  call('HGET', K .. 'h', subject) or '', call('LRANGE', K .. 'lane:' .. subject, 0, -1), letters, waiting(subject) or {}, leaving, others,
  call('HGET', K .. 'hand', subject) or '', call('ZSCORE', K .. 'del', subject) or ''}
`;

/**
 * Erases what was seen of one subject, in one step. The position stays, and moves over what is erased: nothing that was read before is
 * believed again. What is replaced by something else than '' stays so (a cut-off that is not finished, without the person's data): then it is
 * not final, nothing is fenced, and it is to be erased again.
 * ARGV: now, subject, state and obligation as they were seen, account stays (0 or 1), final (0 or 1), mark or '', n, id of a letter about it as
 * a member…, then for each entry, letter and hold as it was seen: that, and what takes its place or ''
 * Reply: 1, or 0 when something has changed since, or somebody is at it.
 */
export const ERASE = `${PRELUDE}${RELEASE}${LANE}${LETTERS}${KEPT}
local now, subject, seen, open = number(), arg(), arg(), arg()
local keepsAccount, isFinal, mark, ids = number() == 1, number() == 1, arg(), list()
local replaced = {}
while at < #ARGV do
  local raw = arg()
  replaced[raw] = arg()
end
local held, inDoubt = lease(call('HGET', K .. 'l', subject), now)
local key, hold = K .. 'lane:' .. subject, call('HGET', K .. 'h', subject)
local lane, letters = call('LRANGE', key, 0, -1), lettersOf(subject, ids)
local function isAsSeen()
  if held or (call('HGET', K .. 's', subject) or '') ~= seen or (call('HGET', K .. 'c', subject) or '') ~= open then return false end
  for _, item in ipairs(lane) do if not replaced[item] then return false end end
  for _, letter in ipairs(letters) do if not replaced[letter[2]] then return false end end
  return not hold or replaced[hold] ~= nil
end
if not isAsSeen() then return 0 end

local s = load(subject) or blank(USER)
local cut = has(s, CUT)
-- Of a member the position is its group's, of a cut-off by hand none.
local function pass(raw)
  local parked = cjson.decode(raw)
  local p = parked.position
  if isFinal and p.offset >= 0 and not parked.member then advance(s, p.source, p.offset, p.occurredAt, cut) end
end

local left = {}
for _, item in ipairs(lane) do
  if replaced[item] == '' then pass(item) else left[#left + 1] = replaced[item] end
end
if #lane > 0 then
  call('DEL', key)
  for _, item in ipairs(left) do call('RPUSH', key, item) end
  count(#left - #lane)
  index(subject, dueOf(subject))
end
for _, letter in ipairs(letters) do
  local id, raw = letter[1], letter[2]
  if replaced[raw] == '' then pass(raw) unletter(id) else call('HSET', K .. 'dl', id, replaced[raw]) end
end
if hold and replaced[hold] == '' then
  pass(hold)
  call('HDEL', K .. 'h', subject)
  call('ZREM', K .. 'hz', subject)
elseif hold then
  call('HSET', K .. 'h', subject, replaced[hold])
end

-- It is wanted in no group any more, from where that was said: the same news again is none.
for _, group in ipairs(waiting(subject) or {}) do
  local b = members(group, subject)
  local _, src, off, time = standing(b.map[subject], floorOf(load(group)))
  b.map[subject] = {0, src, off, time}
  b.changed = true
  call('SREM', K .. 'd:' .. group, subject)
end
setWaiting(subject, false)
fillManager(subject)
for _, hash in ipairs(byTheWay) do call('HDEL', K .. hash, subject) end
if mark ~= '' then call('HSET', K .. 'hand', subject, mark) end
if inDoubt then
  call('HDEL', K .. 'l', subject)
  setFlag(s, DOUBT, true)
end

s[VECTOR] = ''
if not keepsAccount then
  local owner = s[REMOTE] ~= '' and ownerKey(USER, s[REMOTE])
  if owner and call('HGET', K .. 'o', owner) == subject then call('HDEL', K .. 'o', owner) end
  s[REMOTE], s[GROUPS] = '', false
end
if isFinal then
  setFlag(s, ERASED, true)
  call('ZADD', K .. 'er', now, subject)
end
if isFinal or seen ~= '' then touch(subject, s) end
flush()
return 1
`;
