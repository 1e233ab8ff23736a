import {otherKindCause} from '../../core/kind-failure.ts';
import {LANE} from './lanes.lua.ts';
import {LETTERS} from './kept-letters.lua.ts';
import {PRELUDE} from './prelude.lua.ts';
import {RELEASE} from './settle.lua.ts';

/**
 * Writes one dead letter and in the same step gives back the lease of what it was about.
 * ARGV: now, id, subject or '', token or '', kind, source, offset, time, flags (of release), letter JSON, what its group has in common
 * (JSON), n, member…
 * (the members, '+' or '-' before each, are those whose news becomes this letter). Reply: 1, or 0 when a letter of this id was there already.
 */
export const LETTER = `${PRELUDE}${RELEASE}${LETTERS}
local now, id, subject, token, kind = number(), arg(), arg(), arg(), number()
local src, off, time, flags, raw, about, gone = number(), number(), number(), arg(), arg(), arg(), list()
if token ~= '' and holds(subject, token) then release(subject, kind, src, off, time, flags) flush() end
if #gone > 0 then clean(subject, gone, now) end
local letter = cjson.decode(raw)
-- Its members stay to be told, but nobody tries them again before somebody says something new of one, or retries the letter.
if letter.kind == 'sync' then call('ZREM', K .. 'dg', subject) end
local old = call('HGET', K .. 'dl', id)
if old then
  old = cjson.decode(old)
  uncount(old.failure.cause)
  ungroup(id, old)
end
call('HSET', K .. 'dl', id, raw)
call('ZADD', K .. 'dlz', 'NX', now, id)
enroll(id, letter.group, about, call('ZSCORE', K .. 'dlz', id))
call('HINCRBY', K .. 'dlc', letter.failure.cause, 1)
if subject ~= '' then call('SADD', K .. 'dls:' .. subject, id) end
return old and 0 or 1
`;

/**
 * Takes dead letters away. ARGV: id, when it died or ''…; reply: the letters that were there.
 */
export const UNLETTER = `${PRELUDE}${LETTERS}
local out = {}
while at < #ARGV do
  local raw = unletter(arg(), arg())
  if raw then out[#out + 1] = raw end
end
return out
`;

/**
 * Takes away the letters whose whole say a newer snapshot of the subject has overtaken: older snapshots, those that speak of
 * members only when the newer one does; the one about a manager when it names another (the same is not told again, so it stays).
 * ARGV: subject, source, offset, time, says members (0 or 1), manager or ''; reply: the letters.
 */
export const OVERTAKEN = `${PRELUDE}${LETTERS}
local subject, src, off, time, saysMembers, manager = arg(), number(), number(), number(), number() == 1, arg()
local out = {}
for _, id in ipairs(call('SMEMBERS', K .. 'dls:' .. subject)) do
  local letter = cjson.decode(call('HGET', K .. 'dl', id))
  local p = letter.position
  -- Of another kind, it is about another.
  local isSaid = letter.kind == 'snapshot' and letter.failure.cause ~= '${otherKindCause}' and (saysMembers or not letter.saysMembers)
    and compare(src, off, time, false, p.source, p.offset, p.occurredAt, false) > 0
  if isSaid or (letter.kind == 'reference' and letter.managerId ~= manager) then
    out[#out + 1] = unletter(id)
  end
end
return out
`;

/** How a letter is tried again, by itself or with its group; used with LANE and LETTERS. */
export const RELET = `
-- It leaves, and what it says goes on: 1 and when to wake the lane (0: not), 0 it is gone, 2 another manager is awaited since.
local function relet(due, id, seenAt, subject, raw, member, manager)
  if manager ~= '' and (call('HGET', K .. 'rf', subject) or manager) ~= manager then return 2, 0 end
  if not unletter(id, seenAt) then return 0, 0 end
  if manager ~= '' then
    awaitManager(subject, manager)
    call('ZADD', K .. 'rq', due, subject)
    return 1, 0
  end
  if raw == '' then dirty(subject, member, due) return 1, 0 end
  local _, wake = park(subject, raw, due, due, false, false)
  return 1, wake
end
`;

/**
 * Tries a dead letter again: it leaves, and in the same step its entry stands in its subject's lane, or its member is one that
 * the target must be told about, or its manager is to be filled in. ARGV: now, id, when it died, subject, entry JSON or '', member or '',
 * manager or ''
 * Reply: {1, ms when to wake the lane or 0} | {0} when the letter is gone | {2} when another manager is awaited since.
 */
export const RELETTER = `${PRELUDE}${LANE}${LETTERS}${RELET}
local now, id, seenAt, subject, raw, member, manager = number(), arg(), arg(), arg(), arg(), arg(), arg()
return {relet(now, id, seenAt, subject, raw, member, manager)}
`;
