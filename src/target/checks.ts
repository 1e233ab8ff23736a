import type {Logger} from '../core/connector.ts';
import type {TargetPort} from '../core/port.ts';

/** A port, and what its checks have told: at the start, at each probe, after the credential has changed. */
export interface Checks {
  port: TargetPort;
  /** Checks once, whatever the gate says; only what is wrong is told, in the log. Never rejects. */
  look(): Promise<void>;
  figures(): {credentialAgeSeconds?: number};
}

/** Keeps when the credential was made from every check of this port that succeeds. */
export function watchChecks(
  inner: TargetPort,
  {log, signal, now}: {log: Logger; signal: AbortSignal; now: () => number},
): Checks {
  let createdAt: number | undefined;
  const check: TargetPort['check'] = async (ended) => {
    const checked = await inner.check(ended);
    if (checked.ok) createdAt = checked.value.credentialCreatedAt;
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
    figures: () =>
      createdAt === undefined ? {} : {credentialAgeSeconds: Math.max(0, (now() - createdAt) / 1000)},
  };
}
