import {LETTERS} from './kept-letters.lua.ts';
import {LANE} from './lanes.lua.ts';
import {RELET} from './letters.lua.ts';
import {PRELUDE} from './prelude.lua.ts';

/**
 * How the retry of a group of letters is kept: what is to be tried, how far it has come, what became of each.
 *
 *   dlr:<group> hash    dlri:<group> stream, one entry a letter    dlrj set of groups whose retry runs
 *   dlrn string, ms: when the next letters of this target may be tried
 */
const JOB = `
local now, group, startedAt = number(), arg(), arg()
local job, items = K .. 'dlr:' .. group, K .. 'dlri:' .. group
local function runs()
  local state, at = unpack(call('HMGET', job, 'state', 'startedAt'))
  return state == 'running' and (startedAt == '' or startedAt == at)
end
`;

/**
 * Starts a retry of what was seen. ARGV: now, group, '', letters, ms and id of the newest, who, why
 * Reply: {'started'} | {'running'} | {'stale', letters now}, also when there are none.
 */
export const RETRY_START = `${PRELUDE}${JOB}
local count, lastAt, lastId, by, reason = number(), arg(), arg(), arg(), arg()
if runs() then return {'running'} end
local key = K .. 'dlg:' .. group
local last, total = call('ZRANGE', key, -1, -1, 'WITHSCORES'), call('ZCARD', key)
if total ~= count or last[1] ~= lastId or last[2] ~= lastAt then return {'stale', total} end
call('DEL', job, items)
call('HSET', job, 'state', 'running', 'startedAt', now, 'by', by, 'reason', reason, 'total', total,
  'untilAt', lastAt, 'untilId', lastId, 'cursor', '')
call('SADD', K .. 'dlrj', group)
return {'started'}
`;

/**
 * Letters and whether their say is overtaken: a snapshot, of no memberships, older than what was decided for its subject since. That
 * stays so, because no position goes back. ARGV: id…; reply: letter or '', 0 or 1…
 */
export const LETTERS_SEEN = `${PRELUDE}
local out = {}
while at < #ARGV do
  local raw, overtaken = call('HGET', K .. 'dl', arg()) or '', 0
  local letter = raw ~= '' and cjson.decode(raw)
  local s = letter and letter.kind == 'snapshot' and not letter.saysMembers and letter.subject and load(letter.subject)
  if s then
    local p = letter.position
    if compare(p.source, p.offset, p.occurredAt, false, s[SRC], s[OFF], s[TIME], has(s, CUT)) < 0 then overtaken = 1 end
  end
  out[#out + 1], out[#out + 2] = raw, overtaken
end
return out
`;

/**
 * The next letters of a retry: each leaves and goes on, or closes as overtaken, or is refused and stays; that is counted in the same
 * step. A step from where the retry is not any more does nothing: of two who take it, one does it.
 * ARGV: now, group, startedAt, cursor, next cursor, ms between two letters, most parked changes, then for each
 *   id, when it died, 'retried', 'superseded' or 'refused', reason or '', subject, entry JSON or '', member or '', manager or ''
 * Reply: {'done', ms when to wake the lanes or 0, a subject of theirs} | {'wait', ms until then} | {'full'} | {'moved'}
 */
export const RETRY_STEP = `${PRELUDE}${LANE}${LETTERS}${RELET}${JOB}
local cursor, next, every, mostParked = arg(), arg(), number(), number()
if not runs() or call('HGET', job, 'cursor') ~= cursor then return {'moved'} end
local from = tonumber(call('GET', K .. 'dlrn') or '0')
if every > 0 and from > now then return {'wait', from - now} end
if tonumber(call('HGET', K .. 'n', 'parked') or '0') >= mostParked then return {'full'} end
local woken, wakeAt, count = '', 0, 0
while at < #ARGV do
  local id, seenAt, result, reason, subject, raw, member, manager = arg(), arg(), arg(), arg(), arg(), arg(), arg(), arg()
  if result == 'superseded' then
    if not unletter(id, seenAt) then result = 'gone' end
  elseif result == 'retried' then
    local moved, wake = relet(now, id, seenAt, subject, raw, member, manager)
    if moved == 0 then result = 'gone' end
    if moved == 2 then result, reason = 'refused', 'another manager is awaited since' end
    if wake > 0 then woken, wakeAt = subject, wake end
    count = count + 1
  end
  call('HINCRBY', job, result, 1)
  call('XADD', items, 'MAXLEN', '~', 10000, '*', 'id', id, 'result', result, 'reason', reason)
end
call('HSET', job, 'cursor', next)
if every > 0 then call('SET', K .. 'dlrn', math.max(now, from) + math.ceil(count * every), 'PX', 60000) end
return {'done', wakeAt, woken}
`;

/**
 * Ends a retry: what was not tried stays. ARGV: now, group, startedAt or '', 'done' or 'stopped', ms to remember it; reply: 1, or 0
 * when it runs no more.
 */
export const RETRY_END = `${PRELUDE}${JOB}
local state, keepMs = arg(), number()
if not runs() then return 0 end
call('HSET', job, 'state', state, 'endedAt', now)
call('SREM', K .. 'dlrj', group)
call('PEXPIRE', job, keepMs)
call('PEXPIRE', items, keepMs)
return 1
`;
