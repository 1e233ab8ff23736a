/** Claims of who has left: part of {@link CLAIM}, which see. */
export const CLAIM_LEAVE = `
-- Its memberships end where the leave stands, also when nothing else has to be done. Out of scope alone, they wait.
local function endGroups(c, s)
  if c.k then return nil end
  local groups = mergeGroups(c.subject, s, {}, c.src, c.off, c.time, now)
  return #groups > 0 and groups or nil
end

-- What was begun out of scope, or by an earlier leave, ends the memberships up to this one.
local function leftSince(c, obligation)
  local open = cjson.decode(obligation)
  if c.k or open.byHand then return obligation end
  open.source, open.offset, open.occurredAt, open.keeps = c.src, c.off, c.time, nil
  obligation = cjson.encode(open)
  call('HSET', K .. 'c', c.subject, obligation)
  return obligation
end

local function leave(c, s, doubt, obligation)
  local listed
  if c.k and c.whole then
    s = s or blank(USER)
    states[c.subject] = s
    listed = mergeGroups(c.subject, s, c.a, c.src, c.off, c.time, now)
    if #listed == 0 then listed = nil end
  end
  if c.older then return reply('superseded', s, listed and {groups = listed}) end
  local remote = s and s[REMOTE] or ''
  local known = s and (has(s, ABSENT) or remote ~= '')
  if remote == '' and obligation == '' and (c.scope or known) and not doubt then
    s = s or blank(USER)
    decided(c, s, true)
    endGroups(c, s)
    return reply(c.scope and 'skipped' or 'unchanged', s, listed and {groups = listed})
  end
  -- Cut off by hand alone, the person has left now: the whole leave is made.
  local cut = remote ~= '' and not has(s, ACTIVE) and obligation == '' and not doubt and not marked(c.subject)
  if cut and (c.vector == '' or matches(s, c.vector)) and not c.force and not c.delete then
    decided(c, s, true)
    local groups = listed or endGroups(c, s)
    return reply('unchanged', s, groups and {groups = groups})
  end
  if cut and not c.delete then
    grant(c, USER, false, true)
    return reply('go', s, {vector = s[VECTOR], same = true, groups = listed or endGroups(c, s)})
  end
  if obligation == '' and mustWait(c, 'g', remote ~= '') then return reply('held', s) end
  overtakeHold(c.subject)
  grant(c, USER, doubt, true)
  if obligation ~= '' then obligation = leftSince(c, obligation)
  elseif remote ~= '' then obligation = begin(c.subject, c.src, c.off, c.time, now, c.k) end
  local identity = remote == '' and call('HGET', K .. 'x', c.subject) or ''
  return reply('go', s, {vector = s and not doubt and s[VECTOR] or '', doubt = doubt, obligation = obligation, identity = identity,
    groups = listed})
end
`;
