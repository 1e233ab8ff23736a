/** One id for a person and for a group: part of {@link CLAIM}, which see. */
export const CLAIM_KINDS = `
local kindOfOp = {U = USER, L = USER, G = GROUP, X = GROUP, M = GROUP}

-- The id is the other kind's as long as something of it is, or may be, at the target; then it may become this one's.
local function isOtherKind(c, s)
  local kind = kindOfOp[c.op]
  if not s or not kind or kindOf(s) == kind then return false end
  local isFree = s[REMOTE] == '' and has(s, CUT) and not has(s, DOUBT) and not leases[c.subject]
  if not isFree then return true end
  if c.op ~= 'M' then
    setFlag(s, IS_GROUP, kind == GROUP)
    s[VECTOR], s[GROUPS], s[FLOOR] = '', false, false
    touch(c.subject, s)
  end
  return false
end
`;
