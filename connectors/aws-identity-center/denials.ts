import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions, CutOffStep} from '../../src/core/port.ts';
import {createAws, type Aws} from '../aws-iam/aws.ts';
import type {Center} from './client.ts';
import {changeDenied, readDenied, type Change} from './deny-policy.ts';
import type {IdentityCenterConfig} from './manifest.ts';

type DenyPolicy = IdentityCenterConfig['denyPolicies'][number];

/** The deny policies of the config: what ends the role sessions that the endpoint can not. */
export interface Denials {
  /** Denies a person's roles everything until no session of theirs can be left. */
  deny(id: string, options: CallOptions): Promise<Result<void>>;
  isDenied(id: string, options: CallOptions): Promise<Result<boolean>>;
  /** Lets a person's roles act again, in every account. */
  lift(id: string, options: CallOptions): Promise<Result<void>>;
  /** What is wrong with each, for `check`. */
  warnings(options: CallOptions): Promise<string[]>;
}

/** One policy, one write at a time. */
interface Line {
  aws: Aws;
  last: Promise<unknown>;
}

/** The policies of the config as it is at each use; writes to one policy go one after the other. */
export function createDenials({context}: Center): Denials {
  const lines = new Map<string, Line>();
  const lineOf = (policy: DenyPolicy): Line => {
    const key = JSON.stringify(policy);
    const line = lines.get(key) ?? {
      aws: createAws({...context, config: () => policy}),
      last: Promise.resolve(),
    };
    lines.set(key, line);
    return line;
  };
  const change = (policy: DenyPolicy, wanted: Change, options: CallOptions): Promise<Result<void>> => {
    const line = lineOf(policy);
    const run = line.last.then(() => changeDenied(line.aws, policy.policyArn, wanted, options));
    line.last = run.catch(() => undefined);
    return run;
  };
  const policies = (): DenyPolicy[] => context.config().denyPolicies;
  /** All are tried; the first that failed is told. */
  const changeAll = async (id: string, until: string | undefined, options: CallOptions) => {
    const wanted = {id, until, today: dayOf(context.now())};
    const changed = await Promise.all(policies().map((policy) => change(policy, wanted, options)));
    return ownFault(changed.find((one) => !one.ok) ?? ok(undefined));
  };
  return {
    lift: (id, options) => changeAll(id, undefined, options),
    deny: (id, options) => changeAll(id, untilOf(context.config(), context.now()), options),
    async isDenied(id, options) {
      for (const policy of policies()) {
        const denied = ownFault(await readDenied(lineOf(policy).aws, policy.policyArn, options));
        if (!denied.ok || !denied.value.has(id)) return denied.ok ? ok(false) : denied;
      }
      return ok(true);
    },
    async warnings(options) {
      const found = policies().map((policy) => warningOf(lineOf(policy).aws, policy, options));
      return (await Promise.all(found)).flatMap((one) => one ?? []);
    },
  };
}

/** The step that ends what runs, in every account that has a policy. */
export const denial = (denials: Denials, remains: (id: string) => string): CutOffStep => ({
  name: 'deny policy',
  async act(id, options) {
    const denied = await denials.deny(id, options);
    return denied.ok ? ok('done') : denied;
  },
  async verify(id, options) {
    const denied = await denials.isDenied(id, options);
    return denied.ok ? ok({ended: denied.value, remains: remains(id)}) : denied;
  },
});

/** The gate is the endpoint's: that IAM does not answer, or refuses, is no word about it. */
function ownFault<T>(answered: Result<T>): Result<T> {
  if (answered.ok || !['unauthorized', 'unavailable', 'throttled'].includes(answered.failure.kind))
    return answered;
  return failed({...answered.failure, kind: 'transient', cause: `deny policy: ${answered.failure.cause}`});
}

const hourMs = 3_600_000;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10).replaceAll('-', '');

/** A portal session that is open gives out roles to its end, and a role lives on from there. */
export const untilOf = (config: IdentityCenterConfig, now: number): string =>
  dayOf(now + ((config.portalSessionHours ?? 90 * 24) + (config.roleSessionHours ?? 12)) * hourMs);

async function warningOf(
  aws: Aws,
  {policyArn}: DenyPolicy,
  options: CallOptions,
): Promise<string | undefined> {
  const told = ({message}: Failure): string => `the deny policy ${policyArn} can not be used: ${message}`;
  const policy = await aws.ask('GetPolicy', options, (iam, passed) =>
    iam.getPolicy({PolicyArn: policyArn}, passed),
  );
  if (!policy.ok) return told(policy.failure);
  const denied = await readDenied(aws, policyArn, options);
  if (!denied.ok) return told(denied.failure);
  return (policy.value.Policy?.AttachmentCount ?? 0) > 0
    ? undefined
    : `the deny policy ${policyArn} is attached to nothing: add it to the permission sets, by its name`;
}
