/** Who the config protects: part of {@link CLAIM}, which see. */
export const CLAIM_PROTECTED = `
-- By subject id, by account, or as a member of a group: in words for a person, or false.
local function protector(subject, s)
  if protectedNames[subject] then return 'the name ' .. subject end
  if not s or s[REMOTE] == '' then return false end
  if protectedAccounts[s[REMOTE]] then return 'the name of its account' end
  for _, group in ipairs(s[GROUPS] or {}) do
    if protectedGroups[group] then return 'the group ' .. group end
  end
  return false
end

-- Of one change. What only the event or the account shows, its reader says: it stays known until an event says otherwise.
local function protectorOf(c, s)
  if c.p then return 'event' end
  local by = protector(c.subject, s)
  if by or c.op == 'E' or c.op == 'R' then return by or (has(s, PROTECTED) and 'a name or a filter') end
  if has(s, PROTECTED) and not c.older then setFlag(s, PROTECTED, false) touch(c.subject, s) end
  return false
end

-- Decided, and nothing is sent; nor is what was begun gone on with.
local function spare(c, s, by)
  if c.older and not c.h then return reply('superseded', s) end
  s = s or blank(USER)
  states[c.subject] = s
  if c.off >= 0 then decided(c, s, c.op == 'L') end
  setFlag(s, PROTECTED, c.p or has(s, PROTECTED))
  touch(c.subject, s)
  if hasHolds and call('HDEL', K .. 'h', c.subject) == 1 then call('ZREM', K .. 'hz', c.subject) end
  call('HDEL', K .. 'c', c.subject)
  call('ZREM', K .. 'del', c.subject)
  notDue(c.subject)
  return reply('protected', s, {by = by})
end
`;

/** What an attempt that found its account protected leaves: part of {@link SETTLE}, which see. */
export const SETTLE_PROTECTED = `
-- Protected: what was begun is not gone on with, and it counts for nothing at the guard.
local function spared(subject, s)
  call('HDEL', K .. 'c', subject)
  for _, list in ipairs({'del', 'g'}) do call('ZREM', K .. list, subject) end
  notDue(subject)
  setFlag(s, PROTECTED, true)
  touch(subject, s)
end
`;
