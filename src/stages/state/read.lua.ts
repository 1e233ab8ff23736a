import {PRELUDE} from './prelude.lua.ts';

/**
 * What is known of one subject, read only. ARGV: now, subject
 * Reply: {kind (0: no state), active, absent, cut, doubt, remote, source, offset, time, groups, groups waited for, leased (0 or 1),
 * manager waited for, obligation JSON, hold JSON, lane due ms, lane entries, letters, mark JSON, protected (0 or 1),
 * held since ms or '', deleted at ms or '', erased at ms or '' and nothing newer came since}
 */
export const READ = `${PRELUDE}
local now, subject = number(), arg()
local s = load(subject)
local function flag(f) return s and has(s, f) and 1 or 0 end
local held = lease(call('HGET', K .. 'l', subject), now)
local letters = {}
for _, id in ipairs(call('SMEMBERS', K .. 'dls:' .. subject)) do letters[#letters + 1] = call('HGET', K .. 'dl', id) end
return {s and kindOf(s) or 0, flag(ACTIVE), flag(ABSENT), flag(CUT), flag(DOUBT), s and s[REMOTE] or '', s and s[SRC] or 0,
  s and s[OFF] or -1, s and s[TIME] or 0, s and s[GROUPS] or {}, waiting(subject) or {}, held and 1 or 0,
  call('HGET', K .. 'rf', subject) or '', call('HGET', K .. 'c', subject) or '', call('HGET', K .. 'h', subject) or '',
  call('ZSCORE', K .. 'lanes', subject) or '0', call('LRANGE', K .. 'lane:' .. subject, 0, -1), letters,
  call('HGET', K .. 'hand', subject) or '', flag(PROTECTED),
  call('ZSCORE', K .. 'hz', subject) or '', call('ZSCORE', K .. 'del', subject) or '',
  has(s, ERASED) and call('ZSCORE', K .. 'er', subject) or ''}
`;
