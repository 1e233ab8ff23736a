const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Most services answer UUIDs: kept as 16 bytes behind a tag, half of the state's size would be ids otherwise. */
export function packRemoteId(id: string): Buffer {
  if (!uuid.test(id)) return Buffer.from(`=${id}`);
  return Buffer.concat([Buffer.from('#'), Buffer.from(id.replaceAll('-', ''), 'hex')]);
}

/** The id that `packRemoteId` packed. */
export function unpackRemoteId(packed: Buffer): string {
  if (packed[0] !== 0x23) return packed.toString('utf8', 1);
  const hex = packed.toString('hex', 1);
  return (
    [8, 12, 16, 20].map((end, i, ends) => hex.slice(ends[i - 1] ?? 0, end)).join('-') + '-' + hex.slice(20)
  );
}
