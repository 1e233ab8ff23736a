import type {JsonObject} from '../../../src/core/json.ts';

/** A SCIM identity, and whose account it is linked with. */
export interface Identity {
  id: string;
  resource: JsonObject;
  login?: string;
  /** What the identity provider called its owner at the sign-in. */
  nameId?: string;
  /** It came of a sign-in alone: SCIM does not show it. */
  isSamlAlone?: true;
}

export interface Team {
  id: number;
  name: string;
  slug: string;
  type: 'organization' | 'enterprise';
  /** Login, in lower case: role. */
  members: Map<string, 'member' | 'maintainer'>;
  /** The identity provider fills it: nobody else may. */
  isSynced: boolean;
  /** Id of the team that it is below. */
  parent?: number;
  /** Number of the external group that it is linked with. */
  group?: number;
}

export interface Invitation {
  email: string;
  /** Of an account that was invited by its name. */
  login?: string;
  /** In ms; absent: long ago. */
  createdAt?: number;
}

export interface Authorization {
  credential_id: number;
  login: string;
  credential_type: string;
}

export interface Organization {
  name: string;
  id: number;
  identities: Map<string, Identity>;
  /** Logins in lower case. */
  members: Set<string>;
  /** Logins in lower case of who is in single repositories and no member. */
  outsiders: Set<string>;
  /** Login in lower case: slugs of enterprise teams that make it a member too. */
  indirect: Map<string, string[]>;
  invitations: Map<number, Invitation>;
  teams: Map<number, Team>;
  authorizations: Authorization[];
  personalTokens: {id: number; login: string}[];
  hasSaml: boolean;
}

export interface Group {
  id: string;
  /** By which organizations know it. */
  number: number;
  resource: JsonObject;
  members: Set<string>;
  /** When members came, in ms. */
  cameAt: number[];
}

export interface EnterpriseState {
  name: string;
  identities: Map<string, Identity>;
  groups: Map<string, Group>;
  /** Logins in lower case of accounts whose tokens and keys are not destroyed. */
  withCredentials: Set<string>;
  /** When users were made, in ms. */
  madeAt: number[];
  /** Revocations that wait for the background job. */
  queued: {login: string; destroys: boolean}[];
  provider: 'saml' | 'oidc';
}

export interface Store {
  organizations: Organization[];
  enterprise: EnterpriseState;
  now: () => number;
}

let serial = 1000;
export const newNumber = (): number => ++serial;

export const newOrganization = (name: string): Organization => ({
  name,
  id: newNumber(),
  identities: new Map(),
  members: new Set(),
  outsiders: new Set(),
  indirect: new Map(),
  invitations: new Map(),
  teams: new Map(),
  authorizations: [],
  personalTokens: [],
  hasSaml: true,
});

export const newStore = (now: () => number): Store => ({
  organizations: [newOrganization('acme'), newOrganization('acme-dev')],
  enterprise: {
    name: 'acme-inc',
    identities: new Map(),
    groups: new Map(),
    withCredentials: new Set(),
    madeAt: [],
    queued: [],
    provider: 'saml',
  },
  now,
});

/** Runs what GitHub has queued. */
export function runQueue({enterprise, organizations}: Store): void {
  for (const {login, destroys} of enterprise.queued.splice(0)) {
    const isOther = (row: {login: string}): boolean => row.login.toLowerCase() !== login.toLowerCase();
    for (const organization of organizations)
      organization.authorizations = organization.authorizations.filter(isOther);
    if (destroys) enterprise.withCredentials.delete(login.toLowerCase());
  }
}
