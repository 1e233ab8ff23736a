import type {JsonObject} from '../../../src/core/json.ts';
import type {Reply} from './replies.ts';
import type {Store} from './store.ts';

/** How this GitHub is, within what the documentation allows. */
export interface Rules {
  /** Most rows in a page. */
  pageSize: number;
  /** Users that may be made in an hour, and members that may come into one group. */
  usersAnHour: number;
  /** Whether a filter in the path of a group's members works; of users' paths the documentation says that it does not. */
  memberFilters: 'work' | 'ignored';
  /** What is answered to the removal of a member who is not in: RFC 7644 section 3.5.2.2 leaves it open. */
  absentMembers: 'ignored' | 'noTarget';
  /** Whether a background job has run by the next request. */
  jobs: 'at once' | 'late';
  /** Whether who is invited accepts, with an account named after them. */
  invitations: 'accepted at once' | 'pending';
  /** Whether SCIM removes the membership of an identity, or leaves it behind. */
  leavesMembership: boolean;
  /** Whether an identity loses its link with the account that leaves the organization. */
  leavingUnlinks: boolean;
  /** Most writes a minute ("no more than 80 content-generating requests per minute"). */
  writesAMinute: number;
  /** Least time between two writes ("wait at least one second between each request"), in ms. */
  writeGapMs: number;
}

/** One request that the document knows. */
export interface Asked {
  store: Store;
  rules: Rules;
  operation: string;
  /** Decoded parts of the path. */
  path: readonly string[];
  query: URLSearchParams;
  body: JsonObject;
  /** The document's example of an answer with this over it. */
  like(status: number, known: JsonObject): JsonObject;
  /** Rows as one page, with the link to the next. */
  rows(all: readonly JsonObject[], under?: string): Reply;
}

export type Handler = (asked: Asked) => Reply;
