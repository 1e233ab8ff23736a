import type {LoadedConfig} from '../../config/load.ts';
import type {TargetConfig} from '../../config/schema.ts';
import type {AuditRecord} from '../../core/audit.ts';
import type {HandMark} from '../../core/hand.ts';
import {endingsOf, leavePolicy} from '../../core/leave-policy.ts';
import type {CutOffMode} from '../../core/port.ts';
import {readSubject, type KnownSubject} from '../../stages/state/subject.ts';
import {connectorOf} from '../connector-of.ts';
import type {Stored} from '../stored/open.ts';
import type {HandOutcome} from './outcome.ts';

/** One target at which somebody is to be cut off. */
export interface Aim {
  stored: Stored;
  known: KnownSubject;
  mode: string;
  isLookedFor: boolean;
  /** What protects the account, in words. */
  rule: string | undefined;
}

const isGroup = 'it is a group';

/** What is known at the target of whom is to be cut off, and what the config says of it. */
export async function aimAt(stored: Stored, loaded: LoadedConfig, subject: string): Promise<Aim> {
  const known = await readSubject(stored, subject);
  const settings = loaded.config.targets[stored.target];
  const {names = [], groups = []} = settings?.protected ?? {};
  const name = [subject, known.state?.remoteId].find((one) => one !== undefined && names.includes(one));
  const group = known.state?.groups.find((one) => groups.includes(one));
  const rule = name === undefined ? group && `the group ${group}` : `the name ${name}`;
  const mode = settings && modeOf(settings, loaded) === 'delete' ? 'deleted' : 'deactivated';
  return {stored, known, mode, isLookedFor: settings?.adopt !== 'never', rule};
}

const modeOf = (target: TargetConfig, loaded: LoadedConfig): CutOffMode =>
  leavePolicy(target.onLeave, endingsOf(connectorOf(target, loaded).manifest, target.config)).cutOffMode;

/** Why nothing is done there; undefined where it can be. */
export function refusal({stored: {target}, known, rule}: Aim): HandOutcome | undefined {
  if (rule !== undefined) return {target, result: 'refused', reason: `protected by ${rule}`};
  return known.state?.kind === 'group' ? {target, result: 'refused', reason: isGroup} : undefined;
}

/** Before anything is begun: whatever becomes of this process, each target's own goes on. Resolves to where it is refused. */
export async function markAll(
  aims: readonly Aim[],
  subject: string,
  mark: HandMark,
): Promise<ReadonlyMap<Stored, HandOutcome>> {
  const refused = new Map<Stored, HandOutcome>();
  for (const aim of aims) {
    const {stored} = aim;
    const why = refusal(aim);
    if (why) refused.set(stored, why);
    else if (!(await stored.hands.mark(subject, mark, stored.lanes)))
      refused.set(stored, {target: stored.target, result: 'refused', reason: isGroup});
  }
  return refused;
}

/** The audit record of a mark (`parked`), or of its lift. */
export function record(
  {target}: Stored,
  subject: string,
  {by, at, reason}: HandMark,
  more: Pick<AuditRecord, 'outcome'> & Partial<AuditRecord>,
): AuditRecord {
  const what = more.outcome === 'parked' ? 'cut-off' : 'lift';
  const why = reason === undefined ? {} : {eventReason: reason};
  return {
    id: `${target}/${subject}/${what}/${at}`,
    ...{at, target, subject, actor: {id: by, kind: 'human'}},
    ...why,
    ...more,
  };
}
