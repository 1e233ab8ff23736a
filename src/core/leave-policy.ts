import type {Manifest} from './connector.ts';
import type {CutOffMode} from './port.ts';

/** What a target's config says that becomes of a leaver's account. */
export type OnLeave = 'deactivate' | 'delete' | {deleteAfterDays: number};

/** What is done with it: the mode of the cut-off, and how much later the account is deleted, if it is. */
export interface LeavePolicy {
  cutOffMode: CutOffMode;
  deleteAfterMs?: number;
}

/** How accounts end at a service, as it is configured. */
export interface Endings {
  /** An account can be shut without being deleted. */
  deactivates: boolean;
  deletes: boolean;
  /** What deactivates an account ends it: nothing of it is there to come back to. */
  endsAccounts: boolean;
}

const dayMs = 24 * 3_600_000;

export const endingsOf = (manifest: Manifest, config: unknown): Endings => ({
  deactivates: manifest.capabilities.deactivate,
  deletes: manifest.capabilities.delete && manifest.keepsUsers?.(config) !== true,
  endsAccounts: manifest.endsAccounts?.(config) ?? false,
});

/** What is wanted, as far as the service can do it: access ends in any case. */
export function leavePolicy(onLeave: OnLeave, {deactivates, deletes}: Endings): LeavePolicy {
  if (!deletes) return {cutOffMode: 'deactivate'};
  if (!deactivates) return {cutOffMode: 'delete'};
  if (typeof onLeave === 'string') return {cutOffMode: onLeave};
  return {cutOffMode: 'deactivate', deleteAfterMs: onLeave.deleteAfterDays * dayMs};
}

/** Why the service can not do what is wanted; nothing where it can. */
export function leaveContradiction(onLeave: OnLeave, {deactivates, deletes, endsAccounts}: Endings) {
  if (onLeave !== 'deactivate' && !deletes)
    return 'the service deletes no users: expected deactivate, which is what would be done';
  if (onLeave !== 'delete' && !deactivates)
    return 'the service can not deactivate users: expected delete, which is what would be done';
  if (typeof onLeave === 'object' && endsAccounts)
    return 'what deactivates an account there ends it at once, so that nothing is left to delete later: expected delete';
  return undefined;
}

/** What is done as wanted, and may not be meant. */
export const leaveWarning = (onLeave: OnLeave, {endsAccounts}: Endings): string | undefined =>
  onLeave === 'deactivate' && endsAccounts
    ? 'onLeave is deactivate, and what deactivates an account there ends it: who comes back gets a new one (delete says so too, without this warning)'
    : undefined;
