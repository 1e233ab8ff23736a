/** The claim of a cut-off by hand: part of {@link CLAIM}, which see. */
export const CLAIM_HAND = `
-- Begun, it is finished, lifted or not. Lifted before that, there is nothing to do.
local function byHand(c, s, doubt, obligation)
  if obligation == '' and not marked(c.subject) then return reply('superseded', s) end
  local open = obligation ~= '' and cjson.decode(obligation) or {begunAt = now, source = 0, offset = -1, occurredAt = c.time, byHand = true}
  open.waits = nil
  obligation = cjson.encode(open)
  call('HSET', K .. 'c', c.subject, obligation)
  grant(c, USER, doubt, false)
  local identity = (not s or s[REMOTE] == '') and call('HGET', K .. 'x', c.subject) or ''
  return reply('go', load(c.subject), {doubt = doubt, obligation = obligation, identity = identity})
end
`;

/** What settling one does to its memberships: part of {@link SETTLE}, which see. */
export const SETTLE_HAND = `
-- Out of scope, or cut off by hand, it is in no group at the target; back again, in those of before: they wait for it as for
-- one not there yet.
local function suspend(subject, s, groups)
  local list, count = waiting(subject), #groups
  for _, group in ipairs(s[GROUPS] or {}) do
    list = addTo(list, group)
    dirty(group, subject, now)
    groups[#groups + 1] = group
  end
  if #groups > count then s[GROUPS] = false setWaiting(subject, list) end
end
`;
