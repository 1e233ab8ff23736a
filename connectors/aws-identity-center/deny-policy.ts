import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
// One customer managed policy in one account is reached as that account's users are.
import type {Aws} from '../aws-iam/aws.ts';
import {isOverQuota} from '../aws-iam/errors.ts';
import {fromDocument, toDocument, type Denied} from './deny-document.ts';

/** What is to become of one person in the policy: the day to which they are denied, or no more. */
export interface Change {
  id: string;
  until: string | undefined;
  /** Whoever is denied to a day before this one goes. */
  today: string;
}

/** IAM keeps so many versions of a policy, and so many characters of each (IAM and STS quotas). */
const maxVersions = 5;
const maxChars = 6144;
const maxRounds = 5;

interface Versions {
  numbers: number[];
  inForce: number;
}

const numberOf = (version: string | undefined): number => Number(version?.replace(/^v/, '') ?? NaN);

async function versionsOf(aws: Aws, PolicyArn: string, options: CallOptions): Promise<Result<Versions>> {
  const listed = await aws.ask('ListPolicyVersions', options, (iam, passed) =>
    iam.listPolicyVersions({PolicyArn}, passed),
  );
  if (!listed.ok) return listed;
  const rows = listed.value.Versions ?? [];
  return ok({
    numbers: rows.map(({VersionId}) => numberOf(VersionId)).sort((one, other) => one - other),
    inForce: numberOf(rows.find(({IsDefaultVersion}) => IsDefaultVersion)?.VersionId),
  });
}

async function deniedIn(
  aws: Aws,
  PolicyArn: string,
  version: number,
  options: CallOptions,
): Promise<Result<Denied>> {
  const input = {PolicyArn, VersionId: `v${version}`};
  const read = await aws.ask('GetPolicyVersion', options, (iam, passed) =>
    iam.getPolicyVersion(input, passed),
  );
  if (!read.ok) return read;
  const denied = fromDocument(read.value.PolicyVersion?.Document ?? '');
  return denied ? ok(denied) : failed(foreign);
}

const foreign: Failure = {
  kind: 'rejected',
  message: 'the deny policy holds what this program did not write: give it a policy of its own',
  cause: 'deny policy of others',
};

/** Who is denied by the version that is in force. */
export async function readDenied(aws: Aws, arn: string, options: CallOptions): Promise<Result<Denied>> {
  const versions = await versionsOf(aws, arn, options);
  return versions.ok ? deniedIn(aws, arn, versions.value.inForce, options) : versions;
}

/**
 * Makes one change by a new version. IAM has no condition for a write, but numbers its versions: where there is a gap
 * between the newest that was read and the one that was made, others wrote what the new one lacks, and theirs is added.
 */
export async function changeDenied(
  aws: Aws,
  arn: string,
  change: Change,
  options: CallOptions,
): Promise<Result<void>> {
  const versions = await versionsOf(aws, arn, options);
  if (!versions.ok) return versions;
  const read = await deniedIn(aws, arn, versions.value.inForce, options);
  if (!read.ok) return read;
  const base = read.value;
  let {numbers} = versions.value;
  let wanted = applied(base, change);
  if (toDocument(wanted) === toDocument(base)) return ok(undefined);
  for (let round = 0; round < maxRounds; round++) {
    const made = await write(aws, arn, numbers, wanted, options);
    if (!made.ok) return made;
    const newest = numbers.at(-1) ?? 0;
    const between = range(newest + 1, made.value);
    if (between.length === 0) return ok(undefined);
    for (const version of between) {
      const theirs = await deniedIn(aws, arn, version, options);
      if (!theirs.ok) return theirs;
      wanted = applied(merged(wanted, base, theirs.value), change);
    }
    numbers = [...numbers.slice(1 - maxVersions), ...between, made.value];
  }
  return failed(contended);
}

const contended: Failure = {
  kind: 'transient',
  message: 'others write the deny policy at the same time',
  cause: 'deny policy contended',
};

const range = (from: number, to: number): number[] =>
  Array.from({length: Math.max(0, to - from)}, (_, i) => from + i);

function applied(denied: Denied, {id, until, today}: Change): Denied {
  const left = new Map([...denied].filter(([one, day]) => one !== id && day >= today));
  const day = [until, denied.get(id)]
    .filter((one) => one !== undefined)
    .sort()
    .at(-1);
  return until === undefined || day === undefined ? left : left.set(id, day);
}

/** What they added and took off, in ours too. */
function merged(ours: Denied, base: Denied, theirs: Denied): Denied {
  const both = new Map(ours);
  for (const [id, day] of theirs) if (base.get(id) !== day) both.set(id, day);
  for (const id of base.keys()) if (!theirs.has(id)) both.delete(id);
  return both;
}

/** The number of the new version; the oldest that is not in force goes, where there is no room. */
async function write(
  aws: Aws,
  PolicyArn: string,
  numbers: readonly number[],
  denied: Denied,
  options: CallOptions,
): Promise<Result<number>> {
  const PolicyDocument = toDocument(denied);
  if (PolicyDocument.length > maxChars) return failed(full);
  const versions = numbers.length < maxVersions ? undefined : await versionsOf(aws, PolicyArn, options);
  if (versions && !versions.ok) return versions;
  const oldest = versions?.value.numbers.find((one) => one !== versions.value.inForce);
  if (versions && oldest !== undefined && versions.value.numbers.length >= maxVersions) {
    const VersionId = `v${oldest}`;
    const gone = await aws.askIfThere('DeletePolicyVersion', options, (iam, passed) =>
      iam.deletePolicyVersion({PolicyArn, VersionId}, passed),
    );
    if (!gone.ok) return gone;
  }
  const input = {PolicyArn, PolicyDocument, SetAsDefault: true};
  const made = await aws.ask('CreatePolicyVersion', options, (iam, passed) =>
    iam.createPolicyVersion(input, passed),
  );
  if (made.ok) return ok(numberOf(made.value.PolicyVersion?.VersionId));
  // A version too many, then.
  return isOverQuota(made.failure) ? failed(contended) : made;
}

const full: Failure = {
  kind: 'rejected',
  message:
    'the deny policy is full (6,144 characters, about a hundred people at a time): the shorter portalSessionHours and ' +
    'roleSessionHours are, the sooner there is room',
  cause: 'deny policy full',
};
