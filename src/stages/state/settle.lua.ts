import {LETTERS} from './kept-letters.lua.ts';
import {SETTLE_HAND} from './hand.lua.ts';
import {PRELUDE} from './prelude.lua.ts';
import {SETTLE_PROTECTED} from './protected.lua.ts';

/** How one item of a batch is settled or released; used by settle, park and letter, so that each is one atomic step. */
export const RELEASE = `
-- A compare-and-set on the lease: false when the lease ran out and another has taken the subject since.
local function holds(subject, token)
  local v = call('HGET', K .. 'l', subject)
  if not v or string.sub(v, 14) ~= token then return false end
  call('HDEL', K .. 'l', subject)
  return true
end

-- A manager is filled in, or will not be: nobody waits for them any more.
local function fillManager(subject)
  local manager = call('HGET', K .. 'rf', subject)
  if manager then call('SREM', K .. 'rm:' .. manager, subject) end
  call('HDEL', K .. 'rf', subject)
  notDue(subject)
end

-- A failed attempt: the position moves when something was decided, and a write whose end is unknown leaves a doubt.
local function release(subject, kind, src, off, time, flags)
  local s = load(subject)
  if not string.find(flags, 'd') and not has(s, DOUBT) then call('HDEL', K .. 'x', subject) end
  if not s and not string.find(flags, '[dpr]') then return end
  s = s or blank(kind)
  if string.find(flags, 'd') then setFlag(s, DOUBT, true) setFlag(s, ABSENT, false) end
  if string.find(flags, 'p') then advance(s, src, off, time, string.find(flags, 'u') ~= nil) end
  if string.find(flags, 'r') then fillManager(subject) end
  touch(subject, s)
end
`;

/**
 * Makes a batch of finished attempts durable (docs/state.md, "Settle").
 *
 * ARGV: now, then for each: subject, token, op, kind, remote, vector, source, offset, time, flags, deleteAt, n, member…
 * op: S the target is as wanted · F the attempt failed and nothing is parked here · P as F, a manager: filled in at deleteAt, vector
 *     says how often and how long that failed
 * flags: a its account is active · x it has no account · c its cut-off is verified · e its memberships end (with a: at the cut-off that was open)
 *        · u it was a leave · p the position moves · d a write's end is not known · r its manager is filled in
 *        · k nothing else is known of it: its remote id, digest and doubts stay · h out of scope, or cut off by hand: in no group until it is back · t nothing was sent, its account is protected · m with t: so a cut-off by hand is refused
 * The members are those that the target was told of: '+' it is in, '-' it is out.
 * Reply, as MessagePack: for each {1 or 0 (lease lost, or what was made is another's), groups to sync, users whose manager has come, has letters, has a lane,
 * letters of members that it closes}.
 */
export const SETTLE = `${PRELUDE}${RELEASE}${LETTERS}
local now = number()

-- One that was in doubt until now may have ended what another has just made, and not settled yet: its name stays by it.
local function own(subject, s, kind, remote)
  if s[REMOTE] == remote then return end
  local isTrace = remote == '' and has(s, DOUBT)
  if s[REMOTE] ~= '' and not isTrace and call('HGET', K .. 'o', ownerKey(kind, s[REMOTE])) == subject then
    call('HDEL', K .. 'o', ownerKey(kind, s[REMOTE]))
  end
  if remote ~= '' then call('HSET', K .. 'o', ownerKey(kind, remote), subject) end
  s[REMOTE] = remote
end

-- Between the answer to a create and its settle another subject has found what was made, and taken it: this one looks again.
local function isTaken(c)
  local s = load(c.subject)
  if c.op ~= 'S' or c.remote == '' or (s and s[REMOTE] == c.remote) then return false end
  local holder = call('HGET', K .. 'o', ownerKey(c.kind, c.remote))
  if not holder or holder == c.subject then return false end
  s = s or blank(c.kind)
  setFlag(s, DOUBT, true)
  setFlag(s, ABSENT, false)
  touch(c.subject, s)
  return true
end

-- Who waited for this subject: groups it is to enter, people whose manager it is.
local function arrive(subject, s)
  local groups, list = {}, waiting(subject)
  if list then
    setWaiting(subject, false)
    for _, group in ipairs(list) do
      if listGroup(subject, group, true) and not isSetAside(load(group)) then dirty(group, subject, now) groups[#groups + 1] = group end
    end
  end
  local people = call('SMEMBERS', K .. 'rm:' .. subject)
  for _, person in ipairs(people) do call('ZADD', K .. 'rq', now, person) end
  return groups, people
end

-- It is another resource than before: what the old one was told counts for nothing.
local function remade(c, s)
  local groups = {}
  for _, group in ipairs(s[GROUPS] or {}) do
    dirty(group, c.subject, now)
    groups[#groups + 1] = group
  end
  return groups
end

-- Who is here again, or only out of scope since, has left at the cut-off that was open, if that was a leave: what came after it stays.
local function endAtCutOff(c, s)
  local obligation = call('HGET', K .. 'c', c.subject)
  local left = obligation and cjson.decode(obligation)
  if not left or left.byHand or left.keeps then return {} end
  return mergeGroups(c.subject, s, {}, left.source, left.offset, left.occurredAt, now)
end
-- They end where the leave stands.
local function endMemberships(c, s, isBack)
  if isBack then return endAtCutOff(c, s) end
  return mergeGroups(c.subject, s, {}, c.src, c.off, c.time, now)
end

${SETTLE_HAND}${SETTLE_PROTECTED}
local hasCreates, known = call('EXISTS', K .. 'x') == 1, {}
local hasDeletions = call('EXISTS', K .. 'del') == 1
local function settled(c)
  local function flag(f) return string.find(c.flags, f, 1, true) ~= nil end
  local s = load(c.subject) or blank(c.kind)
  local was = s[REMOTE] ~= '' and has(s, ACTIVE)
  local groups, people = {}, {}
  if flag('r') then fillManager(c.subject) end
  if flag('t') then spared(c.subject, s, flag('m')) end
  if flag('k') then return clean(c.subject, c.members, now), people end
  local isOther = c.remote ~= '' and c.remote ~= s[REMOTE]
  setFlag(s, IS_GROUP, c.kind == GROUP)
  states[c.subject] = s
  if flag('e') then groups = endMemberships(c, s, flag('a')) end
  if flag('h') then groups = endAtCutOff(c, s) end
  -- Newer news than the leave may have put it into a group: that waits too.
  if flag('h') or (flag('e') and not flag('a')) then suspend(c.subject, s, groups) end
  own(c.subject, s, c.kind, c.remote)
  s[VECTOR] = c.vector
  setFlag(s, ACTIVE, flag('a'))
  setFlag(s, ABSENT, flag('x'))
  setFlag(s, DOUBT, false)
  if flag('p') then advance(s, c.src, c.off, c.time, flag('u')) end
  touch(c.subject, s)
  if flag('c') then call('HDEL', K .. 'c', c.subject) end
  if c.deleteAt ~= '' then call('ZADD', K .. 'del', 'NX', c.deleteAt, c.subject)
  elseif hasDeletions and (flag('a') or flag('x')) then call('ZREM', K .. 'del', c.subject) end
  if hasCreates then known[#known + 1] = c.subject end
  if c.kind == GROUP then
    if isOther then tellAgain(c.subject, now) end
    if flag('x') then
      -- What is not there has nobody in it.
      call('DEL', K .. 'd:' .. c.subject)
      call('ZREM', K .. 'dg', c.subject)
    end
    return clean(c.subject, c.members, now), people
  end
  local more = {}
  if flag('a') and c.remote ~= '' and not was then more, people = arrive(c.subject, s) end
  if isOther and was then more = remade(c, s) end
  for _, group in ipairs(more) do groups[#groups + 1] = group end
  return groups, people
end

-- What a letter says of a member is overtaken by what the target was told of it since; the group's own when nothing is left to tell.
local function closeLetters(c)
  local closed = {}
  if #c.members == 0 then return closed end
  for _, t in ipairs(c.members) do closed[#closed + 1] = unletter(c.subject .. '/members/' .. string.sub(t, 2)) or nil end
  if call('EXISTS', K .. 'd:' .. c.subject) == 0 then closed[#closed + 1] = unletter(c.subject .. '/members') or nil end
  return closed
end

local items, subjects = {}, {}
while at < #ARGV do
  local c = {subject = arg(), token = arg(), op = arg(), kind = number(), remote = arg(), vector = arg()}
  c.src, c.off, c.time, c.flags, c.deleteAt, c.members = number(), number(), number(), arg(), arg(), list()
  items[#items + 1], subjects[#subjects + 1] = c, c.subject
end
prefetch(subjects)
local leases, freed = {}, {}
fetch(K .. 'l', subjects, leases)
-- As \`holds\`, for many: a subject's lease is one item's.
local function frees(c)
  local v = leases[c.subject]
  if not v or string.sub(v, 14) ~= c.token then return false end
  leases[c.subject] = false
  freed[#freed + 1] = c.subject
  return true
end
local hasLetters, hasLanes = call('EXISTS', K .. 'dlz') == 1, call('EXISTS', K .. 'lanes') == 1
local out = {}
for i, c in ipairs(items) do
  if not frees(c) or isTaken(c) then
    out[i] = {0}
  else
    local groups, people = {}, {}
    if c.op == 'S' then groups, people = settled(c)
    else
      release(c.subject, c.kind, c.src, c.off, c.time, c.flags)
      if #c.members > 0 then groups = clean(c.subject, c.members, now) end
      if c.op == 'P' then
        call('ZADD', K .. 'rq', c.deleteAt, c.subject)
        call('HSET', K .. 'ra', c.subject, c.vector)
      end
    end
    local letters = hasLetters and call('EXISTS', K .. 'dls:' .. c.subject) or 0
    local closed = letters == 1 and closeLetters(c) or {}
    local lane = hasLanes and call('EXISTS', K .. 'lane:' .. c.subject) or 0
    out[i] = (letters + lane + #groups + #people == 0) and {1} or {1, groups, people, letters, lane, closed}
  end
end
inChunks('HDEL', K .. 'l', freed)
inChunks('HDEL', K .. 'x', known)
flush()
return cmsgpack.pack(out)
`;

/** The target asked for patience: the longest wait of all replicas counts. ARGV: now, until when in ms. */
export const WAIT = `${PRELUDE}
local now, till = number(), number()
if till > now and tonumber(call('GET', K .. 'wait') or '0') < till then call('SET', K .. 'wait', till, 'PX', till - now) end
return 1
`;

/** Work goes on: a lease that is still its holder's lasts anew. ARGV: expiryMs, then subject, token for each. */
export const RENEW = `${PRELUDE}
local expiry = arg()
while at < #ARGV do
  local subject, token = arg(), arg()
  local v = call('HGET', K .. 'l', subject)
  if v and string.sub(v, 14) == token then call('HSET', K .. 'l', subject, expiry .. token) end
end
return 1
`;
