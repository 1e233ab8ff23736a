/** What is known of a partition when it is taken over. Offsets; `low` is the first that exists, `high` the next to be written. */
export interface Found {
  committed: {offset: number; metadata: string} | undefined;
  low: number;
  high: number;
  /** The watermark that the bookkeeping saved last. */
  watermark: number | undefined;
  epoch: string;
  /** The topic was seen to be gone in between. */
  gone: boolean;
}

/**
 * Why reading starts where it does:
 * - `committed`: where the last owner stopped
 * - `new`: nothing is committed, and nothing was ever settled
 * - `forgotten`: nothing is committed any more: the group's offsets were dropped, with the topic or by hand
 * - `defaulted`: KafkaJS, which found its offset out of range, has committed its own default (-2 or -1, which are no offsets) in its place
 * - `byHand`: somebody else has set the committed offset
 * - `wiped`: the store that the commit relied on is not the one that is there
 * - `restored`: the store knows less than was committed
 * - `recreated`: the partition ends before what was settled
 */
export type StartReason =
  'committed' | 'new' | 'forgotten' | 'defaulted' | 'byHand' | 'wiped' | 'restored' | 'recreated';

export interface Start {
  at: number;
  because: StartReason;
  /** Only each subject's latest is wanted, up to the end as it is now. */
  catchUp: boolean;
  /** Offsets of before mean nothing any more. */
  newIncarnation: boolean;
  /** Retention has deleted these before they were read: up to but not including `to`. */
  lost?: {from: number; to: number};
}

/** Where to start reading a partition. */
export function decideStart(found: Found): Start {
  const {committed, low, high, watermark, epoch} = found;
  const anew = {at: low, catchUp: true, newIncarnation: false};
  if (found.gone || high < Math.max(committed?.offset ?? 0, watermark ?? 0)) {
    return {...anew, because: 'recreated', newIncarnation: true};
  }
  if (committed === undefined) {
    // Kafka drops a group's offsets with the topic: what was settled before may be another topic's.
    if (watermark === undefined) return {...anew, because: 'new'};
    return {...anew, because: 'forgotten', newIncarnation: true};
  }
  if (committed.offset < 0) {
    if (watermark === undefined) return {...anew, because: 'new'};
    // What went with it is gone too: whether a catch-up was under way.
    return {...from(watermark, low), because: 'defaulted', catchUp: true};
  }
  const mark = readMetadata(committed.metadata);
  if (mark === undefined) return {...from(committed.offset, low), because: 'byHand', catchUp: true};
  if (mark.epoch !== epoch) return {...anew, because: 'wiped'};
  if (watermark === undefined || watermark < committed.offset) {
    return {...(watermark === undefined ? anew : from(watermark, low)), because: 'restored', catchUp: true};
  }
  return {...from(committed.offset, low), because: 'committed', catchUp: committed.offset < mark.catchUpTo};
}

function from(offset: number, low: number): Pick<Start, 'at' | 'newIncarnation' | 'lost'> {
  if (offset >= low) return {at: offset, newIncarnation: false};
  return {at: low, newIncarnation: false, lost: {from: offset, to: low}};
}

/** A commit's metadata: the store's epoch, and while catching up the offset up to which only the latest are wanted. */
export function writeMetadata(epoch: string, watermark: number, catchUpTo: number): string {
  return watermark < catchUpTo ? `${epoch} catch-up-to=${catchUpTo}` : epoch;
}

/** The store's epoch in a commit's metadata; none where somebody else has committed. */
export const epochOf = (metadata: string): string | undefined => readMetadata(metadata)?.epoch;

function readMetadata(metadata: string): {epoch: string; catchUpTo: number} | undefined {
  if (metadata === '') return undefined;
  const [epoch = '', catchUpTo] = metadata.split(' catch-up-to=');
  return {epoch, catchUpTo: Number(catchUpTo ?? 0)};
}
