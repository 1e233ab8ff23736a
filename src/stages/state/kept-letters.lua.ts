/**
 * How dead letters are kept; of a letter (JSON) the scripts read subject, kind, saysMembers, position and failure.cause.
 *
 *   dl hash id → letter    dlz zset id → ms    dlc hash cause → count    dls:<subject> set of ids
 */
export const LETTERS = `
local function uncount(cause)
  if call('HINCRBY', K .. 'dlc', cause, -1) <= 0 then call('HDEL', K .. 'dlc', cause) end
end

local function unletter(id)
  local raw = call('HGET', K .. 'dl', id)
  if not raw then return false end
  local letter = cjson.decode(raw)
  call('HDEL', K .. 'dl', id)
  call('ZREM', K .. 'dlz', id)
  uncount(letter.failure.cause)
  if letter.subject then call('SREM', K .. 'dls:' .. letter.subject, id) end
  return raw
end
`;
