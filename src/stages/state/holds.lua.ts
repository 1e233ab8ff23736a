import {LANE} from './lanes.lua.ts';
import {PRELUDE} from './prelude.lua.ts';

/**
 * Keeps one leave for a person to approve, or what is barred until a cut-off by hand is lifted. The position moves: an older
 * event must not undo what is held.
 * ARGV: now, subject, source, offset, time, barred (0 or 1), entry JSON
 * Reply: 1, 0 when something newer was decided, or 2 when nothing bars it any more.
 */
export const HOLD = `${PRELUDE}
local now, subject, src, off, time, barred, raw = number(), arg(), number(), number(), number(), number() == 1, arg()
if barred and not marked(subject) then return 2 end
local s = load(subject) or blank(USER)
if isOld(s, src, off, time, not barred) then return 0 end
advance(s, src, off, time, not barred)
touch(subject, s)
flush()
call('HSET', K .. 'h', subject, raw)
-- Said again, it is held since it was said first.
call('ZADD', K .. 'hz', 'NX', now, subject)
return 1
`;

/**
 * Ends one hold: approved, it goes into its subject's lane in the same step; discarded, it is gone.
 * ARGV: now, subject, held JSON (as it was read), entry JSON or '' (discard)
 * Reply: {1, ms when to wake the lane or 0, entries that it took the place of…} | {0} when it is not what is held (any more).
 */
export const UNHOLD = `${PRELUDE}${LANE}
local now, subject, held, raw = number(), arg(), arg(), arg()
if call('HGET', K .. 'h', subject) ~= held then return {0} end
call('HDEL', K .. 'h', subject)
call('ZREM', K .. 'hz', subject)
if raw == '' then
  -- Its record may come again: whoever discarded it has said no.
  local s = load(subject)
  if s then setFlag(s, DISCARDED, true) touch(subject, s) flush() end
  return {1, 0}
end
local gone, wake = park(subject, raw, now, now, true, false)
return {1, wake, unpack(gone)}
`;
