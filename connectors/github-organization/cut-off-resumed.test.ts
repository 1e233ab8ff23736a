import {afterEach, beforeEach, describe, expect, test} from '@jest/globals';
import {cutOff} from '../../src/core/engine/cut-off.ts';
import {refused} from '../github/testing/graphql.ts';
import {secondaryLimit} from '../github/testing/replies.ts';
import {openRig, options, person, remote, value, withApp, type Rig} from '../github/testing/rig.ts';
import {newNumber, type Organization} from '../github/testing/store.ts';
import {githubOrganization} from './index.ts';

let rig: Rig;
let acme: Organization;
beforeEach(async () => {
  rig = await openRig(githubOrganization, {organization: 'acme'});
  const [first] = rig.double.store.organizations;
  if (!first) throw new Error('there is no organization');
  acme = first;
});
afterEach(async () => {
  await rig.close();
  expect(rig.double.faults).toEqual([]);
});

let people = 0;
const run = (id: string) => cutOff(rig.port.cutOffSteps('deactivate'), id, options, () => rig.clock.now);

/** Nothing of a leaver is there any more. */
function expectGone({id, login}: {id: string; login: string}): void {
  expect(acme.members.has(login)).toBe(false);
  expect(acme.authorizations.filter((row) => row.login === login)).toEqual([]);
  expect(acme.personalTokens.filter((row) => row.login === login)).toEqual([]);
  expect(acme.identities.has(id)).toBe(false);
}

async function newLeaver(): Promise<{id: string; login: string}> {
  const {id} = remote(value(await rig.port.users.create(person(`p${++people}`), options)));
  const login = acme.identities.get(id)?.login ?? '';
  for (let i = 0; i < 2; i++) {
    acme.authorizations.push({credential_id: newNumber(), login, credential_type: 'SSH key'});
    acme.personalTokens.push({id: newNumber(), login});
  }
  return {id, login};
}

const withBoth = async (): Promise<void> =>
  rig.configure({auth: {token: 'ghp_contract-of-an-owner', app: await withApp(rig.double)}});

test('a passing failure, at whichever request, leaves nothing behind once it is run again', async () => {
  rig.double.rules.leavesMembership = true;
  await withBoth();
  let asked = 0;
  for (let failing = 0; failing <= asked; failing++) {
    const leaver = await newLeaver();
    asked = 0;
    let failures = 0;
    rig.double.instead = () => {
      if (asked++ !== failing) return undefined;
      failures += 1;
      return secondaryLimit();
    };
    const first = await run(leaver.id);
    expect(first.receipt.complete).toBe(failures === 0);
    const again = first.failure ? await run(leaver.id) : first;
    rig.double.instead = () => undefined;
    expect(again.receipt.complete).toBe(true);
    expectGone(leaver);
  }
});

test('a limit on writes is waited out, and the receipt is complete only then', async () => {
  rig.double.rules.writesAMinute = 3;
  await withBoth();
  const leaver = await newLeaver();
  rig.clock.now += 60_000;
  const waits: unknown[] = [];
  for (;;) {
    const {receipt, failure} = await run(leaver.id);
    if (receipt.complete) break;
    waits.push(failure);
    rig.clock.now += 60_000;
  }
  expect(waits.length).toBeGreaterThan(0);
  for (const wait of waits) expect(wait).toMatchObject({kind: 'throttled', retryAfterMs: 60_000});
  expectGone(leaver);
});

describe('an identity that is gone', () => {
  test('from the start: the receipt says that nothing of the account was read', async () => {
    const {id} = await newLeaver();
    value(await rig.port.users.remove(id, options));
    const {receipt} = await run(id);
    expect(receipt).toMatchObject({complete: true, missing: true});
    expect(receipt.steps[0]?.remains).toMatch(/membership.*could not be read/);
    expect(receipt.steps[1]?.remains).toContain('could not be asked');
  });

  test('never before the other steps have ended', async () => {
    const {id} = await newLeaver();
    const steps = rig.port.cutOffSteps('deactivate');
    expect(steps.at(-1)?.name).toBe('identity');
    expect(await steps.at(-1)?.act(id, options)).toMatchObject({failure: {cause: 'identity kept'}});
    expect(acme.identities.has(id)).toBe(true);
  });

  test('only seemingly, as the organization has another name: nobody is cut off', async () => {
    const {id, login} = await newLeaver();
    acme.name = 'acme-renamed';
    const {receipt, failure} = await run(id);
    expect(receipt).toMatchObject({complete: false, steps: []});
    expect(failure).toMatchObject({kind: 'unavailable', cause: '404 nothing there'});
    expect(acme.members.has(login)).toBe(true);
  });
});

describe('whose account it is', () => {
  test('can not be asked: the cut-off stays open, and what knows it is kept', async () => {
    rig.double.rules.leavesMembership = true;
    const leaver = await newLeaver();
    rig.double.instead = (operation) =>
      operation === 'graphql'
        ? refused({message: 'Something went wrong while executing your query.'})
        : undefined;
    const {receipt, failure} = await run(leaver.id);
    expect(receipt).toMatchObject({complete: false, steps: []});
    expect(failure).toMatchObject({kind: 'transient', cause: 'graphql error'});
    const [membership] = rig.port.cutOffSteps('deactivate');
    expect(await membership?.verify(leaver.id, options)).toMatchObject({failure: {cause: 'graphql error'}});
    expect(acme.identities.has(leaver.id)).toBe(true);
    rig.double.instead = () => undefined;
    expect((await run(leaver.id)).receipt).toMatchObject({complete: true, missing: false});
    expect(acme.members.has(leaver.login)).toBe(false);
  });

  test('is told no more once it has left: what was authorized was not asked', async () => {
    rig.double.rules.leavingUnlinks = true;
    const {id, login} = await newLeaver();
    let fails = true;
    rig.double.instead = (operation) => {
      if (!fails || operation !== 'orgs/list-saml-sso-authorizations') return undefined;
      return secondaryLimit();
    };
    expect((await run(id)).receipt.complete).toBe(false);
    fails = false;
    const {receipt} = await run(id);
    expect(receipt.complete).toBe(true);
    expect(receipt.steps[1]?.remains).toMatch(/no account/);
    expect(acme.members.has(login)).toBe(false);
  });

  test('is in no list: SCIM ends what it can, and the cut-off stays open', async () => {
    const {id, login} = await newLeaver();
    const empty = {externalIdentities: {nodes: [], pageInfo: {hasNextPage: false, endCursor: null}}};
    rig.double.instead = (operation) =>
      operation === 'graphql'
        ? {status: 200, body: {data: {organization: {samlIdentityProvider: empty}}}}
        : undefined;
    const {receipt, failure} = await run(id);
    expect(receipt.complete).toBe(false);
    expect(failure).toMatchObject({kind: 'rejected', cause: 'identity not shown'});
    expect(acme.members.has(login)).toBe(false);
  });
});
