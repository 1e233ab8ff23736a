/** Used by both. */
const LET_BE = `
-- What was begun is not gone on with, and nothing waits for a person. A cut-off by hand is refused: its mark would be untrue.
local function letBe(subject, isByHand)
  for _, hash in ipairs({'c', 'h'}) do call('HDEL', K .. hash, subject) end
  for _, list in ipairs({'hz', 'del'}) do call('ZREM', K .. list, subject) end
  if isByHand then call('HDEL', K .. 'hand', subject) end
  notDue(subject)
end
`;

/** Who the config protects: part of {@link CLAIM}, which see. */
export const CLAIM_PROTECTED = `${LET_BE}
-- What an event or the account has shown of a user counts while the config has names or filters still.
local function wasProtected(s) return hasRules and has(s, PROTECTED) end

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

-- Of one change. What only the event or the account shows, its reader says: it stays known until an event says otherwise. A tombstone,
-- a deletion and a cut-off by hand say nothing of the user: they have no fingerprint.
local function protectorOf(c, s)
  if c.p then return 'event' end
  local by = protector(c.subject, s)
  if by or c.vector == '' then return by or (wasProtected(s) and 'a name or a filter') end
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
  letBe(c.subject, c.h)
  return reply('protected', s, {by = by})
end
`;

/** What an attempt that found its account protected leaves: part of {@link SETTLE}, which see. */
export const SETTLE_PROTECTED = `${LET_BE}
-- It counts for nothing at the guard.
local function spared(subject, s, isByHand)
  letBe(subject, isByHand)
  call('ZREM', K .. 'g', subject)
  setFlag(s, PROTECTED, true)
  touch(subject, s)
end
`;
