import {hash} from 'node:crypto';
import type {Attributes, Json} from './resource.ts';

/**
 * What was last applied of a resource, small enough for state:
 *
 *     bytes 0 to 3    of the mapping's version (SHA-256)
 *     bytes 4 to 11   of all attributes together (SHA-256): the two are the fingerprint, which decides `unchanged`
 *     then 6 each     an attribute: 14 bits that name its path, 34 of its value
 *
 * The last part only tells which paths to name in a smallest update. It is made for each change that is sent, so a fast
 * hash does; SHA-256 for each attribute took a fifth of the process at full speed.
 */
const versionBytes = 4;
export const fingerprintBytes = 12;
const entryBytes = 6;
const idMask = 0x3fff;
/** Values are below: a float holds an id times this and a value exactly. */
const valueRange = 2 ** 34;

/**
 * The first 12 bytes of the digest: equal to those that are stored when nothing changed, neither attributes nor mapping.
 * The order of the paths counts: a mapping gives the same one each time.
 */
export function fingerprintAttributes(attributes: Attributes, mappingVersion: string): Buffer {
  const fingerprint = Buffer.allocUnsafe(fingerprintBytes);
  fingerprint.write(pathOrVersion(mappingVersion).prefix, 0, versionBytes, 'latin1');
  const whole = hash('sha256', JSON.stringify(attributes), 'latin1');
  fingerprint.write(whole, versionBytes, fingerprintBytes - versionBytes, 'latin1');
  return fingerprint;
}

/** What is wanted beside what is stored. */
export interface Comparison {
  /** The digest to store once the attributes are applied. */
  digest: Buffer;
  /**
   * The paths that differ from what is stored, those to be cleared included; `undefined` when that is not known: nothing
   * stored, another mapping version, or two paths that share an id.
   */
  changed: string[] | undefined;
}

/**
 * Compares `attributes` (and their `fingerprint`) with what `stored` says, and makes the digest that comes after it. What
 * they leave unsaid is carried over, so that clearing it later is still seen as a change; when the mapping's version
 * differs, only that it was there is.
 */
export function compareAttributes(
  attributes: Attributes,
  mappingVersion: string,
  stored: Buffer | undefined,
  fingerprint: Buffer = fingerprintAttributes(attributes, mappingVersion),
): Comparison {
  const isSame = stored !== undefined && sameVersion(stored, mappingVersion);
  const before = new Entries(stored);
  const values = Object.values(attributes);
  const {paths, ids, said} = idsOf(Object.keys(attributes));
  const digest = Buffer.allocUnsafe(fingerprintBytes + (paths.length + before.count) * entryBytes);
  fingerprint.copy(digest);
  const changed: string[] = [];
  let at = fingerprintBytes;
  for (let i = 0; i < ids.length; i += 1) {
    const id = ids[i] ?? 0;
    const value = valueHash(values[i] ?? null);
    if (before.valueOf(id) !== value) changed.push(paths[i] ?? '');
    if (value !== undefined) at = writeEntry(digest, at, id, value);
  }
  for (let i = 0; i < before.count; i += 1) {
    const id = before.ids[i] ?? 0;
    if (!said.has(id)) at = writeEntry(digest, at, id, isSame ? (before.values[i] ?? 0) : unknownValue);
  }
  const isKnown = isSame && said.size === paths.length;
  return {digest: digest.subarray(0, at), changed: isKnown ? changed : undefined};
}

interface Ids {
  paths: readonly string[];
  ids: readonly number[];
  said: ReadonlySet<number>;
}

/** The ids of the paths last compared: a mapping names the same ones each time. */
let last: Ids = {paths: [], ids: [], said: new Set()};

function idsOf(paths: readonly string[]): Ids {
  if (paths.length === last.paths.length && paths.every((path, i) => path === last.paths[i])) return last;
  const ids = paths.map((path) => pathOrVersion(path).id);
  last = {paths, ids, said: new Set(ids)};
  return last;
}

/** Of a value that is at the target but no longer known: no value hashes to it. */
const unknownValue = 0;

function sameVersion(digest: Buffer, mappingVersion: string): boolean {
  return digest.toString('latin1', 0, versionBytes) === pathOrVersion(mappingVersion).prefix;
}

function writeEntry(digest: Buffer, at: number, id: number, value: number): number {
  return digest.writeUIntBE(id * valueRange + value, at, entryBytes);
}

/** The entries of a stored digest. They are looked up in the order in which they were written: the next one is tried first. */
class Entries {
  readonly count: number;
  readonly ids: Uint16Array;
  readonly values: Float64Array;
  #next = 0;

  constructor(digest: Buffer | undefined) {
    this.count = digest === undefined ? 0 : Math.floor((digest.length - fingerprintBytes) / entryBytes);
    this.ids = new Uint16Array(this.count);
    this.values = new Float64Array(this.count);
    for (let i = 0; i < this.count; i += 1) {
      const entry = digest?.readUIntBE(fingerprintBytes + i * entryBytes, entryBytes) ?? 0;
      this.ids[i] = Math.floor(entry / valueRange);
      this.values[i] = entry % valueRange;
    }
  }

  valueOf(id: number): number | undefined {
    const index = this.ids[this.#next] === id ? this.#next : this.ids.lastIndexOf(id);
    if (index < 0) return undefined;
    this.#next = index + 1;
    return this.values[index];
  }
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
  const name = {id: digest.readUInt16BE(0) & idMask, prefix: digest.toString('latin1', 0, versionBytes)};
  names.set(text, name);
  return name;
}

/** 34 bits, never zero, or nothing for what is cleared: two multiplying lanes over the UTF-16 units (finished as MurmurHash3). */
function valueHash(value: Json): number | undefined {
  if (isCleared(value)) return undefined;
  const isText = typeof value === 'string';
  const text = isText ? value : JSON.stringify(value);
  // "true" and true are two values.
  let high = isText ? 0x9e3779b9 : 0x3c6ef372;
  let low = isText ? 0x85ebca6b : 0x510e527f;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    high = Math.imul(high ^ unit, 0xcc9e2d51);
    low = Math.imul(low ^ unit, 0x1b873593);
    high ^= high >>> 15;
    low ^= low >>> 13;
  }
  low = finish(low ^ Math.imul(high, 0x27d4eb2f));
  high = finish(high ^ low);
  return (high & 3) * 0x1_0000_0000 + low || 1;
}

function finish(lane: number): number {
  let mixed = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
