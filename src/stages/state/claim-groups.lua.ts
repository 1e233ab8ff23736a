/** Claims about groups and their members: part of {@link CLAIM}, which see. */
export const CLAIM_GROUPS = `
-- A whole member list: who is not named is out, unless newer news says otherwise; it is the floor for all older news.
local function wholeList(group, g, wanted, src, off, time)
  local floor = floorOf(g)
  if floor and compare(src, off, time, false, floor[1], floor[2], floor[3], false) <= 0 then return end
  local want, seen = {}, {}
  know(wanted)
  for _, member in ipairs(wanted) do want[member] = not isOverruled(member, src, off, time) or nil end
  local function stand(b, member, isIn, wasIn)
    b.map[member] = isIn and 1 or nil
    b.changed = true
    if isIn ~= wasIn and listGroup(member, group, isIn) then dirty(group, member, now) end
  end
  for _, b in ipairs(allMembers(group)) do
    for member, v in pairs(b.map) do
      local isIn, vSrc, vOff, vTime = standing(v, floor)
      seen[member] = true
      local wants = want[member] or false
      if compare(src, off, time, not wants, vSrc, vOff, vTime, not isIn) >= 0 then stand(b, member, wants, isIn) end
    end
  end
  for _, member in ipairs(wanted) do
    if want[member] and not seen[member] then stand(members(group, member), member, true, false) end
  end
  packFloor(g, {src, off, time})
  touch(group, g)
end

-- Decided, and nothing is sent nor forgotten of its members.
local function keepGroup(c, s)
  overtakeHold(c.subject)
  decided(c, s or blank(GROUP), false)
  return reply('protected', load(c.subject), {by = 'the group ' .. c.subject})
end

local function wantGroup(c, s, doubt)
  if c.p then return c.older and reply('superseded', s) or keepGroup(c, s) end
  -- Emptied, it gives access to nobody: as one that is deleted.
  local ends = c.e and not c.older and s and s[REMOTE] ~= '' and has(s, ACTIVE)
  if ends and mustWait(c, 'gg', true) then return reply('held', s) end
  if ends then call('ZADD', K .. 'gg', 'NX', now, c.subject) end
  s = s or blank(GROUP)
  states[c.subject] = s
  if c.whole then wholeList(c.subject, s, c.a, c.src, c.off, c.time) end
  if c.older then return reply('superseded', s, {groups = call('EXISTS', K .. 'd:' .. c.subject) == 1 and {c.subject} or {}}) end
  overtakeHold(c.subject)
  local cut = c.e or false
  if s[REMOTE] ~= '' and isSetAside(s) ~= cut then
    tellAgain(c.subject, now)
    setFlag(s, CUT, cut)
    if cut then setFlag(s, ACTIVE, false) end
    touch(c.subject, s)
  end
  local same = s[REMOTE] ~= '' and not doubt and has(s, ACTIVE) ~= cut and matches(s, c.vector) and not c.force
  local add, remove, kept = {}, {}, {}
  if s[REMOTE] ~= '' then add, remove, kept = dirtyMembers(c.subject) end
  if same and #add + #remove + #kept == 0 then
    decided(c, s, cut)
    return reply('unchanged', s)
  end
  grant(c, GROUP, doubt, cut)
  return reply('go', s, {vector = not doubt and s[VECTOR] or '', doubt = doubt, same = same, add = add, remove = remove,
    kept = kept, identity = writtenBy(c, s, doubt)})
end

-- Out of scope it keeps its members, and those of its list; deleted it has none.
local function dropGroup(c, s, doubt)
  if c.k and c.whole then
    s = s or blank(GROUP)
    states[c.subject] = s
    wholeList(c.subject, s, c.a, c.src, c.off, c.time)
  end
  if c.older then return reply('superseded', s) end
  if protectedGroups[c.subject] then return keepGroup(c, s) end
  if not s or (s[REMOTE] == '' and not doubt) then
    s = s or blank(GROUP)
    decided(c, s, true)
    if not c.k then wholeList(c.subject, s, {}, c.src, c.off, c.time) end
    return reply(c.scope and 'skipped' or 'unchanged', s)
  end
  local isHere = s and s[REMOTE] ~= ''
  if isHere and mustWait(c, 'gg', true) then return reply('held', s) end
  overtakeHold(c.subject)
  grant(c, GROUP, doubt, true)
  if not c.k then wholeList(c.subject, s, {}, c.src, c.off, c.time) end
  if isHere then call('ZADD', K .. 'gg', 'NX', now, c.subject) end
  return reply('go', s, {doubt = doubt, identity = not isHere and call('HGET', K .. 'x', c.subject) or ''})
end

local function delta(c, s)
  local asked, news = false, false
  local function take(list, isIn)
    for _, member in ipairs(list) do
      local ask, new = merge(c.subject, member, isIn, c.src, c.off, c.time, now, not isIn)
      asked, news = ask or asked, new or news
    end
  end
  know(c.a)
  take(c.a, true)
  take(c.b, false)
  return reply(asked and 'merged' or news and 'waits' or 'unchanged', s)
end

local function sync(c, s, held, inDoubt, laneBusy)
  if call('EXISTS', K .. 'd:' .. c.subject) == 0 then call('ZREM', K .. 'dg', c.subject) return reply('unchanged', s) end
  if not s or s[REMOTE] == '' or kindOf(s) ~= GROUP then call('ZREM', K .. 'dg', c.subject) return reply('waits', s) end
  if held then return reply('leased', s) end
  if laneBusy then return reply('busy', s) end
  local add, remove, kept = dirtyMembers(c.subject)
  if #add + #remove + #kept == 0 then return reply('waits', s) end
  grant(c, GROUP, inDoubt, false)
  return reply('go', s, {same = true, add = add, remove = remove, kept = kept})
end
`;
