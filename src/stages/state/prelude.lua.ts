import {MEMBERS} from './members.lua.ts';

/**
 * What every script of this stage starts with: how a subject's state, a group's members and a lease are laid out in
 * Redis. Nothing outside these scripts reads or writes them. docs/state.md describes the layout for operators.
 *
 * KEYS[1] is the target's prefix, `{<prefix>:<target>}:`; every key shares its hash tag, so a script runs on one node.
 *
 *   s  hash  subject → state (msgpack array, fields below)      o  hash  digest of a remote id → subject (ownership)
 *   l  hash  subject → expiryMs token (lease; there = in doubt)  c  hash  subject → open cut-off (JSON)
 *   m:<group> hash bucket → members (msgpack map)                d:<group> set of members that are not yet so at the target
 *   dg zset  group → ms: has dirty members                       w  hash  member → groups it waits to enter (msgpack)
 *   x  hash  subject → what a create whose end may not be known has written to be found again: externalId, NUL, its name
 *   rf hash  user → manager it waits for                         rm:<manager> set of users that wait for it
 *   rq zset  user → ms: its manager is to be filled in then      ra hash user → how often and how long that failed (JSON)
 *   g  zset  leaver → ms it was begun (the guard); gg: group
 *   del zset leaver → ms at which the account is deleted         er zset subject → ms at which its person's data was erased
 *   hand hash subject → cut off by hand (JSON)                  proof hash subject → how the last attempt at that ended (JSON)
 *   h  hash  subject → held leave (JSON)                         lane:<subject> list; lanes, lo, lc zsets; n hash of counts
 */
export const PRELUDE = `
local K = KEYS[1]
local call = redis.call
local FLAGS, REMOTE, VECTOR, SRC, OFF, TIME, GROUPS, FLOOR = 1, 2, 3, 4, 5, 6, 7, 8
-- Flags: wanted and there; known not to be there; the last word was a leave; a request's end is not known; a group; the
-- last change was not sent because a name or a filter of the config protects the account; its person's data was erased, and nothing
-- newer has come since; what was decided last was held, and a person has discarded it.
local ACTIVE, ABSENT, CUT, DOUBT, IS_GROUP, PROTECTED, ERASED, DISCARDED = 1, 2, 4, 8, 16, 32, 64, 128
local USER, GROUP = 1, 2

local states, touched = {}, {}
-- A call costs more than what it carries: fields are read, written and removed many at a time.
local chunk = 200
local function inChunks(command, key, args)
  for i = 1, #args, chunk do call(command, key, unpack(args, i, math.min(i + chunk - 1, #args))) end
end
local function fetch(key, fields, into, read)
  for i = 1, #fields, chunk do
    local upTo = math.min(i + chunk - 1, #fields)
    local found = call('HMGET', key, unpack(fields, i, upTo))
    for j = i, upTo do
      local v = found[j - i + 1]
      into[fields[j]] = v and (read and read(v) or v) or false
    end
  end
end
-- Milliseconds take nine bytes as MessagePack has them, and six of their own.
local function readState(v)
  local s = cmsgpack.unpack(v)
  if type(s[TIME]) == 'string' then s[TIME] = struct.unpack('>I6', s[TIME]) end
  return s
end
local function packState(s)
  local packed = {s[1], s[2], s[3], s[4], s[5], s[6]}
  if s[GROUPS] or s[FLOOR] then packed[GROUPS], packed[FLOOR] = s[GROUPS], s[FLOOR] end
  if s[TIME] >= 0 and s[TIME] < 281474976710656 then packed[TIME] = struct.pack('>I6', s[TIME]) end
  return cmsgpack.pack(packed)
end
local function prefetch(subjects) fetch(K .. 's', subjects, states, readState) end
local function load(subject)
  local s = states[subject]
  if s == nil then
    local v = call('HGET', K .. 's', subject)
    s = v and readState(v) or false
    states[subject] = s
  end
  return s
end
-- As prefetch, after some of them may have been changed.
local function know(subjects)
  local unknown = {}
  for _, subject in ipairs(subjects) do
    if states[subject] == nil then unknown[#unknown + 1] = subject end
  end
  prefetch(unknown)
end
local function touch(subject, s)
  states[subject] = s
  touched[subject] = true
end
local function blank(kind)
  return {kind == GROUP and IS_GROUP or 0, '', '', 0, -1, 0, false, false}
end
local function has(s, flag)
  return s and math.floor(s[FLAGS] / flag) % 2 == 1 or false
end

local function kindOf(s)
  return has(s, IS_GROUP) and GROUP or USER
end

-- Newer (1), equal (0) or older (-1): in one source the offset decides, else the time, and on a tie the cut-off.
local function compare(aSrc, aOff, aTime, aCut, bSrc, bOff, bTime, bCut)
  if aSrc == bSrc then
    if aOff == bOff then return 0 end
    return aOff > bOff and 1 or -1
  end
  if aTime ~= bTime then return aTime > bTime and 1 or -1 end
  if aCut == bCut then return 0 end
  return aCut and 1 or -1
end

local function setFlag(s, flag, on)
  if has(s, flag) ~= on then s[FLAGS] = s[FLAGS] + (on and flag or -flag) end
end

-- FLOOR is where a list of groups (of members) was last stated: false never, true at the state's own position.
local function floorOf(s)
  if not s or not s[FLOOR] then return false end
  return s[FLOOR] == true and {s[SRC], s[OFF], s[TIME]} or s[FLOOR]
end
local function packFloor(s, floor)
  if floor and floor[1] == s[SRC] and floor[2] == s[OFF] and floor[3] == s[TIME] then s[FLOOR] = true else s[FLOOR] = floor end
end

-- Forward only: a position never goes back.
local function advance(s, src, off, time, cut)
  if compare(src, off, time, cut, s[SRC], s[OFF], s[TIME], has(s, CUT)) < 0 then return end
  local floor = floorOf(s)
  s[SRC], s[OFF], s[TIME] = src, off, time
  setFlag(s, CUT, cut)
  setFlag(s, ERASED, false)
  setFlag(s, DISCARDED, false)
  packFloor(s, floor)
end
-- Overtaken by what was decided; of somebody who was erased, what was decided last too, and so is what a person has discarded.
local function isOld(s, src, off, time, cut)
  local order = compare(src, off, time, cut, s[SRC], s[OFF], s[TIME], has(s, CUT))
  return order < 0 or (order == 0 and (has(s, ERASED) or has(s, DISCARDED)))
end
${MEMBERS}
local function flush()
  local written = {}
  for subject in pairs(touched) do
    written[#written + 1] = subject
    written[#written + 1] = packState(states[subject])
  end
  inChunks('HSET', K .. 's', written)
  for _, b in pairs(buckets) do
    if b.changed then
      if next(b.map) == nil then call('HDEL', K .. 'm:' .. b.group, b.id)
      else call('HSET', K .. 'm:' .. b.group, b.id, cmsgpack.pack(b.map)) end
    end
  end
end

-- A lease is there until its holder settles: expired, it means that a request may have left and nobody knows its end.
-- The expiry comes first, in 13 digits: a batch reads many.
local function lease(v, now)
  if not v then return false, false end
  return tonumber(string.sub(v, 1, 13)) > now and string.sub(v, 14) or false, true
end

-- Who owns a remote account: kept under a digest of its id, and believed only when that subject's state agrees.
local function ownerKey(kind, remote)
  return string.sub(redis.sha1hex((kind == USER and 'u' or 'g') .. remote), 1, 13)
end

-- The guard: leavers ('g') or deletions of groups ('gg') begun in the time span. One that is counted in it already is not held again.
local function guardHolds(counted, subject, approved, now, max, span)
  call('ZREMRANGEBYSCORE', K .. counted, '-inf', now - span)
  if approved or call('ZSCORE', K .. counted, subject) then return false end
  return call('ZCARD', K .. counted) >= max
end
-- A cut-off that has begun is an obligation: it stays until its receipt is verified.
-- 'keeps': out of scope alone, its memberships do not end with it.
local function begin(subject, src, off, time, now, keeps)
  local obligation = cjson.encode({begunAt = now, source = src, offset = off, occurredAt = time, keeps = keeps or nil})
  call('ZADD', K .. 'g', 'NX', now, subject)
  call('HSET', K .. 'c', subject, obligation)
  return obligation
end

-- A manager is filled in, or need not be, or can not be yet: nothing is due, and no attempts count.
local function notDue(subject)
  call('ZREM', K .. 'rq', subject)
  call('HDEL', K .. 'ra', subject)
end
local function awaitManager(subject, manager)
  call('HSET', K .. 'rf', subject, manager)
  call('SADD', K .. 'rm:' .. manager, subject)
end

local at = 0
local function arg() at = at + 1 return ARGV[at] end
local function number() return tonumber(arg()) end
local function list()
  local n, items = number(), {}
  for i = 1, n do items[i] = arg() end
  return items
end
local function set()
  local items = {}
  for _, item in ipairs(list()) do items[item] = true end
  return items
end
`;
