import {stringify} from 'yaml';
import type {VendorKind} from '../../test/doubles/vendors/vendor.ts';
import type {TargetName} from './calendar.ts';

export interface Settings {
  brokers: readonly string[];
  registryUrl: string;
  redisUrl: string;
  /** Name of the topic, and prefix of everything else that carries a name of this run. */
  run: string;
  topic: string;
  adminPort: number;
  auditFile: string;
  targets: Record<TargetName, {url: string; tokenFile: string}>;
  /** The `config` of each vendor's target. */
  vendors: Partial<Record<VendorKind, object>>;
}

/** IAM takes no blank in a group's name: those groups are not for it. */
const scopes: Partial<Record<VendorKind, object>> = {'aws-iam': {groups: 'not (displayName co " ")'}};

/**
 * The demo's config file. Delays are those of a demo: a target that comes back is noticed within a second, where a real
 * one is asked once a minute.
 */
export function configText(settings: Settings): string {
  const {brokers, registryUrl, redisUrl, run, topic, adminPort, auditFile, targets, vendors} = settings;
  const target = (name: TargetName): object => ({
    connector: 'scim',
    config: {baseUrl: targets[name].url, auth: {bearer: `\${file:${targets[name].tokenFile}}`}},
  });
  return stringify({
    kafka: {brokers, clientId: run, groupPrefix: run, topics: [topic]},
    registry: {url: registryUrl},
    redis: {url: redisUrl, prefix: run},
    admin: {port: adminPort},
    audit: {file: auditFile},
    retry: {baseDelayMs: 200, maxDelayMs: 1000},
    gate: {failures: 5, probeBaseDelayMs: 200, probeMaxDelayMs: 1000},
    targets: {wiki: target('wiki'), helpdesk: target('helpdesk'), ...vendorTargets(vendors)},
  });
}

/** As `wiki`, and as fast as a double answers: what a vendor allows in a minute would make a demo of hours. */
const vendorTargets = (vendors: Settings['vendors']): Record<string, object> =>
  Object.fromEntries(
    Object.entries(vendors).map(([kind, config]) => {
      const scope = scopes[kind as VendorKind];
      return [
        kind,
        {connector: kind, config, rate: {requests: 1000, perSeconds: 1}, ...(scope ? {scope} : {})},
      ];
    }),
  );
