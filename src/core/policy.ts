import {hash} from 'node:crypto';
import type {Connector} from './connector.ts';
import {compileChecked} from './expression.ts';
import type {GroupRules} from './plan-groups.ts';
import type {AttributeRule, Policy} from './plan.ts';
import {ownAttribute} from './scope-attributes.ts';
import {compileScope, type Scope} from './scope.ts';

/** Changes when the default mapping's code does: every account is then written again, once. */
const mappingCode = '1';

const everyone: Scope = {holds: () => true, paths: [], parts: []};

function compile(filter: string | undefined): Scope {
  if (filter === undefined) return everyone;
  const compiled = compileScope(filter);
  // The config's own check has refused a filter that does not compile.
  if (!compiled.ok) throw new Error(compiled.failure.message);
  return compiled.value;
}

/** What a target's config says of how it takes events. */
export interface PolicySettings {
  scope: {users?: string | undefined; groups?: string | undefined};
  attributes: Readonly<Record<string, AttributeRule>>;
  hasNoGroups?: boolean;
  groups?: Pick<GroupRules, 'create' | 'map'> & {name?: {expression: string} | undefined};
}

/** The policy of a target that has groups or none as its connector does, by its own config. Throws as `createPolicy`. */
export const policyOf = (
  {manifest}: Connector,
  target: Omit<PolicySettings, 'hasNoGroups'> & {config?: unknown},
): Policy =>
  createPolicy({
    ...target,
    hasNoGroups: !(manifest.hasGroups?.(target.config) ?? manifest.capabilities.groups),
  });

/** Compiles a target's scope and mapping once. Throws for a filter or an expression that the config's check would have refused. */
export function createPolicy(settings: PolicySettings): Policy {
  const users = compile(settings.scope.users);
  const asked = [
    ...users.paths,
    ...Object.values(settings.attributes).flatMap((rule) => ('from' in rule ? [rule.from] : [])),
  ];
  return {
    mappingVersion: hash('sha256', JSON.stringify([mappingCode, settings.attributes])).slice(0, 16),
    rules: settings.attributes,
    expressions: Object.entries(settings.attributes).flatMap(([path, rule]) =>
      'expression' in rule ? [{path, expression: compileChecked(rule.expression)}] : [],
    ),
    own: [...new Set(asked.flatMap((path) => ownAttribute(path) ?? []))],
    users,
    groups: compile(settings.scope.groups),
    ...(settings.hasNoGroups ? {hasNoGroups: true} : {}),
    groupRules: {
      create: settings.groups?.create ?? true,
      map: settings.groups?.map ?? {},
      ...(settings.groups?.name ? {name: compileChecked(settings.groups.name.expression)} : {}),
    },
  };
}
