import type {SourceRecord} from './change.ts';
import type {DeadLetter, LaneEntry} from './parked.ts';

/** A record as JSON keeps it: key and value in base64. */
interface StoredRecord extends Omit<SourceRecord, 'key' | 'value'> {
  key: string | null;
  value: string | null;
}
type Stored<T extends {record?: SourceRecord}> = Omit<T, 'record'> & {record?: StoredRecord};

const storeBytes = (bytes: Buffer | null): string | null => bytes && bytes.toString('base64');
const readBytes = (text: string | null): Buffer | null =>
  text === null ? null : Buffer.from(text, 'base64');

const readRecord = (record: StoredRecord): SourceRecord => ({
  ...record,
  key: readBytes(record.key),
  value: readBytes(record.value),
});

/** Half a surrogate pair, as an exchange that was cut may hold, is JSON that Redis's own reader refuses. */
const wellFormed = (_name: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed() : value;

/** A parked change or a dead letter as JSON, nothing lost. */
export function toJson(parked: LaneEntry | DeadLetter): string {
  const {record} = parked;
  if (record === undefined) return JSON.stringify(parked, wellFormed);
  const stored = {...record, key: storeBytes(record.key), value: storeBytes(record.value)};
  return JSON.stringify({...parked, record: stored}, wellFormed);
}

/** What {@link toJson} made of a parked change. */
export function readEntry(text: string | Buffer): LaneEntry {
  const {record, ...entry} = JSON.parse(String(text)) as Stored<LaneEntry>;
  return record === undefined ? entry : {...entry, record: readRecord(record)};
}

/** What {@link toJson} made of a dead letter. */
export function readLetter(text: string | Buffer): DeadLetter {
  const {record, ...letter} = JSON.parse(String(text)) as Stored<DeadLetter>;
  return record === undefined ? letter : {...letter, record: readRecord(record)};
}
