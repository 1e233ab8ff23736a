const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const tag = 0x23;
/** Where the digits stand in a UUID. */
const parts = [
  [0, 8],
  [9, 13],
  [14, 18],
  [19, 23],
  [24, 36],
] as const;

/** Most services answer UUIDs: kept as 16 bytes behind a tag, half of the state's size would be ids otherwise. */
export function packRemoteId(id: string): Buffer {
  if (!uuid.test(id)) return Buffer.from(`=${id}`);
  const packed = Buffer.allocUnsafe(17);
  packed[0] = tag;
  let at = 1;
  for (const [from, to] of parts) at += packed.write(id.slice(from, to), at, 'hex');
  return packed;
}

/** The id that `packRemoteId` packed. */
export function unpackRemoteId(packed: Buffer): string {
  if (packed[0] !== tag) return packed.toString('utf8', 1);
  const hex = packed.toString('hex', 1);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
