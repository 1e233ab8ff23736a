import {describe, expect, jest, test} from '@jest/globals';
import {failed, ok, type Failure, type Result} from '../failure.ts';
import type {CallOptions, CutOffStep, LookUp, ResourcePort} from '../port.ts';
import type {Remote} from '../resource.ts';
import {cutOff, readBack} from './cut-off.ts';
import {upsert, type Upsert} from './upsert.ts';

const options: CallOptions = {signal: new AbortController().signal};
const desired = {userName: 'ada'};
const rejected: Failure = {kind: 'rejected', message: 'no', cause: '400'};
const lookUps: LookUp[] = [{by: 'externalId', value: 'u1'}];

function task(port: Partial<ResourcePort>, more: Partial<Upsert> = {}): Upsert {
  const unasked = (name: string) => () => Promise.reject(new Error(`${name} was not expected`));
  const whole = {
    find: unasked('find'),
    create: unasked('create'),
    update: unasked('update'),
    ...port,
  } as ResourcePort;
  return {
    port: whole,
    desired,
    doubt: false,
    lookUps,
    adopt: () => Promise.resolve(ok(undefined)),
    options,
    ...more,
  };
}
const answers =
  <T>(value: T) =>
  () =>
    Promise.resolve(ok(value));
const remote: Remote = {id: 'r1', attributes: {userName: 'ada'}};

describe('upsert', () => {
  test('creates what is not known, in one request', async () => {
    expect(await upsert(task({create: answers(remote)}))).toEqual(ok({remoteId: 'r1', did: 'created'}));
  });

  test('only a create writes what is for a new account alone', async () => {
    const onCreate = {nickName: 'Ada'};
    const create = jest.fn<ResourcePort['create']>().mockResolvedValue(ok('exists'));
    const update = jest.fn<ResourcePort['update']>().mockResolvedValue(ok('updated'));
    const port = {create, find: answers<Remote | undefined>(remote), update};
    await upsert(task(port, {onCreate}));
    expect(create.mock.calls[0]?.[0]).toEqual({...desired, ...onCreate});
    expect(update.mock.calls[0]?.[1]).toEqual({desired, current: remote});
  });

  test('updates what is known, with the paths that changed', async () => {
    const update = jest.fn<ResourcePort['update']>().mockResolvedValue(ok('updated'));
    expect(await upsert(task({update}, {remoteId: 'r1', changed: ['title']}))).toEqual(
      ok({remoteId: 'r1', did: 'updated'}),
    );
    expect(update.mock.calls[0]?.[1]).toEqual({desired, changed: ['title']});
  });

  test('creates again what the target has lost', async () => {
    const port = {update: answers('missing' as const), create: answers(remote)};
    expect(await upsert(task(port, {remoteId: 'gone'}))).toEqual(ok({remoteId: 'r1', did: 'created'}));
  });

  test('a name that is taken is looked up, adopted and updated from what was read', async () => {
    const update = jest.fn<ResourcePort['update']>().mockResolvedValue(ok('updated'));
    const port = {create: answers('exists' as const), find: answers<Remote | undefined>(remote), update};
    expect(await upsert(task(port))).toEqual(ok({remoteId: 'r1', did: 'adopted'}));
    expect(update.mock.calls[0]?.[1]).toEqual({desired, current: remote});
  });

  test("an account of another subject's is left alone", async () => {
    const conflict: Failure = {kind: 'conflict', message: '', cause: 'owned'};
    const port = {create: answers('exists' as const), find: answers<Remote | undefined>(remote)};
    expect(await upsert(task(port, {adopt: () => Promise.resolve(failed(conflict))}))).toEqual(
      failed(conflict),
    );
  });

  test('a name that is taken by nobody that can be found is a conflict, not a loop', async () => {
    const port = {create: answers('exists' as const), find: answers<Remote | undefined>(undefined)};
    expect(await upsert(task(port))).toMatchObject({ok: false, failure: {kind: 'conflict'}});
  });

  test('after a lost answer it looks before it creates', async () => {
    const port = {find: answers<Remote | undefined>(remote), update: answers('updated' as const)};
    expect(await upsert(task(port, {doubt: true}))).toEqual(ok({remoteId: 'r1', did: 'adopted'}));
  });
});

describe('cut-off', () => {
  const step = (name: string, act: Result<'done' | 'missing'>, ended = true): CutOffStep => ({
    name,
    act: () => Promise.resolve(act),
    verify: () => Promise.resolve(ok({ended})),
  });

  test.each([
    ['the first step', 'missing', 'done', true],
    ['a later one', 'done', 'missing', false],
  ] as const)('the account was gone already by the word of the first step alone: %s', async (...row) => {
    const [, first, second, missing] = row;
    const steps = [step('deactivate', ok(first)), step('sessions', ok(second))];
    const {receipt} = await cutOff(steps, 'r1', options, () => 7);
    expect(receipt).toMatchObject({complete: true, missing});
  });

  test('a failed step does not keep the later ones from being tried, and the receipt is not complete', async () => {
    const steps = [step('deactivate', failed(rejected), false), step('sessions', ok('done'))];
    const {receipt, failure} = await cutOff(steps, 'r1', options, () => 7);
    expect(failure).toBe(rejected);
    expect(receipt).toEqual({
      remoteId: 'r1',
      complete: false,
      missing: false,
      steps: [{name: 'sessions', verifiedAt: 7}],
    });
  });

  test.each<[string, Failure['kind'][], Failure['kind']]>([
    ['what passes, wherever it stands', ['rejected', 'throttled', 'conflict'], 'throttled'],
    ['the first of those that pass', ['conflict', 'unauthorized', 'transient'], 'unauthorized'],
    ['the first, when none passes', ['conflict', 'rejected'], 'conflict'],
  ])('of several failures it tells %s', async (_name, kinds, told) => {
    const steps = kinds.map((kind) => step(kind, failed({...rejected, kind}), false));
    const {receipt, failure} = await cutOff(steps, 'r1', options, () => 7);
    expect(failure?.kind).toBe(told);
    expect(receipt.complete).toBe(false);
  });

  test('a step that was refused, and reads back as ended after the later ones, has not failed', async () => {
    let isThere = true;
    const verify = () => Promise.resolve(ok({ended: !isThere}));
    const deactivate = {name: 'deactivate', act: () => Promise.resolve(failed(rejected)), verify};
    const deletion: CutOffStep = {
      name: 'delete',
      act: () => {
        isThere = false;
        return Promise.resolve(ok('done'));
      },
      verify,
    };
    const {receipt, failure} = await cutOff([deactivate, deletion], 'r1', options, () => 7);
    expect(failure).toBeUndefined();
    expect(receipt).toMatchObject({complete: true, steps: [{name: 'deactivate'}, {name: 'delete'}]});
  });

  test('a target that is to be left alone is not read again', async () => {
    const throttled: Failure = {kind: 'throttled', message: '', cause: '429'};
    const verify = () => Promise.reject(new Error('it was asked again'));
    const steps = [{name: 'deactivate', act: () => Promise.resolve(failed(throttled)), verify}];
    expect((await cutOff(steps, 'r1', options, () => 7)).failure).toBe(throttled);
  });

  test.each([true, undefined])('it is as urgent as its caller says: %s', async (urgent) => {
    const asked: (boolean | undefined)[] = [];
    const act: CutOffStep['act'] = (_id, given) => {
      asked.push(given.urgent);
      return Promise.resolve(ok('done'));
    };
    const heard = {...step('deactivate', ok('done')), act};
    await cutOff([heard], 'r1', urgent ? {...options, urgent} : options, () => 7);
    expect(asked).toEqual([urgent]);
  });

  test('what was answered but reads back as going on is a failure', async () => {
    const {failure} = await cutOff([step('deactivate', ok('done'), false)], 'r1', options, () => 7);
    expect(failure).toMatchObject({kind: 'transient', cause: 'cut-off deactivate not ended'});
  });
});

describe('reading back alone', () => {
  const step = (name: string, ended: boolean): CutOffStep => ({
    name,
    act: () => Promise.reject(new Error('nothing may be done')),
    verify: () => Promise.resolve(ok({ended})),
  });

  test('proves that access has ended, or proves nothing', async () => {
    const receipt = await readBack(
      [step('deactivate', true), step('sessions', true)],
      'r1',
      options,
      () => 7,
    );
    expect(receipt).toMatchObject({
      complete: true,
      steps: [{name: 'deactivate', verifiedAt: 7}, {name: 'sessions'}],
    });
    expect(
      await readBack([step('deactivate', true), step('sessions', false)], 'r1', options, () => 7),
    ).toBeUndefined();
  });
});
