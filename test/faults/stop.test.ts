import {afterAll, beforeAll, expect, jest, test} from '@jest/globals';
import {eventually} from '../support/eventually.ts';
import type {Event} from './model.ts';
import type {Program} from './program.ts';
import {openStage, type Stage} from './stage.ts';

jest.setTimeout(120_000);

/** `shutdown.graceMs` of the stage. */
const graceMs = 10_000;
/** Two seconds, and what else a busy machine takes: much less than the grace. */
const promptMs = 5000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 90_000);
afterAll(() => stage.close());

const person = (id: string, title: string): Event => ({
  key: id,
  body: {user: {id, userName: id, active: true, title}},
});
const titleOf = (id: string): unknown =>
  [...stage.target.users.values()].find(({externalId}) => externalId === id)?.['title'];

/** Runs `during` with a program that is up; that program is gone afterwards, whatever happens. */
async function running(during: (program: Program) => Promise<void>): Promise<void> {
  const program = stage.start();
  try {
    await program.up;
    await during(program);
  } finally {
    await program.end('SIGKILL');
  }
}

/** Sends SIGTERM; resolves to the exit code and how long that took. */
async function stop(program: Program): Promise<{code: number | null; tookMs: number}> {
  const asked = performance.now();
  const code = await program.end('SIGTERM');
  return {code, tookMs: performance.now() - asked};
}

/** What the stop left is done by the next one. */
const nextMakes = (id: string, title: string): Promise<void> =>
  running(async (program) => {
    await eventually(() => titleOf(id) === title, {what: `${id} is a ${title}`, deadlineMs: 30_000});
    await eventually(() => stage.isDone(), {what: 'all committed', deadlineMs: 30_000});
    expect((await stop(program)).code).toBe(0);
  });

test('in the middle of a request that is never answered', async () => {
  const reached = Promise.withResolvers<undefined>();
  const lift = stage.target.hook(({method}) => {
    if (method === 'GET') return undefined;
    reached.resolve(undefined);
    return {kind: 'silent'};
  });
  await running(async (program) => {
    await stage.publish([person('ada', 'clerk')]);
    await reached.promise;
    const {code, tookMs} = await stop(program);
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(graceMs + 2000);
  });
  lift();
  await nextMakes('ada', 'clerk');
});

test('before it has begun', async () => {
  await stage.publish([person('bob', 'clerk')]);
  await running(async (program) => {
    expect((await stop(program)).code).toBe(0);
  });
  await nextMakes('bob', 'clerk');
});

test('while Redis is away', async () => {
  await running(async (program) => {
    await stage.publish([person('cy', 'clerk')]);
    await eventually(() => titleOf('cy') === 'clerk', {what: 'cy is a clerk', deadlineMs: 30_000});
    await stage.store.stop();
    await stage.publish([person('cy', 'judge')]);
    const {code, tookMs} = await stop(program);
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(promptMs);
  });
  expect(titleOf('cy')).toBe('clerk');
  await stage.store.start();
  await nextMakes('cy', 'judge');
});

test('while Kafka is away', async () => {
  await running(async (program) => {
    await stage.publish([person('eve', 'clerk')]);
    await eventually(() => titleOf('eve') === 'clerk', {what: 'eve is a clerk', deadlineMs: 30_000});
    await stage.broker.stop();
    const {code, tookMs} = await stop(program);
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(promptMs);
  });
  await stage.broker.start();
});

test('a second signal ends it at once', async () => {
  const reached = Promise.withResolvers<undefined>();
  const lift = stage.target.hook(({method}) => {
    if (method === 'GET') return undefined;
    reached.resolve(undefined);
    return {kind: 'silent'};
  });
  await running(async (program) => {
    await stage.publish([person('dan', 'clerk')]);
    await reached.promise;
    program.signal('SIGTERM');
    const isHeard = async (): Promise<boolean> =>
      (await stage.said()).split('\n').slice(-4).join('\n').includes('"stopping:');
    await eventually(isHeard, {what: 'the first signal heard', everyMs: 5});
    const {code, tookMs} = await stop(program);
    expect(code).toBe(1);
    expect(tookMs).toBeLessThan(500);
  });
  lift();
  await nextMakes('dan', 'clerk');
});
