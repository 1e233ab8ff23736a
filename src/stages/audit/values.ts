import {createHmac} from 'node:crypto';
import type {AuditAction, AuditRecord} from '../../core/audit.ts';
import {canonical, hashOf} from '../../core/audit/chain.ts';
import type {WrittenRecord} from '../../core/audit/written.ts';
import type {Json} from '../../core/resource.ts';

/** What becomes of attributes' values: hashed with the key (without one they are left out), or written as they are. */
export interface ValueSettings {
  values: 'hashed' | 'plain';
  hashKey?: string | undefined;
}

/** A record as it may leave the process: no attribute's value is in it but as the config says. */
export function seal(record: AuditRecord | AuditAction, settings: ValueSettings): WrittenRecord {
  const {written, ...rest}: Partial<AuditRecord> & (AuditRecord | AuditAction) = record;
  const sealed: WrittenRecord = rest;
  // Times of events that a mapping made may have parts of milliseconds: Avro's have none.
  sealed.at = Math.trunc(sealed.at);
  if (sealed.occurredAt !== undefined) sealed.occurredAt = Math.trunc(sealed.occurredAt);
  return written === undefined
    ? sealed
    : Object.assign(sealed, sealedValues(written, record.subject ?? '', settings));
}

function sealedValues(
  written: NonNullable<AuditRecord['written']>,
  subject: string,
  {values, hashKey}: ValueSettings,
): Pick<WrittenRecord, 'values' | 'hashKey'> {
  const each = (of: (name: string, value: Json) => string): Record<string, string> =>
    Object.fromEntries(Object.entries(written).map(([name, value]) => [name, of(name, value)]));
  if (values === 'plain') return {values: each((_, value) => canonical(value))};
  if (hashKey === undefined) return {};
  return {
    values: each((name, value) => hashValue(hashKey, subject, name, value)),
    hashKey: keyName(hashKey),
  };
}

/**
 * HMAC-SHA-256 of `[subject, name, value]` in canonical JSON, its first 128 bits in hex. The subject and the name are in
 * it, so that equal values of two people do not look alike.
 */
const hashValue = (key: string, subject: string, name: string, value: Json): string =>
  createHmac('sha256', key)
    .update(canonical([subject, name, value]))
    .digest('hex')
    .slice(0, 32);

/** Tells keys apart, and nothing about them. */
const keyName = (key: string): string => hashOf(`avro-scim audit hash key ${key}`).slice(0, 16);
