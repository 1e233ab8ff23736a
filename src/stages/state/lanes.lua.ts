import {PRELUDE} from './prelude.lua.ts';
import {RELEASE} from './settle.lua.ts';

/**
 * How an entry joins a lane; used by every script that parks.
 *
 *   lane:<subject> list of entries (JSON)    lanes zset subject → ms when it is to be tried again
 *   lo zset subject → ms since its head fails    lc zset those of lanes with a cut-off at the front, which is where one stands
 *
 * Of an entry these scripts read id, kind, saysMembers, isEnd, position, firstAt, attempts, force and approved.
 */
export const LANE = `
local function dueOf(subject) return tonumber(call('ZSCORE', K .. 'lanes', subject) or '0') end
local function count(by) call('HINCRBY', K .. 'n', 'parked', by) end

local function index(subject, due)
  local head = call('LINDEX', K .. 'lane:' .. subject, 0)
  if not head then
    for _, list in ipairs({'lanes', 'lo', 'lc'}) do call('ZREM', K .. list, subject) end
    return
  end
  local entry = cjson.decode(head)
  call('ZADD', K .. 'lanes', due, subject)
  call('ZADD', K .. 'lo', entry.firstAt, subject)
  if entry.kind == 'cutOff' then call('ZADD', K .. 'lc', due, subject) else call('ZREM', K .. 'lc', subject) end
end

-- An obligation, or a lease: it is finished whatever newer events say.
local function mayHaveBegun(subject, old)
  return old.hand ~= nil or call('HEXISTS', K .. 'c', subject) == 1 or call('HEXISTS', K .. 'l', subject) == 1
end
-- A newer snapshot says all that an older one did, and overtakes a cut-off that is not begun; a newer cut-off, or a group's end,
-- overtakes snapshots, but no list of memberships: held or overtaken itself before it begins, it must not have lost them. What a
-- delta says stays.
local function replaced(subject, entry, old)
  if old.kind == 'cutOff' and (entry.kind ~= 'snapshot' or mayHaveBegun(subject, old)) then return false end
  if old.kind ~= 'snapshot' and old.kind ~= 'cutOff' then return false end
  if entry.kind ~= 'cutOff' and entry.kind ~= 'snapshot' then return false end
  local p, o = entry.position, old.position
  local cut = entry.kind == 'cutOff'
  if compare(p.source, p.offset, p.occurredAt, cut, o.source, o.offset, o.occurredAt, old.kind == 'cutOff') <= 0 then return false end
  if cut or entry.isEnd then return old.kind == 'cutOff' or old.isEnd or not old.saysMembers end
  return old.kind == 'cutOff' or entry.saysMembers or not old.saysMembers
end

-- A record that comes again while it is parked keeps its place, and what was learnt of it unless more is known now.
local function join(subject, raw, entry, coalesce)
  local key = K .. 'lane:' .. subject
  local gone, same = {}, false
  for i, item in ipairs(call('LRANGE', key, 0, -1)) do
    local old = cjson.decode(item)
    if old.id == entry.id then
      same = true
      if entry.force or entry.approved or entry.attempts > old.attempts then call('LSET', key, i - 1 - #gone, raw) end
    elseif coalesce and replaced(subject, entry, old) then
      call('LREM', key, 1, item)
      gone[#gone + 1] = item
    end
  end
  if not same then
    if entry.kind == 'cutOff' then call('LPUSH', key, raw) else call('RPUSH', key, raw) end
    count(1)
  end
  if #gone > 0 then count(-#gone) end
  return gone
end

-- Puts an entry in line; 'tried' when it has just failed. Gives the entries whose place it took, and when to wake the lane
-- (0: it is woken already). Behind others it waits for them; where it took a place or a person asks, the lane goes at once.
local function park(subject, raw, due, now, coalesce, tried)
  local key, entry = K .. 'lane:' .. subject, cjson.decode(raw)
  local before = call('EXISTS', key) == 1 and dueOf(subject) or false
  local gone = join(subject, raw, entry, coalesce)
  local at = due
  if before and not tried then
    if #gone > 0 or entry.force or entry.approved then at = math.min(before, now)
    elseif entry.kind == 'cutOff' then at = math.min(before, due)
    else at = before end
  end
  index(subject, at)
  return gone, (at ~= before or tried) and at or 0
end
`;

/**
 * Parks one change in its subject's lane, and in the same step gives back its lease when it had one.
 * ARGV: now, due, subject, token or '', kind, source, offset, time, flags (of release), coalesce (0 or 1), entry JSON
 * Reply: {'parked', entries in all lanes, ms when to wake the lane or 0, entries that it took the place of…} | {'lost'}
 */
export const PARK = `${PRELUDE}${RELEASE}${LANE}
local now, due, subject, token, kind = number(), number(), arg(), arg(), number()
local src, off, time, flags, coalesce, raw = number(), number(), number(), arg(), number() == 1, arg()
if token ~= '' then
  if not holds(subject, token) then return {'lost'} end
  release(subject, kind, src, off, time, flags)
  flush()
end
local gone, wake = park(subject, raw, due, now, coalesce, token ~= '')
return {'parked', tonumber(call('HGET', K .. 'n', 'parked')), wake, unpack(gone)}
`;

/**
 * Entries of lanes were tried: each is done and leaves, or it waits on with what was learnt.
 * ARGV: now, then for each: due, subject, token or '', kind, source, offset, time, flags (of release), id, entry JSON or '' (done)
 * Reply: for each {entries left, ms when to wake the lane}, or {what went wrong}. An entry that another took the place of meanwhile
 * changes nothing, and with a lost lease nothing is written.
 */
export const LANE_TURN = `${PRELUDE}${RELEASE}${LANE}
local now = number()
local function turn()
  local due, subject, token, kind = number(), arg(), arg(), number()
  local src, off, time, flags, id, raw = number(), number(), number(), arg(), arg(), arg()
  local key, place = K .. 'lane:' .. subject, 0
  if token ~= '' then
    if not holds(subject, token) then return {call('LLEN', key), dueOf(subject)} end
    release(subject, kind, src, off, time, flags)
  end
  for i, item in ipairs(call('LRANGE', key, 0, -1)) do
    if place == 0 and cjson.decode(item).id == id then
      place = i
      if raw == '' then call('LREM', key, 1, item) count(-1) else call('LSET', key, i - 1, raw) end
    end
  end
  local at = dueOf(subject)
  if place > 0 and raw == '' then at = now
  elseif place == 1 then at = due
  elseif place > 1 then at = math.min(at, due) end
  index(subject, at)
  return {call('LLEN', key), at}
end
-- A lane that can not be read must not keep the others of its call from going on.
local out = {}
while at < #ARGV do
  local isDone, reply = pcall(turn)
  out[#out + 1] = isDone and reply or {type(reply) == 'table' and reply.err or tostring(reply)}
end
flush()
return out
`;

/**
 * The heads of lanes whose time has come. ARGV: due at the latest, then the subjects; reply: for each its entry, or nothing when its
 * lane is empty or due later.
 */
export const LANE_HEADS = `${PRELUDE}
local latest, out = number(), {}
while at < #ARGV do
  local subject = arg()
  local isDue = tonumber(call('ZSCORE', K .. 'lanes', subject) or '0') <= latest
  out[#out + 1] = isDue and call('LINDEX', K .. 'lane:' .. subject, 0)
end
return out
`;

/**
 * Sets when a lane is tried again. ARGV: due, subject, not sooner (1: what is due later stays so); reply: 1, or 0 when it is empty
 * or due later.
 */
export const LANE_WAKE = `${PRELUDE}
local due, subject, notSooner = number(), arg(), number() == 1
if call('EXISTS', K .. 'lane:' .. subject) == 0 then return 0 end
if notSooner and tonumber(call('ZSCORE', K .. 'lanes', subject) or '0') > due then return 0 end
call('ZADD', K .. 'lanes', due, subject)
call('ZADD', K .. 'lc', 'XX', due, subject)
return 1
`;

/**
 * The lanes that are due and that nobody is at, oldest first. ARGV: now, due at the earliest, due at the latest, how many with a
 * cut-off at most, how many at most; reply: {subjects with a cut-off, subjects, with or without}.
 */
export const LANES_DUE = `${PRELUDE}
local now, from, to = number(), number(), number()
local function free(list, most)
  local due = most > 0 and call('ZRANGEBYSCORE', K .. list, from, to, 'LIMIT', 0, most) or {}
  local leases, found = {}, {}
  fetch(K .. 'l', due, leases)
  for _, subject in ipairs(due) do
    if not lease(leases[subject], now) then found[#found + 1] = subject end
  end
  return found
end
return {free('lc', number()), free('lanes', number())}
`;
