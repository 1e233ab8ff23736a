import {randomBytes} from 'node:crypto';
import {link, nothingBefore, signedText} from '../../core/audit/chain.ts';
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
  now: () => number;
}

/** The chain of this process, under a random id. */
export class OwnChain {
  readonly writer = randomBytes(8).toString('hex');
  /** Records after the last checkpoint. */
  unsigned = 0;
  readonly #settings: ChainSettings;
  #sequence = 0;
  #previous = nothingBefore;

  constructor(settings: ChainSettings) {
    this.#settings = settings;
  }

  get isEmpty(): boolean {
    return this.#sequence === 0;
  }

  add(record: WrittenRecord): Chained {
    const chained = link(record, {writer: this.writer, sequence: this.#sequence, previous: this.#previous});
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

  headOf({linked: {writer, sequence, hash, at}}: Chained): Head {
    return {writer, sequence, hash, at, ...this.#settings.where};
  }
}
