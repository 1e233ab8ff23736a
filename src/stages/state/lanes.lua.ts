import {PRELUDE} from './prelude.lua.ts';
import {RELEASE} from './settle.lua.ts';

const LANE = `
-- A lane entry is JSON: {id, kind: snapshot | cutOff | delta | sync, saysMembers, firstAt, …}; only these are read here.
local function index(subject, due)
  local head = call('LINDEX', K .. 'lane:' .. subject, 0)
  if not head then
    call('ZREM', K .. 'lanes', subject)
    call('ZREM', K .. 'lo', subject)
    return
  end
  call('ZADD', K .. 'lanes', due, subject)
  call('ZADD', K .. 'lo', cjson.decode(head).firstAt, subject)
end
local function count(by) call('HINCRBY', K .. 'n', 'parked', by) end

local function replaced(entry, old)
  if entry.kind == 'sync' then return old.kind == 'sync' end
  if old.kind == 'cutOff' or old.kind == 'delta' or old.kind == 'sync' then return false end
  if entry.kind == 'cutOff' then return true end
  return entry.kind == 'snapshot' and (entry.saysMembers or not old.saysMembers)
end
`;

/**
 * Parks one change in its subject's lane, and in the same step gives back its lease when it had one.
 * ARGV: now, due, subject, token or '', kind, source, offset, time, flags (of release), coalesce (0 or 1), entry JSON
 * Reply: {'parked', entries that it took the place of…} | {'lost'}
 */
export const PARK = `${PRELUDE}${RELEASE}${LANE}
local now, due, subject, token, kind = number(), number(), arg(), arg(), number()
local src, off, time, flags, coalesce, raw = number(), number(), number(), arg(), number() == 1, arg()
if token ~= '' then
  if not holds(subject, token) then return {'lost'} end
  release(subject, kind, src, off, time, flags)
  flush()
end
local key, entry, gone = K .. 'lane:' .. subject, cjson.decode(raw), {'parked'}
for _, item in ipairs(call('LRANGE', key, 0, -1)) do
  local old = cjson.decode(item)
  if old.id == entry.id or (coalesce and replaced(entry, old)) then
    call('LREM', key, 1, item)
    count(-1)
    if old.id ~= entry.id and old.kind ~= 'sync' then gone[#gone + 1] = item end
  end
end
if entry.kind == 'cutOff' then call('LPUSH', key, raw) else call('RPUSH', key, raw) end
count(1)
index(subject, #gone > 1 and now or due)
return gone
`;

/**
 * The head of a lane was tried: it is done and leaves, or it waits on with what was learnt.
 * ARGV: now, due, subject, token or '', kind, source, offset, time, flags (of release), id, entry JSON or '' (done)
 * Reply: {entries left, 1 when the head was still this one}; a lost lease changes nothing but is no error here.
 */
export const LANE_TURN = `${PRELUDE}${RELEASE}${LANE}
local now, due, subject, token, kind = number(), number(), arg(), arg(), number()
local src, off, time, flags, id, raw = number(), number(), number(), arg(), arg(), arg()
if token ~= '' and holds(subject, token) then
  release(subject, kind, src, off, time, flags)
  flush()
end
local key, found = K .. 'lane:' .. subject, 0
for i, item in ipairs(call('LRANGE', key, 0, -1)) do
  if found == 0 and cjson.decode(item).id == id then
    found = 1
    if raw == '' then call('LREM', key, 1, item) count(-1) else call('LSET', key, i - 1, raw) end
  end
end
index(subject, raw == '' and now or due)
return {call('LLEN', key), found}
`;

/**
 * Keeps one leave for a person to approve. The position moves: an older event must not undo what is held.
 * ARGV: now, subject, source, offset, time, hold JSON
 */
export const HOLD = `${PRELUDE}
local now, subject, src, off, time, raw = number(), arg(), number(), number(), number(), arg()
local s = load(subject) or blank(USER)
if compare(src, off, time, true, s[SRC], s[OFF], s[TIME], has(s, CUT)) < 0 then return 0 end
advance(s, src, off, time, true)
touch(subject, s)
flush()
call('HSET', K .. 'h', subject, raw)
call('ZADD', K .. 'hz', now, subject)
return 1
`;

/**
 * Writes one dead letter and in the same step gives back the lease of what it was about.
 * ARGV: now, id, subject or '', token or '', kind, source, offset, time, flags (of release), cause, letter JSON, n, member…
 * (the members are those whose news becomes this letter). Reply: 1, or 0 when the letter was there already.
 */
export const LETTER = `${PRELUDE}${RELEASE}
local now, id, subject, token, kind = number(), arg(), arg(), arg(), number()
local src, off, time, flags, cause, raw, gone = number(), number(), number(), arg(), arg(), arg(), list()
if token ~= '' and holds(subject, token) then release(subject, kind, src, off, time, flags) flush() end
for _, member in ipairs(gone) do call('SREM', K .. 'd:' .. subject, member) end
local old = call('HGET', K .. 'dl', id)
if old then call('HINCRBY', K .. 'dlc', cjson.decode(old).cause, -1) end
call('HSET', K .. 'dl', id, raw)
call('ZADD', K .. 'dlz', 'NX', now, id)
call('HINCRBY', K .. 'dlc', cause, 1)
if subject ~= '' then call('SADD', K .. 'dls:' .. subject, id) end
return old and 0 or 1
`;

/**
 * Takes dead letters away. ARGV: id…; reply: the letters that were there.
 */
export const UNLETTER = `${PRELUDE}
local out = {}
while at < #ARGV do
  local id = arg()
  local raw = call('HGET', K .. 'dl', id)
  if raw then
    local letter = cjson.decode(raw)
    call('HDEL', K .. 'dl', id)
    call('ZREM', K .. 'dlz', id)
    if call('HINCRBY', K .. 'dlc', letter.cause, -1) <= 0 then call('HDEL', K .. 'dlc', letter.cause) end
    if letter.subject then call('SREM', K .. 'dls:' .. letter.subject, id) end
    out[#out + 1] = raw
  end
end
return out
`;
