import {meaningOf} from '../core/meaning.ts';
import type {DeadLetter} from '../core/parked.ts';
import type {Policy} from '../core/plan.ts';
import type {Foresee} from '../stages/dead-letters/retries.ts';
import type {Decoder} from '../stages/decode/index.ts';

/** What a letter would do with today's schemas and config: its record is decoded, mapped and planned again, and nothing is sent. */
export const foreseeBy =
  (decode: Decoder['decode'], policy: Policy): Foresee =>
  async (letter) => {
    const without = withoutRecord(letter);
    if (without !== undefined || letter.record === undefined) return {does: without ?? 'nothing'};
    const decoded = await decode(letter.record);
    if (decoded.ok) return meaningOf(decoded.value, policy);
    const {kind, message} = decoded.failure;
    return {does: kind === 'undecodable' ? 'dead letter' : 'not known', reason: message};
  };

/** What no record stands behind: its news is kept with the group, or the person. */
function withoutRecord({kind, hand}: DeadLetter): string | undefined {
  if (hand) return 'cut off by hand';
  switch (kind) {
    case 'member':
    case 'sync':
      return 'members told again';
    case 'reference':
      return 'manager filled in';
    case 'snapshot':
    case 'cutOff':
    case 'delta':
    case 'undecodable':
      return undefined;
    default:
      return kind satisfies never;
  }
}
