import {afterEach, describe, expect, test} from '@jest/globals';
import {readdirSync} from 'node:fs';
import {cutOff} from '../../src/core/engine/cut-off.ts';
import {createSender, type Sender} from '../../src/http.ts';
import type {TargetPort} from '../../src/core/port.ts';
import {options, remote, value} from '../testing/contract/bench.ts';
import {scim} from './index.ts';
import {configSchema, manifest} from './manifest.ts';
import {profileNames, profileOf} from './profile.ts';
import {startVendor, type Rules, type Vendor} from './testing/vendor.ts';

let vendor: Vendor;
let sender: Sender;

afterEach(async () => {
  await sender.close();
  await vendor.close();
});

const silent = (): void => undefined;
const log = {debug: silent, info: silent, warn: silent, error: silent};

async function connect(profile: string, rules: Rules): Promise<TargetPort> {
  vendor = await startVendor(rules);
  sender = createSender({
    target: profile,
    connections: 4,
    deadlineMs: 5000,
    maxAnswerBytes: 1_000_000,
    now: Date.now,
  });
  const config = configSchema.parse({baseUrl: vendor.url, auth: {bearer: crypto.randomUUID()}, profile});
  return scim.create({target: profile, config: () => config, send: sender.send, log, now: Date.now});
}

/** The rules that each vendor's documents give it; none: it keeps to the RFCs. */
const vendors: Record<string, Rules> = {
  atlassian: {},
  canva: {keepsUsers: true},
  datadog: {},
  deel: {hasNoGroups: true},
  gitlab: {
    idIsExternal: true,
    deactivationDeletes: true,
    updatesActiveAlone: true,
    hasNoGroups: true,
    capitalized: true,
  },
  'google-cloud-identity': {hasNoPages: true},
  pagerduty: {deactivationDeletes: true},
  salesforce: {keepsUsers: true, nestedMembers: true},
  sentry: {deactivationDeletes: true, updatesActiveAlone: true, refusesActivation: true},
  slack: {},
  zoom: {accept: 'application/scim+json'},
  zscaler: {},
};

const ada = {userName: 'ada@example.com', externalId: 'u1', active: true, displayName: 'Ada', title: null};

describe.each(Object.entries(vendors))('the profile %s at a service with its rules', (profile, rules) => {
  test('joins, is found, moves, leaves whatever onLeave says, and comes back', async () => {
    const port = await connect(profile, rules);
    const {users} = port;
    const {id} = remote(value(await users.create(ada, options())));
    expect(value(await users.find({by: 'externalId', value: 'u1'}, options()))?.id).toBe(id);
    expect(value(await users.find({by: 'externalId', value: 'u2'}, options()))).toBeUndefined();

    const moved = {desired: {...ada, title: 'Countess'}, changed: ['title']};
    expect(value(await users.update(id, moved, options()))).toBe('updated');
    expect(vendor.users.get(id)?.['title']).toBe(rules.updatesActiveAlone ? undefined : 'Countess');

    const {receipt} = await cutOff(port.cutOffSteps('delete'), id, options(), Date.now);
    expect(receipt.complete).toBe(true);
    const left = vendor.users.get(id);
    expect(left === undefined || left['active'] === false).toBe(true);
    expect(left !== undefined).toBe(Boolean(rules.keepsUsers));
    if (!left) expect(remote(value(await users.create(ada, options()))).attributes['active']).toBe(true);
  });

  test('one of whom nothing is known any more is told again, and one who is gone is missing', async () => {
    const {users} = await connect(profile, rules);
    const {id} = remote(value(await users.create(ada, options())));
    expect(value(await users.update(id, {desired: ada}, options()))).toBe('updated');
    vendor.users.delete(id);
    expect(value(await users.update(id, {desired: ada}, options()))).toBe('missing');
  });

  test('groups and their members, where it has them', async () => {
    const {groups} = await connect(profile, rules);
    const config = configSchema.parse({baseUrl: vendor.url, auth: {bearer: 'b'}, profile});
    expect(manifest.hasGroups?.(config)).toBe(!rules.hasNoGroups);
    if (rules.hasNoGroups) return;
    const {id} = remote(value(await groups.create({displayName: 'staff'}, options())));
    const change = async (add: string[], remove: string[]): Promise<unknown> => {
      expect(value(await groups.changeMembers(id, {add, remove}, options()))).toBe('changed');
      return vendor.groups.get(id)?.['members'];
    };
    expect(await change(['a', 'b'], [])).toEqual([{value: 'a'}, {value: 'b'}]);
    if (rules.nestedMembers) expect(await change([], ['a'])).toEqual([{value: 'b'}]);
  });

  test('the list holds everybody once', async () => {
    const {users} = await connect(profile, rules);
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names)
      value(await users.create({...ada, userName: name, externalId: name}, options()));
    const found: unknown[] = [];
    for await (const page of users.list(options()))
      found.push(...value(page).map(({attributes}) => attributes['userName']));
    expect(found).toEqual(names);
  });
});

describe('the files', () => {
  test('each is a profile by its own name, says what is special and where that stands', async () => {
    await connect('generic', {});
    const files = readdirSync(new URL('./profiles', import.meta.url)).map((name) =>
      name.replace('.json', ''),
    );
    expect([...profileNames].sort()).toEqual(files.sort());
    for (const name of profileNames) {
      const {about, sources} = profileOf(name);
      expect([name, about?.length ?? 0, sources.length]).toEqual([
        name,
        expect.any(Number),
        expect.any(Number),
      ]);
      expect(about ?? '').not.toBe('');
      expect(sources).not.toEqual([]);
    }
    expect(Object.keys(vendors)).toEqual(profileNames.filter((name) => !['generic', 'put'].includes(name)));
  });
});
