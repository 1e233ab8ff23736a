import {LETTERS} from './kept-letters.lua.ts';
import {LANE} from './lanes.lua.ts';
import {PRELUDE} from './prelude.lua.ts';

const TAKE_OUT = `
local function takeOut(subject, id)
  local key = K .. 'lane:' .. subject
  for _, item in ipairs(call('LRANGE', key, 0, -1)) do
    if cjson.decode(item).id == id then count(-call('LREM', key, 1, item)) end
  end
end
`;

/**
 * Cuts a subject off by hand: marked, an obligation (which waits until a claim begins it), and first in its lane, in one step.
 * One that is marked already keeps its first mark. ARGV: now, subject, mark JSON, entry JSON
 * Reply: {1, ms when to wake the lane or 0} | {0} for a group.
 */
export const MARK = `${PRELUDE}${LANE}${LETTERS}${TAKE_OUT}
local now, subject, mark, raw = number(), arg(), arg(), arg()
local s = load(subject)
if s and kindOf(s) == GROUP then return {0} end
-- Asked for again, it is the first again, and no letter.
local id = cjson.decode(raw).id
takeOut(subject, id)
unletter(id)
call('HSETNX', K .. 'hand', subject, mark)
call('HDEL', K .. 'proof', subject)
local obligation = {begunAt = now, source = 0, offset = -1, occurredAt = now, byHand = true, waits = true}
call('HSETNX', K .. 'c', subject, cjson.encode(obligation))
local _, wake = park(subject, raw, now, now, false, false)
return {1, wake}
`;

/**
 * Lifts a cut-off by hand: the mark is gone, a cut-off that nobody has begun or that is a dead letter too, and what is barred
 * goes into the lane, in one step. ARGV: now, subject, id of the cut-off, what is held (JSON as it was read, or ''), entry JSON or '' (nothing goes on)
 * Reply: 1 lifted | 0 it is not marked | 2 something else is held by now.
 */
export const LIFT = `${PRELUDE}${LANE}${LETTERS}${TAKE_OUT}
local now, subject, id, held, raw = number(), arg(), arg(), arg(), arg()
if not marked(subject) then return 0 end
if (call('HGET', K .. 'h', subject) or '') ~= held then return 2 end
call('HDEL', K .. 'hand', subject)
call('HDEL', K .. 'proof', subject)
local obligation, isDead = call('HGET', K .. 'c', subject), unletter(id)
local open = obligation and cjson.decode(obligation) or {}
if open.waits or (isDead and open.byHand) then
  call('HDEL', K .. 'c', subject)
  takeOut(subject, id)
  index(subject, dueOf(subject))
end
local s = isDead and load(subject)
if s then
  -- Some of it may have been done.
  setFlag(s, DOUBT, true)
  touch(subject, s)
  flush()
end
if raw ~= '' then
  call('HDEL', K .. 'h', subject)
  call('ZREM', K .. 'hz', subject)
  -- What is older in the lane ends by itself when its turn comes.
  park(subject, raw, now, now, false, false)
end
return 1
`;
