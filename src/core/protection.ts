import {mapUser} from './mapping.ts';
import type {Attributes, Remote} from './resource.ts';
import {ownAttribute} from './scope-attributes.ts';
import {compileScope, type Scope} from './scope.ts';
import type {User} from './event.ts';
import type {Statement} from './statement.ts';

/** Accounts of one target that are never changed, as the config names them. */
export interface ProtectionSettings {
  /** Subject ids, user names and account ids. */
  names: readonly string[];
  /** SCIM filters over users: one that matches is enough. */
  filters: readonly string[];
  /** Ids of groups whose members are protected. */
  groups: readonly string[];
}

/** The rules, compiled. Each question answers with the rule that protects, in words, or `undefined`. */
export interface Protection {
  /** As the config has them: who is protected by subject id, account id or group is decided where state is. */
  names: readonly string[];
  groups: readonly string[];
  /** By user name or filter, from what an event says; `mapped` is what the target would be told. */
  ofStatement(statement: Statement, mapped?: Attributes): string | undefined;
  /** By any name or filter, from the account itself. */
  ofAccount(account: Remote): string | undefined;
  /** Whether an account has to be read to know, before each change: an event may rename one that is protected by its user name. */
  readsAccounts: boolean;
}

/** Compiles one target's `protected`. Throws for a filter that the config's check would have refused. */
export function createProtection({names, filters, groups}: ProtectionSettings): Protection {
  const exact = new Set(names);
  // User names are compared without regard to case (RFC 7643 section 4.1.1).
  const userNames = new Set(names.map((name) => name.toLowerCase()));
  const compiled = filters.map((filter) => ({filter, ...compile(filter)}));
  const paths = compiled.flatMap((one) => one.paths);
  const ofName = ({userName}: Attributes): string | undefined =>
    typeof userName === 'string' && userNames.has(userName.toLowerCase())
      ? `the name ${userName}`
      : undefined;
  const ofUser = (attributes: Attributes): string | undefined => {
    const named = ofName(attributes);
    if (named !== undefined) return named;
    const found = compiled.find(({holds}) => holds(attributes) === true);
    return found && `the filter ${found.filter}`;
  };
  return {
    names,
    groups,
    ofStatement(statement, mapped = {}) {
      if (statement.kind !== 'user' || (names.length === 0 && filters.length === 0)) return undefined;
      return ofUser(said(statement.user, paths)) ?? ofName(mapped);
    },
    ofAccount: ({id, attributes}) => (exact.has(id) ? `the name ${id}` : ofUser(whole(attributes, paths))),
    readsAccounts: names.length > 0 || filters.length > 0,
  };
}

/** What an event says, with those of its own attributes that a filter asks for. */
function said(user: User, paths: readonly string[]): Attributes {
  const own = user.attributes ?? {};
  const asked = paths.flatMap((path) => {
    const name = ownAttribute(path);
    return name !== undefined && Object.hasOwn(own, name) ? [[path, own[name] ?? null] as const] : [];
  });
  return {...mapUser(user).attributes, ...Object.fromEntries(asked)};
}

/** What an account does not have is known: nothing. */
const whole = (attributes: Attributes, paths: readonly string[]): Attributes => ({
  ...Object.fromEntries(paths.map((path) => [path, null])),
  ...attributes,
});

function compile(filter: string): Scope {
  const compiled = compileScope(filter);
  if (!compiled.ok) throw new Error(compiled.failure.message);
  return compiled.value;
}
