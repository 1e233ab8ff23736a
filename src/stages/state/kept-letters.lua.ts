/**
 * How dead letters are kept; of a letter (JSON) the scripts read subject, kind, saysMembers, position, group and failure.cause.
 *
 *   dl hash id → letter    dlz zset id → ms    dlc hash cause → count    dls:<subject> set of ids
 *   dlg:<group> zset id → ms    dlgs hash group → what its letters have in common (JSON)
 *
 * A group is there as long as it has letters. A letter without a group was written by an older version.
 */
export const LETTERS = `
local function uncount(cause)
  if call('HINCRBY', K .. 'dlc', cause, -1) <= 0 then call('HDEL', K .. 'dlc', cause) end
end

-- Beyond so many groups a letter joins the one for all others, so it is looked for in both.
local mostGroups, otherGroup, other = 500, 'other', '{"id":"other","kind":"other","cause":"other","message":"more causes than are told apart","isCutOff":false}'
local function takeOut(id, group)
  if call('ZREM', K .. 'dlg:' .. group, id) == 0 then return false end
  if call('EXISTS', K .. 'dlg:' .. group) == 0 then call('HDEL', K .. 'dlgs', group) end
  return true
end
local function ungroup(id, letter)
  if letter.group and not takeOut(id, letter.group) then takeOut(id, otherGroup) end
end
local function enroll(id, group, about, at)
  if call('HEXISTS', K .. 'dlgs', group) == 0 and call('HLEN', K .. 'dlgs') >= mostGroups then group, about = otherGroup, other end
  call('HSETNX', K .. 'dlgs', group, about)
  call('ZADD', K .. 'dlg:' .. group, at, id)
end

-- seenAt: when the letter died that is meant, nil or '' for whichever it is; another one that stands under its name meanwhile is left alone.
local function unletter(id, seenAt)
  local raw = call('HGET', K .. 'dl', id)
  if not raw then return false end
  local letter = cjson.decode(raw)
  if seenAt and seenAt ~= '' and letter.at ~= tonumber(seenAt) then return false end
  call('HDEL', K .. 'dl', id)
  call('ZREM', K .. 'dlz', id)
  uncount(letter.failure.cause)
  ungroup(id, letter)
  if letter.subject then call('SREM', K .. 'dls:' .. letter.subject, id) end
  return raw
end
`;
