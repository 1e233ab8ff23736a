/** The connectors whose vendors have a double here; each is its own kind. */
export const vendorKinds = [
  'okta',
  'github-organization',
  'github-enterprise',
  'aws-identity-center',
  'aws-iam',
] as const;
export type VendorKind = (typeof vendorKinds)[number];

/** What a vendor's double holds, in the events' own terms. */
export interface VendorState {
  /** By the subject's id: whether the account can be used. Accounts that no event made are not here. */
  people: Record<string, boolean>;
  /** By name: the subjects' ids, in order. */
  groups: Record<string, string[]>;
  /** Requests so far. */
  requests: number;
}

export interface Vendor {
  kind: VendorKind;
  url: string;
  /** The target's settings that lead there, the credential left out. */
  settings: Record<string, unknown>;
  /** Where the credential goes in these settings: `auth.token`; absent where it is taken from the environment. */
  credentialAt?: string;
  state(): VendorState;
  /** Each answer takes so long, in ms. */
  delay(ms: number): void;
  /** Has this person leave behind what the vendor lets people have: sessions, tokens, keys. */
  use(subject: string): void;
  close(): Promise<void>;
}

export type OpenVendor = (credential: string, port: number) => Promise<Vendor>;

/** What of a group's members are people of the events, by subject. */
export const subjectsOf = (ids: Iterable<string>, subjects: ReadonlyMap<string, string>): string[] =>
  [...ids].flatMap((id) => subjects.get(id) ?? []).sort();

/** A stored value as text; what is none is empty. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
