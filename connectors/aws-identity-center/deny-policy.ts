import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
// One customer managed policy in one account is reached as that account's users are.
import type {Aws} from '../aws-iam/aws.ts';
import {isOverQuota} from '../aws-iam/errors.ts';
import {fromDocument, toDocument, type Denied, type Written} from './deny-document.ts';

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

async function writtenIn(
  aws: Aws,
  PolicyArn: string,
  version: number,
  options: CallOptions,
): Promise<Result<Written>> {
  const input = {PolicyArn, VersionId: `v${version}`};
  const read = await aws.askIfThere('GetPolicyVersion', options, (iam, passed) =>
    iam.getPolicyVersion(input, passed),
  );
  if (!read.ok) return read;
  // It was in the list: somebody has deleted it since, or IAM does not show it everywhere yet.
  if (read.value === undefined) return failed(contended);
  const written = fromDocument(read.value.PolicyVersion?.Document ?? '');
  return written ? ok(written) : failed(foreign);
}

const foreign: Failure = {
  kind: 'rejected',
  message: 'the deny policy holds what this program did not write: give it a policy of its own',
  cause: 'deny policy of others',
};

/** Who is denied by the version that is in force. */
export async function readDenied(aws: Aws, arn: string, options: CallOptions): Promise<Result<Denied>> {
  const versions = await versionsOf(aws, arn, options);
  if (!versions.ok) return versions;
  const written = await writtenIn(aws, arn, versions.value.inForce, options);
  return written.ok ? ok(written.value.denied) : written;
}

/** The policy as it is, and as it should be after all that was written to it. */
interface Standing {
  numbers: number[];
  inForce: Denied;
  together: Denied;
}

/**
 * IAM has no condition for a write, but numbers the versions: those between the newest that the writer of the one in force
 * had read and its own were written by others at the same time, and what they say is added. Whoever reads does so: the writer
 * itself may have been stopped before it could.
 */
async function readStanding(aws: Aws, arn: string, options: CallOptions): Promise<Result<Standing>> {
  const versions = await versionsOf(aws, arn, options);
  if (!versions.ok) return versions;
  const {numbers, inForce} = versions.value;
  const written = await writtenIn(aws, arn, inForce, options);
  if (!written.ok) return written;
  const {denied, after = inForce} = written.value;
  const missed = numbers.filter((number) => number > after && number < inForce);
  const base =
    missed.length > 0 && numbers.includes(after)
      ? await writtenIn(aws, arn, after, options)
      : ok({denied: new Map<string, string>()});
  if (!base.ok) return base;
  let together = denied;
  for (const number of missed) {
    const theirs = await writtenIn(aws, arn, number, options);
    if (!theirs.ok) return theirs;
    together = merged(together, base.value.denied, theirs.value.denied);
  }
  return ok({numbers, inForce: denied, together});
}

/** Makes one change by a new version, and another one while others write at the same time. */
export async function changeDenied(
  aws: Aws,
  arn: string,
  change: Change,
  options: CallOptions,
): Promise<Result<void>> {
  for (let round = 0; round < maxRounds; round++) {
    const read = await readStanding(aws, arn, options);
    if (!read.ok) return read;
    const {numbers, inForce, together} = read.value;
    const after = numbers.at(-1) ?? 0;
    const wanted = applied(together, change);
    const fits = toDocument({denied: wanted, after}).length <= maxChars;
    // Also where there is no room for this one: what others have written may not be lost by it.
    const next = fits ? wanted : together;
    const made = isSame(next, inForce) ? ok(after + 1) : await write(aws, arn, numbers, next, options);
    if (!made.ok) return made;
    if (made.value === after + 1) return fits ? ok(undefined) : failed(full);
  }
  return failed(contended);
}

const contended: Failure = {
  kind: 'transient',
  message: 'others write the deny policy at the same time',
  cause: 'deny policy contended',
};

const isSame = (one: Denied, other: Denied): boolean =>
  one.size === other.size && [...one].every(([id, day]) => other.get(id) === day);

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

/**
 * The number of the new version. Where there is no room the oldest goes that is not in force, and none that was not read:
 * what it says may be nowhere else.
 */
async function write(
  aws: Aws,
  PolicyArn: string,
  read: readonly number[],
  denied: Denied,
  options: CallOptions,
): Promise<Result<number>> {
  const versions = read.length < maxVersions ? undefined : await versionsOf(aws, PolicyArn, options);
  if (versions && !versions.ok) return versions;
  if (versions && versions.value.numbers.length >= maxVersions) {
    const {numbers, inForce} = versions.value;
    const oldest = numbers.find((one) => one !== inForce && read.includes(one));
    if (oldest === undefined) return failed(contended);
    const VersionId = `v${oldest}`;
    const gone = await aws.askIfThere('DeletePolicyVersion', options, (iam, passed) =>
      iam.deletePolicyVersion({PolicyArn, VersionId}, passed),
    );
    if (!gone.ok) return gone;
  }
  const PolicyDocument = toDocument({denied, after: read.at(-1) ?? 0});
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
