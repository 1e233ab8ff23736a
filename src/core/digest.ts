import {hash} from 'node:crypto';
import type {Attributes, Json} from './resource.ts';

/**
 * What was last applied of a resource, small enough for state:
 *
 *     bytes 0 to 3    of the mapping's version (SHA-256)
 *     bytes 4 to 11   of all attributes together (SHA-256): the two are the fingerprint, which decides `unchanged`
 *     then 7 each     an attribute: 2 bytes that name its path, 5 of its value
 *
 * The last part only tells which paths to name in a smallest update. It is made for each change that is sent, so a fast
 * hash does; SHA-256 for each attribute took a fifth of the process at full speed.
 */
const versionBytes = 4;
export const fingerprintBytes = 12;
const idBytes = 2;
const entryBytes = 7;

/**
 * The first 12 bytes of the digest: equal to those that are stored when nothing changed, neither attributes nor mapping.
 * The order of the paths counts: a mapping gives the same one each time.
 */
export function fingerprintAttributes(attributes: Attributes, mappingVersion: string): Buffer {
  const whole = hash('sha256', JSON.stringify(attributes), 'latin1').slice(
    0,
    fingerprintBytes - versionBytes,
  );
  return Buffer.from(pathOrVersion(mappingVersion).prefix + whole, 'latin1');
}

/**
 * The digest to store once `attributes` are applied (`fingerprint`: theirs, where it is known). What they leave unsaid is
 * carried over from `previous`, so that clearing it later is still seen as a change; when the mapping's version differs,
 * only that it was there is.
 */
export function digestAttributes(
  attributes: Attributes,
  mappingVersion: string,
  previous?: Buffer,
  fingerprint: Buffer = fingerprintAttributes(attributes, mappingVersion),
): Buffer {
  const carried = previous === undefined ? [] : unsaidEntries(attributes, mappingVersion, previous);
  const paths = Object.keys(attributes);
  const hashes = hashesOf(attributes);
  const digest = Buffer.allocUnsafe(fingerprintBytes + (paths.length + carried.length) * entryBytes);
  fingerprint.copy(digest);
  let at = fingerprintBytes;
  for (const [i, path] of paths.entries()) {
    const value = hashes[i];
    if (value !== undefined) at = writeEntry(digest, at, pathOrVersion(path).id, value);
  }
  for (const [id, value] of carried) at = writeEntry(digest, at, id, value);
  return Buffer.from(digest.subarray(0, at));
}

/**
 * The paths of `desired` that differ from what `stored` says, those to be cleared included. `undefined` when that is not
 * known: nothing stored, another mapping version, or two paths that share an id.
 */
export function changedPaths(
  stored: Buffer | undefined,
  desired: Attributes,
  mappingVersion: string,
): string[] | undefined {
  if (stored === undefined || !sameVersion(stored, mappingVersion)) return undefined;
  const values = readEntries(stored);
  const ids = new Set<number>();
  const hashes = hashesOf(desired);
  const changed: string[] = [];
  for (const [i, path] of Object.keys(desired).entries()) {
    const {id} = pathOrVersion(path);
    if (ids.has(id)) return undefined;
    ids.add(id);
    if (values.get(id) !== hashes[i]) changed.push(path);
  }
  return changed;
}

/** Of a value that is at the target but no longer known: no value hashes to it. */
const unknownValue = 0;

/** Attributes are hashed twice, for what changed and for what to remember: a mapping's result changes no more. */
const hashed = new WeakMap<Attributes, (number | undefined)[]>();

/** The hash of each attribute's value, in the order of the paths; none of one that is cleared. */
function hashesOf(attributes: Attributes): (number | undefined)[] {
  const known = hashed.get(attributes);
  if (known !== undefined) return known;
  const hashes = Object.values(attributes).map((value) => (isCleared(value) ? undefined : valueHash(value)));
  hashed.set(attributes, hashes);
  return hashes;
}

function unsaidEntries(attributes: Attributes, mappingVersion: string, previous: Buffer): [number, number][] {
  const said = new Set(Object.keys(attributes).map((path) => pathOrVersion(path).id));
  const same = sameVersion(previous, mappingVersion);
  return [...readEntries(previous)]
    .filter(([id]) => !said.has(id))
    .map(([id, value]) => [id, same ? value : unknownValue]);
}

function sameVersion(digest: Buffer, mappingVersion: string): boolean {
  return digest.toString('latin1', 0, versionBytes) === pathOrVersion(mappingVersion).prefix;
}

function writeEntry(digest: Buffer, at: number, id: number, value: number): number {
  digest.writeUInt16BE(id, at);
  digest.writeUIntBE(value, at + idBytes, entryBytes - idBytes);
  return at + entryBytes;
}

function readEntries(digest: Buffer): Map<number, number> {
  const entries = new Map<number, number>();
  for (let at = fingerprintBytes; at + entryBytes <= digest.length; at += entryBytes) {
    entries.set(digest.readUInt16BE(at), digest.readUIntBE(at + idBytes, entryBytes - idBytes));
  }
  return entries;
}

function isCleared(value: Json): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

interface Name {
  id: number;
  prefix: string;
}

/** Few and fixed: the paths and versions of the mappings. The bound is for a mapping whose paths come from events. */
const names = new Map<string, Name>();

function pathOrVersion(text: string): Name {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= 4096) names.clear();
  const digest = hash('sha256', text, 'buffer');
  const name = {id: digest.readUInt16BE(0), prefix: digest.toString('latin1', 0, versionBytes)};
  names.set(text, name);
  return name;
}

/** 40 bits, never zero: two multiplying lanes over the UTF-16 units (the finishing steps are those of MurmurHash3). */
function valueHash(value: Json): number {
  const text = typeof value === 'string' ? value : `\0${canonical(value)}`;
  let high = 0x9e3779b9;
  let low = 0x85ebca6b;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    high = Math.imul(high ^ unit, 0xcc9e2d51);
    low = Math.imul(low ^ unit, 0x1b873593);
    high ^= high >>> 15;
    low ^= low >>> 13;
  }
  low = finish(low ^ Math.imul(high, 0x27d4eb2f));
  high = finish(high ^ low);
  return (high & 0xff) * 0x1_0000_0000 + low || 1;
}

function finish(lane: number): number {
  let mixed = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** JSON whose objects have their names sorted, so that the order in which they were set does not count. */
function canonical(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const parts = Object.keys(value).sort();
  return `{${parts.map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`).join(',')}}`;
}
