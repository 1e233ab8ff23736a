import {statSync} from 'node:fs';
import type {OwnFigures} from '../admin/own-metrics.ts';
import type {Logger} from '../core/connector.ts';
import type {CheckReport, TargetPort} from '../core/port.ts';

/** A port, and what its checks have told: at the start, at each probe, after the credential has changed. */
export interface Checks {
  port: TargetPort;
  /** Checks once, whatever the gate says; only what is wrong is told, in the log. Never rejects. */
  look(): Promise<void>;
  figures(): Pick<OwnFigures, 'credentialAgeSeconds' | 'credentialExpiry'>;
}

interface Watching {
  log: Logger;
  signal: AbortSignal;
  now: () => number;
  /** The files that hold its credential, as they are named now. */
  secretFiles: () => readonly string[];
}

/** Keeps when the credential was made and ends from every check of this port that succeeds. */
export function watchChecks(inner: TargetPort, {log, signal, now, secretFiles}: Watching): Checks {
  let told: Pick<CheckReport, 'credentialCreatedAt' | 'credentialExpiresAt'> = {};
  const check: TargetPort['check'] = async (ended) => {
    const checked = await inner.check(ended);
    if (checked.ok) told = checked.value;
    return checked;
  };
  const cutOffSteps: TargetPort['cutOffSteps'] = (mode) => inner.cutOffSteps(mode);
  return {
    port: {users: inner.users, groups: inner.groups, cutOffSteps, check},
    async look() {
      try {
        const checked = await check(signal);
        if (checked.ok || signal.aborted) return;
        const {cause, message} = checked.failure;
        log.warn({cause, reason: message}, 'the target does not answer its check as it should');
      } catch (err) {
        log.error({err}, 'unexpected exception in a check of the target');
      }
    },
    figures() {
      const createdAt = told.credentialCreatedAt ?? oldestOf(secretFiles());
      const endsAt = told.credentialExpiresAt;
      return {
        ...(createdAt !== undefined && {credentialAgeSeconds: Math.max(0, (now() - createdAt) / 1000)}),
        ...(endsAt !== undefined && {credentialExpiry: endsAt / 1000}),
      };
    },
  };
}

/** When the file that was left unchanged the longest was written, in ms since the epoch. */
export function oldestOf(files: readonly string[]): number | undefined {
  const times = files.flatMap((file) => statSync(file, {throwIfNoEntry: false})?.mtimeMs ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}
