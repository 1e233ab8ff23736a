/** A group's members and a user's groups: part of {@link PRELUDE}, which see. */
export const MEMBERS = `
-- A group's members: 64 buckets by hash, so that neither one big value nor a hash entry a member is paid for.
-- A member's value is 1 (in) or 0 (out) when it stands at the group's floor, else {in, source, offset, time}.
local buckets = {}
local function members(group, member)
  local id = string.char(48 + tonumber(string.sub(redis.sha1hex(member), 1, 2), 16) % 64)
  local key = group .. '/' .. id
  local b = buckets[key]
  if not b then
    local v = call('HGET', K .. 'm:' .. group, id)
    b = {group = group, id = id, map = v and cmsgpack.unpack(v) or {}, changed = false}
    buckets[key] = b
  end
  return b
end
local function allMembers(group)
  local flat = call('HGETALL', K .. 'm:' .. group)
  local found = {}
  for i = 1, #flat, 2 do
    local key = group .. '/' .. flat[i]
    if not buckets[key] then
      buckets[key] = {group = group, id = flat[i], map = cmsgpack.unpack(flat[i + 1]), changed = false}
    end
  end
  -- Those too that this call has begun, and not written yet.
  for _, b in pairs(buckets) do
    if b.group == group then found[#found + 1] = b end
  end
  return found
end

local function addTo(list, value)
  list = list or {}
  for i = 1, #list do if list[i] == value then return list, false end end
  list[#list + 1] = value
  return list, true
end
local function dropFrom(list, value)
  if not list then return false, false end
  local kept, dropped = {}, false
  for i = 1, #list do
    if list[i] == value then dropped = true else kept[#kept + 1] = list[i] end
  end
  return (#kept > 0) and kept or false, dropped
end
local function waiting(member)
  local v = call('HGET', K .. 'w', member)
  return v and cmsgpack.unpack(v) or false
end
local function setWaiting(member, list)
  if list then call('HSET', K .. 'w', member, cmsgpack.pack(list)) else call('HDEL', K .. 'w', member) end
end

-- In step with the member's own record: the groups it is in, so that a leaver can be taken out of each.
local function listGroup(member, group, isIn)
  local s = load(member)
  if isIn then
    if s and s[REMOTE] ~= '' and has(s, ACTIVE) then
      local list, added = addTo(s[GROUPS], group)
      if added then s[GROUPS] = list touch(member, s) end
      return true
    end
    local list, added = addTo(waiting(member), group)
    if added then setWaiting(member, list) end
    return false
  end
  if s and kindOf(s) == USER then
    local list, dropped = dropFrom(s[GROUPS], group)
    if dropped then s[GROUPS] = list touch(member, s) end
  end
  local list, dropped = dropFrom(waiting(member), group)
  if dropped then setWaiting(member, list) end
  return true
end

local function dirty(group, member, now)
  call('SADD', K .. 'd:' .. group, member)
  call('ZADD', K .. 'dg', 'NX', now, group)
end

local function standing(v, floor)
  if type(v) == 'table' then return v[1] == 1, v[2], v[3], v[4] end
  if floor then return v == 1, floor[1], floor[2], floor[3] end
  return v == 1, 0, -1, 0
end

-- Wanted no more, and that is done; what is known of its memberships waits until it is wanted again.
local function isSetAside(s) return s and has(s, CUT) and not has(s, ACTIVE) or false end

-- A user's own list of groups, or a leave, says of every group that it does not name that the user is out.
local function isOverruled(member, src, off, time)
  local u = load(member)
  local floor = u and kindOf(u) == USER and floorOf(u)
  return floor and compare(src, off, time, false, floor[1], floor[2], floor[3], true) < 0 or false
end

-- One piece of news about one member. Whether the target must be asked for something, and whether it was news at all.
-- 'sure' asks even when nothing is known.
local function merge(group, member, isIn, src, off, time, now, sure)
  if isIn and isOverruled(member, src, off, time) then return false end
  local g = load(group)
  local b = members(group, member)
  local old = b.map[member]
  local oldIn, oSrc, oOff, oTime = standing(old, g and kindOf(g) == GROUP and floorOf(g))
  if compare(src, off, time, not isIn, oSrc, oOff, oTime, not oldIn) <= 0 then return false end
  b.map[member] = {isIn and 1 or 0, src, off, time}
  b.changed = true
  if isIn == oldIn and not (sure and old == nil) then return false end
  -- Nobody is told into what is set aside.
  if not listGroup(member, group, isIn) or (isIn and isSetAside(g)) then return false, true end
  dirty(group, member, now)
  return true, true
end

-- Cut off by hand: in no group at the target, whatever the news of its memberships, until it is lifted.
local hasMarks = call('EXISTS', K .. 'hand') == 1
local function marked(subject) return hasMarks and call('HEXISTS', K .. 'hand', subject) == 1 end
local function isIn(group, member) return (standing(members(group, member).map[member], false)) end
-- As the target is to have it: whoever it lets in no more is in no group, whatever is known of the membership.
local function isMember(group, member)
  return isIn(group, member) and not marked(member) and not isSetAside(load(group)) and not isSetAside(load(member))
end
-- Who is in a group, as if it were news: of a group that was made again, or is wanted again, or no more.
local function tellAgain(group, now)
  for _, b in ipairs(allMembers(group)) do
    for member, v in pairs(b.map) do
      if standing(v, false) and listGroup(member, group, true) then dirty(group, member, now) end
    end
  end
end

-- The target was told of these members ('+' in, '-' out): they are clean, unless newer news has turned one meanwhile.
-- The group itself when some are left; then it stays listed for whoever finds it after a crash.
local function clean(group, told, now)
  local key = K .. 'd:' .. group
  for _, t in ipairs(told) do
    local member = string.sub(t, 2)
    if isMember(group, member) == (string.sub(t, 1, 1) == '+') then call('SREM', key, member) end
  end
  if call('EXISTS', key) == 1 then
    call('ZADD', K .. 'dg', 'NX', now, group)
    return {group}
  end
  call('ZREM', K .. 'dg', group)
  return {}
end

-- A user's own list of groups, fenced by the last such list and then group by group. None of any: as a leave ends them.
local function mergeGroups(subject, s, wanted, src, off, time, now)
  local floor = floorOf(s)
  if floor and compare(src, off, time, #wanted == 0, floor[1], floor[2], floor[3], false) <= 0 then return {} end
  local out, keep = {}, {}
  for _, group in ipairs(wanted) do keep[group] = true end
  for _, known in ipairs({s[GROUPS] or {}, waiting(subject) or {}}) do
    for _, group in ipairs(known) do
      if not keep[group] and merge(group, subject, false, src, off, time, now, false) then out[#out + 1] = group end
    end
  end
  for _, group in ipairs(wanted) do
    if merge(group, subject, true, src, off, time, now, false) then out[#out + 1] = group end
  end
  packFloor(s, {src, off, time})
  touch(subject, s)
  return out
end
`;
