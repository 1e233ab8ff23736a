import type {Cluster, Redis} from 'ioredis';
import type {LoadedConfig} from '../config/load.ts';
import type {TargetConfig} from '../config/schema.ts';
import {createTenantNote} from '../stages/layout/tenant.ts';
import {connectorOf} from './connector-of.ts';

interface Asked {
  redis: Redis | Cluster;
  loaded: LoadedConfig;
  /** Reads alone: a tenant that is new is not noted. */
  readsOnly?: boolean;
}

/**
 * Which of these targets the config points at another tenant than the one that their data is about, with what to do, by name.
 * There nothing of it holds: who is unchanged would not be made, and a leaver would be found to have no account. Rejects when Redis fails.
 */
export async function pointedElsewhere(
  asked: Asked,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    names.map(async (name): Promise<[string, string][]> => {
      const target = asked.loaded.config.targets[name];
      const objection = target && (await objectionTo(asked, target));
      return objection === undefined ? [] : [[name, objection]];
    }),
  );
  return new Map(found.flat());
}

async function objectionTo(
  {redis, loaded, readsOnly = false}: Asked,
  target: TargetConfig,
): Promise<string | undefined> {
  const {name} = target;
  const [tenant, movedFrom] = [
    connectorOf(target, loaded).manifest.tenantOf?.(target.config),
    target.movedFrom,
  ].map(spelled);
  if (tenant === undefined) return undefined;
  const note = createTenantNote({redis, prefix: loaded.config.redis.prefix, target: name});
  const found = readsOnly ? await note.read() : await note.note(tenant, movedFrom);
  if (found === undefined || found === tenant || found === movedFrom) return undefined;
  return (
    `what is known of target ${name} is about the accounts at ${found}, and the config points it at ${tenant}: ` +
    'give another tenant a target of another name, which begins anew; ' +
    `where it is the same tenant at a new address, say movedFrom: ${found}`
  );
}

/** Two spellings of one address are one tenant. */
const spelled = (tenant: string | undefined): string | undefined =>
  tenant === undefined ? undefined : (URL.parse(tenant)?.href.replace(/\/+$/, '') ?? tenant);
