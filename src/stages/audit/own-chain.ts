import {randomBytes} from 'node:crypto';
import {link, nothingBefore, signedText} from '../../core/audit/chain.ts';
import {shorten} from '../../core/audit/shorten.ts';
import type {Checkpoint, Head, WrittenRecord} from '../../core/audit/written.ts';
import type {Signer} from './signing.ts';
import type {Chained} from './sink.ts';

export interface ChainSettings {
  /** Read at each checkpoint: a changed key counts from then on. */
  signer: () => Signer | undefined;
  /** Where the chain is written. */
  where: Pick<Checkpoint, 'file' | 'topic'>;
  /** Records between two checkpoints, at most. */
  every: number;
  /** Of one record. */
  maxBytes: number;
  now: () => number;
}

/** What a record's place in the chain adds to it. */
const placeBytes = 400;

/** The chain of this process, under a random id. */
export class OwnChain {
  readonly writer = randomBytes(8).toString('hex');
  /** Records after the last checkpoint. */
  unsigned = 0;
  /** Of one record, at most: what is longer is shortened. */
  maxBytes: number;
  readonly #settings: ChainSettings;
  #sequence = 0;
  #previous = nothingBefore;

  constructor(settings: ChainSettings) {
    this.#settings = settings;
    this.maxBytes = settings.maxBytes;
  }

  get isEmpty(): boolean {
    return this.#sequence === 0;
  }

  add(record: WrittenRecord): Chained {
    const place = {writer: this.writer, sequence: this.#sequence, previous: this.#previous};
    let chained = link(record, place);
    if (this.#isLong(chained)) chained = link(shorten(record, this.#roomFor(record)), place);
    this.#sequence += 1;
    this.#previous = chained.linked.hash;
    this.unsigned += 1;
    return chained;
  }

  checkpoint(state: Checkpoint['state'], heads?: readonly Head[]): Chained {
    const {signer, where, every, now} = this.#settings;
    const key = signer();
    const checkpoint = {state, every, ...where, ...(heads ? {heads} : {}), ...(key ? {key: key.key} : {})};
    const place = {writer: this.writer, sequence: this.#sequence, previous: this.#previous};
    const record = {id: `${this.writer}/${this.#sequence}`, at: now(), checkpoint};
    const signature = key?.sign(signedText({...record, ...place}));
    const chained = this.add(
      signature === undefined ? record : {...record, checkpoint: {...checkpoint, signature}},
    );
    this.unsigned = 0;
    return chained;
  }

  /** No character takes more than three bytes. */
  #isLong({line, linked}: Chained): boolean {
    const {maxBytes} = this;
    return line.length * 3 > maxBytes && Buffer.byteLength(line) > this.#roomFor(linked) + placeBytes;
  }

  /** In the topic the subject stands in the key too. */
  #roomFor({subject = ''}: WrittenRecord): number {
    return this.maxBytes - placeBytes - Math.min(Buffer.byteLength(subject), this.maxBytes / 4);
  }

  headOf({linked: {writer, sequence, hash, at}}: Chained): Head {
    return {writer, sequence, hash, at, ...this.#settings.where};
  }
}
