import {isLasting, type Failure, type Result} from '../failure.ts';
import type {CallOptions, CutOffStep} from '../port.ts';

export interface ReceiptStep {
  name: string;
  /** Milliseconds since the epoch: when the verifying read said so. */
  verifiedAt: number;
  /** Access that no call can end, and until when. */
  remains?: string;
}

/** Proof of a cut-off: complete only when each step was verified by a read of its own. */
export interface Receipt {
  remoteId: string;
  steps: ReceiptStep[];
  complete: boolean;
  /** The account itself was gone already. */
  missing: boolean;
}

type StepEnd = {step: ReceiptStep; missing: boolean} | {failure: Failure};

async function runStep(
  step: CutOffStep,
  id: string,
  options: CallOptions,
  now: () => number,
): Promise<StepEnd> {
  const acted = await step.act(id, options);
  if (!acted.ok) return {failure: acted.failure};
  const verified: Result<{ended: boolean; remains?: string}> = await step.verify(id, options);
  if (!verified.ok) return {failure: verified.failure};
  if (!verified.value.ended) {
    const message = `cut-off step ${step.name} was answered, and reading back shows that access goes on`;
    return {failure: {kind: 'transient', message, cause: `cut-off ${step.name} not ended`}};
  }
  return {step: proved(step, verified.value.remains, now()), missing: acted.value === 'missing'};
}

const proved = ({name}: CutOffStep, remains: string | undefined, verifiedAt: number): ReceiptStep => ({
  name,
  verifiedAt,
  ...(remains === undefined ? {} : {remains}),
});

/** These are the whole target's: it is not asked for more. */
const untold: readonly Failure['kind'][] = ['throttled', 'unavailable', 'unauthorized'];

/**
 * A later step may have ended what an earlier one was refused (a deletion, where deactivating is): what reads back as ended
 * has not failed.
 */
async function readAgain(
  step: CutOffStep,
  end: StepEnd,
  id: string,
  options: CallOptions,
  now: () => number,
): Promise<StepEnd> {
  if (!('failure' in end) || untold.includes(end.failure.kind)) return end;
  const read = await step.verify(id, options);
  if (!read.ok || !read.value.ended) return end;
  return {step: proved(step, read.value.remains, now()), missing: false};
}

/**
 * Ends an account's access, in the order that cuts first. Every step is tried even when one fails, so that as much as
 * can be is ended now; each is idempotent, so that a cut-off that died half way is simply run again. Of several failures one
 * that passes is told: as long as there is one, trying again ends more.
 */
export async function cutOff(
  steps: readonly CutOffStep[],
  remoteId: string,
  options: CallOptions,
  now: () => number,
): Promise<{receipt: Receipt; failure?: Failure}> {
  const tried: {step: CutOffStep; end: StepEnd}[] = [];
  for (const step of steps) tried.push({step, end: await runStep(step, remoteId, options, now)});
  const receipt: Receipt = {remoteId, steps: [], complete: true, missing: false};
  const failures: Failure[] = [];
  for (const [at, one] of tried.entries()) {
    const end = await readAgain(one.step, one.end, remoteId, options, now);
    if ('failure' in end) failures.push(end.failure);
    else receipt.steps.push(end.step);
    // A later step may have found nothing of its own, or what an earlier one had removed: the account was there.
    if (at === 0 && !('failure' in end) && end.missing) receipt.missing = true;
  }
  const failure = failures.find(({kind}) => !isLasting(kind)) ?? failures[0];
  if (!failure) return {receipt};
  return {receipt: {...receipt, complete: false}, failure};
}

/** Proof that an account's access has ended already, by the steps' reads alone; none where one does not say so. */
export async function readBack(
  steps: readonly CutOffStep[],
  remoteId: string,
  options: CallOptions,
  now: () => number,
): Promise<Receipt | undefined> {
  const receipt: Receipt = {remoteId, steps: [], complete: true, missing: false};
  for (const step of steps) {
    const read = await step.verify(remoteId, options);
    if (!read.ok || !read.value.ended) return undefined;
    receipt.steps.push(proved(step, read.value.remains, now()));
  }
  return receipt;
}
