import {CLAIM_GROUPS} from './claim-groups.lua.ts';
import {CLAIM_LEAVE} from './claim-leave.lua.ts';
import {CLAIM_PROTECTED} from './protected.lua.ts';
import {CLAIM_KINDS} from './kinds.lua.ts';
import {CLAIM_HAND} from './hand.lua.ts';
import {PRELUDE} from './prelude.lua.ts';

/**
 * Decides a whole batch of changes in one round trip (docs/state.md, "Claim").
 *
 * ARGV: now, leaseMs, token, guardMax, guardSpanMs, memberLimit, n, protected name…, n, protected account…, n, protected group…,
 *   names or filters protect (0 or 1), then for each change
 *   op, subject, source, offset, time, flags, vector, manager, identity, n, list…, m, list…
 * op: U account wanted · L no account wanted · G group wanted · X no group wanted · T gone, kind unknown ·
 *     M membership delta, merged only: an S for its group follows in the same batch · S sync a group's dirty members ·
 *     R fill in a manager that has come · E delete an account that was cut off and whose time is over
 * flags: l from its lane · g the first list is the whole membership · s unwanted by scope alone · o approved by a person
 *        · d its account will be deleted (memberships end with it) · f ask again although nothing seems to differ · h cut off by hand · p the event says that it is protected
 *        · k out of scope alone: what is known of its memberships stays, and the first list counts · e a group that stays, empty
 *
 * Reply, as MessagePack: {waitUntilMs, {verdict, kind, groups, remote, vector, doubt, obligation, manager, same, active, add, remove, identity, kept, protector, awaited}, …}
 * identity: what a create writes to be found again, opaque here; awaited: of an R, {manager, how often and how long it failed (JSON) or ''}
 * with flat lists of groups to sync and of (member, remote) pairs; what says nothing is left off at the end.
 */
export const CLAIM = `${PRELUDE}
local now, leaseMs, token, guardMax, guardSpan, memberLimit = number(), number(), arg(), number(), number(), number()
local protectedNames, protectedAccounts, protectedGroups, hasRules = set(), set(), set(), number() == 1

local leases = {}
local hasHolds, hasLanes, hasCutOffs = call('EXISTS', K .. 'h') == 1, call('EXISTS', K .. 'lanes') == 1, call('EXISTS', K .. 'c') == 1
local hasReferences = call('EXISTS', K .. 'rf') == 1

local function reply(verdict, s, extra)
  if not extra and verdict ~= 'go' then return {verdict, s and kindOf(s) or 0} end
  extra = extra or {}
  return {verdict, s and kindOf(s) or 0, extra.groups or {}, s and s[REMOTE] or '', extra.vector or '', extra.doubt and 1 or 0,
    extra.obligation or '', extra.manager or '', extra.same and 1 or 0, s and s[REMOTE] ~= '' and has(s, ACTIVE) and 1 or 0,
    extra.add or {}, extra.remove or {}, extra.identity or '', extra.kept or {}, extra.by or '', extra.awaited}
end

-- What is compared is the fingerprint that a digest starts with (src/core/digest.ts).
local function matches(s, fingerprint)
  return string.sub(s[VECTOR], 1, 12) == fingerprint
end

-- Nothing to write when a record that was decided comes again.
local function decided(c, s, cut)
  if s[SRC] == c.src and s[OFF] == c.off and states[c.subject] == s then return end
  advance(s, c.src, c.off, c.time, cut)
  touch(c.subject, s)
end

${CLAIM_PROTECTED}
-- What the target must be asked about a group's members, as far as both sides are there. Who is not waits beside it, and who
-- is out and protected is kept.
local function dirtyMembers(group)
  local add, remove, kept = {}, {}, {}
  local key = K .. 'd:' .. group
  while #add + #remove + #kept == 0 do
    local sample = call('SRANDMEMBER', key, memberLimit)
    if #sample == 0 then call('ZREM', K .. 'dg', group) break end
    for _, member in ipairs(sample) do
      local wanted = isMember(group, member)
      local s = load(member)
      local there = s and s[REMOTE] ~= ''
      if wanted and there and has(s, ACTIVE) then
        add[#add + 1] = member add[#add + 1] = s[REMOTE]
      elseif not wanted and there and (wasProtected(s) or protector(member, s)) then
        kept[#kept + 1] = member
      elseif not wanted and there then
        remove[#remove + 1] = member remove[#remove + 1] = s[REMOTE]
      else
        call('SREM', key, member)
        if isIn(group, member) then setWaiting(member, (addTo(waiting(member), group))) end
      end
    end
  end
  return add, remove, kept
end

local function resolveManager(subject, manager)
  if manager == '' and not hasReferences then return '' end
  local before = call('HGET', K .. 'rf', subject)
  local m = manager ~= '' and load(manager)
  local remote = m and m[REMOTE] or ''
  if before and before ~= manager then
    call('SREM', K .. 'rm:' .. before, subject)
    call('HDEL', K .. 'rf', subject)
    notDue(subject)
  end
  if manager ~= '' and remote == '' then awaitManager(subject, manager) end
  return remote
end

-- From here on the subject is in doubt, until whoever holds this token settles. A doubt that an expired lease has left is
-- written down: giving back this lease must not end it. The position moves now, not with the settle: what the target may
-- have been told is not taken back by something older that is read again first. Until it is settled its record comes again.
local granted = {}
local function grant(c, kind, doubt, cut)
  local subject, s = c.subject, load(c.subject) or blank(kind)
  if doubt then
    setFlag(s, DOUBT, true)
    setFlag(s, ABSENT, false)
    touch(subject, s)
  end
  if c.off >= 0 then decided(c, s, cut) end
  granted[#granted + 1] = subject
  granted[#granted + 1] = (now + leaseMs) .. token
  leases[subject] = granted[#granted]
end

-- What is held waits for a person, whatever room the guard has by now, and whatever says the same again.
local function mustWait(c, counted, isHere)
  local approved = c.approved or marked(c.subject)
  if isHere and guardHolds(counted, c.subject, approved, now, guardMax, guardSpan) then return true end
  return not approved and hasHolds and call('HEXISTS', K .. 'h', c.subject) == 1
end
local function overtakeHold(subject)
  if hasHolds and call('HDEL', K .. 'h', subject) == 1 then call('ZREM', K .. 'hz', subject) end
end

-- A create in doubt is found by what it wrote, not by what is wanted since.
local creates = {}
local function writtenBy(c, s, doubt)
  if s[REMOTE] ~= '' then return '' end
  local identity = doubt and call('HGET', K .. 'x', c.subject) or ''
  if identity == '' and c.identity ~= '' then
    creates[#creates + 1] = c.subject
    creates[#creates + 1] = c.identity
  end
  return identity
end

local function wantUser(c, s, doubt, obligation)
  local groups = {}
  s = s or blank(USER)
  states[c.subject] = s
  if c.whole then groups = mergeGroups(c.subject, s, c.a, c.src, c.off, c.time, now) end
  if c.older then return reply('superseded', s, #groups > 0 and {groups = groups} or nil) end
  overtakeHold(c.subject)
  local manager = resolveManager(c.subject, c.manager)
  local same = s[REMOTE] ~= '' and not doubt and obligation == '' and has(s, ACTIVE) and matches(s, c.vector) and not c.force
  if same then
    decided(c, s, false)
    return reply('unchanged', s, #groups > 0 and {groups = groups} or nil)
  end
  grant(c, USER, doubt, false)
  return reply('go', s, {vector = not doubt and s[VECTOR] or '', doubt = doubt, obligation = obligation, manager = manager, groups = groups,
    identity = writtenBy(c, s, doubt)})
end

${CLAIM_LEAVE}${CLAIM_GROUPS}${CLAIM_HAND}
local function reference(c, s, inDoubt)
  local due = call('ZSCORE', K .. 'rq', c.subject)
  if due and tonumber(due) > now then return reply('unchanged', s) end
  local by = protectorOf(c, s)
  if by then return spare(c, s, by) end
  local manager = call('HGET', K .. 'rf', c.subject)
  local m = manager and load(manager)
  if not s or s[REMOTE] == '' or not m or m[REMOTE] == '' then
    notDue(c.subject)
    return reply('unchanged', s)
  end
  grant(c, USER, inDoubt, false)
  local awaited = {manager, call('HGET', K .. 'ra', c.subject) or ''}
  return reply('go', s, {vector = s[VECTOR], manager = m[REMOTE], awaited = awaited})
end

-- Tried again in an hour when that fails. Who is back is let be; who is only wanted back may leave again before they are.
local function expire(c, s, inDoubt, laneBusy)
  local due = call('ZSCORE', K .. 'del', c.subject)
  if not due or tonumber(due) > now then return reply('unchanged', s) end
  if not s or s[REMOTE] == '' or has(s, ACTIVE) then
    call('ZREM', K .. 'del', c.subject)
    return reply('unchanged', s)
  end
  local by = protectorOf(c, s)
  if by then return spare(c, s, by) end
  if laneBusy then return reply('leased', s) end
  call('ZADD', K .. 'del', now + 3600000, c.subject)
  if not has(s, CUT) then return reply('unchanged', s) end
  grant(c, USER, inDoubt, true)
  return reply('go', s, {})
end

${CLAIM_KINDS}
local function decide(c)
  local s = load(c.subject)
  if c.op == 'T' then
    -- Nothing may be known of a group but who is to be in it once it comes.
    local isGroup = s and kindOf(s) == GROUP or not s and call('EXISTS', K .. 'm:' .. c.subject) == 1
    c.op = isGroup and 'X' or 'L'
  end
  if isOtherKind(c, s) then return reply('otherKind', s) end
  local held, inDoubt = lease(leases[c.subject], now)
  -- The answer to this very batch was lost: nobody has sent anything for it.
  if held == token then held, inDoubt = false, false end
  local laneBusy = hasLanes and not c.fromLane and call('EXISTS', K .. 'lane:' .. c.subject) == 1
  if c.op == 'M' then return delta(c, s) end
  if c.op == 'S' then return sync(c, s, held, inDoubt, laneBusy) end
  if held then return reply('leased', s) end
  if c.op == 'R' then return laneBusy and reply('busy', s) or reference(c, s, inDoubt) end
  if c.op == 'E' then return expire(c, s, inDoubt, laneBusy) end
  local unwanted = c.op == 'L' or c.op == 'X' or c.e or false
  -- A person asks for it again.
  if c.force and has(s, DISCARDED) then setFlag(s, DISCARDED, false) touch(c.subject, s) end
  c.older = s and isOld(s, c.src, c.off, c.time, unwanted) or false
  if laneBusy and c.op ~= 'L' and not c.older then return reply('busy', s) end
  local by = (c.op == 'U' or c.op == 'L') and protectorOf(c, s)
  if by then return spare(c, s, by) end
  if c.op == 'U' and not c.older and marked(c.subject) then return reply('held', s) end
  local doubt = inDoubt or has(s, DOUBT)
  local obligation = hasCutOffs and call('HGET', K .. 'c', c.subject) or ''
  if c.h then return byHand(c, s, doubt, obligation) end
  if c.op == 'U' then return wantUser(c, s, doubt, obligation) end
  if c.op == 'L' then return leave(c, s, doubt, obligation) end
  if c.op == 'G' then return wantGroup(c, s, doubt) end
  return dropGroup(c, s, doubt)
end

local claims, subjects = {}, {}
while at < #ARGV do
  local c = {op = arg(), subject = arg(), src = number(), off = number(), time = number()}
  local flags = arg()
  c.vector, c.manager, c.identity, c.a, c.b = arg(), arg(), arg(), list(), list()
  for flag in string.gmatch(flags, '.') do c[flag] = true end
  c.fromLane, c.whole, c.scope, c.approved, c.delete, c.force = c.l, c.g, c.s, c.o, c.d, c.f
  claims[#claims + 1], subjects[#subjects + 1] = c, c.subject
end
prefetch(subjects)
if call('EXISTS', K .. 'l') == 1 then fetch(K .. 'l', subjects, leases) end
local out = {tonumber(call('GET', K .. 'wait') or '0')}
for i, c in ipairs(claims) do out[i + 1] = decide(c) end
inChunks('HSET', K .. 'l', granted)
inChunks('HSET', K .. 'x', creates)
flush()
return cmsgpack.pack(out)
`;
