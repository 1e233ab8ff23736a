import type {Result} from './failure.ts';
import type {Attributes, Remote} from './resource.ts';

/**
 * What a connector gives the engine: a target, SCIM-shaped. Every operation is one attempt at one thing, and an
 * expected failure is a value. A connector does not retry, does not remember, and asks for nothing it was not told to.
 */
export interface TargetPort {
  /** Address, credential, rights: one cheap read. Also the probe that opens a shut gate. */
  check(signal: AbortSignal): Promise<Result<CheckReport>>;
  users: ResourcePort;
  groups: GroupPort;
  /** The steps that end an account's access, in the order that cuts access first. */
  cutOffSteps(mode: CutOffMode): CutOffStep[];
}

export interface CheckReport {
  /** One line for a person: what answered, and as whom. */
  summary: string;
  /** When the credential was made, or ends, in ms since the epoch, where the vendor tells. */
  credentialCreatedAt?: number;
  credentialExpiresAt?: number;
  warnings?: string[];
}

/** `deactivate` keeps the account but nobody can use it; `delete` removes it. */
export type CutOffMode = 'deactivate' | 'delete';

export interface CallOptions {
  signal: AbortSignal;
  /** A cut-off: may use the reserved tenth of the rate budget. */
  urgent?: boolean;
}

/** How to look an existing resource up. The port compares the answer itself, and never trusts the server's filter. */
export interface LookUp {
  by: 'externalId' | 'userName' | 'displayName';
  value: string;
}

export interface ResourcePort {
  /** The one resource that matches exactly; `undefined` when there is none; two or more are a `conflict`. */
  find(lookUp: LookUp, options: CallOptions): Promise<Result<Remote | undefined>>;
  get(id: string, options: CallOptions): Promise<Result<Remote | undefined>>;
  /** `exists` when the target says that a unique value is taken (409 uniqueness). */
  create(attributes: Attributes, options: CallOptions): Promise<Result<Remote | 'exists'>>;
  /**
   * Makes the resource what `desired` says, by a PUT of all or the smallest PATCH.
   * `changed` names the attribute paths that are known to differ; absent when that is not known (then all of them);
   * `current` is what was just read, when it was.
   */
  update(
    id: string,
    update: {desired: Attributes; changed?: readonly string[]; current?: Remote},
    options: CallOptions,
  ): Promise<Result<'updated' | 'missing' | 'exists'>>;
  remove(id: string, options: CallOptions): Promise<Result<'removed' | 'missing'>>;
  /** Every resource, page by page, for comparing. */
  list(options: CallOptions): AsyncIterable<Result<Remote[]>>;
}

/** Remote ids in, one request out. Adding one who is in, or removing one who is not, succeeds. */
export type ChangeMembers = (
  groupId: string,
  change: {add: readonly string[]; remove: readonly string[]},
  options: CallOptions,
) => Promise<Result<'changed' | 'missing'>>;

export interface GroupPort extends ResourcePort {
  /** Most members that one request may add and remove together. */
  membersPerRequest: number;
  changeMembers: ChangeMembers;
  /**
   * Where each member takes reads of its own: reads once what this whole change needs, and gives the `changeMembers` that
   * knows it, for this change alone. Nothing where asking for each member is cheaper.
   */
  prepareMembers?(
    groupId: string,
    change: {add: readonly string[]; remove: readonly string[]},
    options: CallOptions,
  ): Promise<Result<ChangeMembers | 'missing' | undefined>>;
  /** Whether this user is in this group, as the target says; for verification. */
  hasMember(groupId: string, userId: string, options: CallOptions): Promise<Result<boolean>>;
}

/** One step of a cut-off: idempotent, and verified by a read of its own. */
export interface CutOffStep {
  name: string;
  /** `missing`: the account is not there. Of the first step it means that it was gone already, and is forgotten. */
  act(id: string, options: CallOptions): Promise<Result<'done' | 'missing'>>;
  /** Reads back. `ended: false` is a failure of the step; `remains` names access that no call can end, and until when. */
  verify(id: string, options: CallOptions): Promise<Result<{ended: boolean; remains?: string}>>;
}
