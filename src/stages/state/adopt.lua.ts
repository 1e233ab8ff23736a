import {PRELUDE} from './prelude.lua.ts';

/**
 * Takes over an account that a look-up found, or begins a leave of one that was not known before.
 * ARGV: now, subject, token, kind, remote, leave (0 or 1), approved (0 or 1), guardMax, guardSpanMs, source, offset, time,
 *   out of scope alone (0 or 1)
 * Reply: {'ok', obligation} | {'lost'} | {'busy'} (its former owner is being worked on) | {'held'} | {'conflict', holder}
 */
export const ADOPT = `${PRELUDE}
local now, subject, token, kind, remote, isLeave, approved = number(), arg(), arg(), number(), arg(), number() == 1, number() == 1
local guardMax, guardSpan, src, off, time, keeps = number(), number(), number(), number(), number(), number() == 1
local v = call('HGET', K .. 'l', subject)
if not v or string.sub(v, 14) ~= token then return {'lost'} end
local key = ownerKey(kind, remote)
local holder = call('HGET', K .. 'o', key)
local h = holder and holder ~= subject and load(holder)
local his = h and h[REMOTE] == remote
if his then
  -- Held is not left, nor is what was held and discarded: only a verified cut-off takes the access away.
  local lives = has(h, ACTIVE) or marked(holder) or not has(h, CUT) or call('HEXISTS', K .. 'c', holder) == 1 or call('HEXISTS', K .. 'h', holder) == 1
  if lives then return {'conflict', holder} end
  -- A deletion, or news for the leaver, may be under way: it would end the new owner's access, or overwrite their account.
  if call('HEXISTS', K .. 'l', holder) == 1 then return {'busy'} end
end
-- Cut off by hand since: the claim that comes next is held.
if not isLeave and kind == USER and marked(subject) then return {'lost'} end
if isLeave and guardHolds('g', subject, approved, now, guardMax, guardSpan) then return {'held'} end
if his then
  h[REMOTE] = '' h[VECTOR] = '' setFlag(h, ABSENT, true) touch(holder, h)
  call('ZREM', K .. 'del', holder)
end
call('HSET', K .. 'o', key, subject)
local s = load(subject) or blank(kind)
s[REMOTE] = remote
setFlag(s, DOUBT, true)
setFlag(s, ABSENT, false)
touch(subject, s)
flush()
local open = isLeave and call('HGET', K .. 'c', subject)
return {'ok', isLeave and (open or begin(subject, src, off, time, now, keeps)) or ''}
`;
