import {expect, jest, test} from '@jest/globals';
import {createHands} from '../../src/stages/hands/index.ts';
import {eventually} from '../support/eventually.ts';
import {services} from '../support/services.ts';
import {startRedis, type Extra, type RedisControls} from '../../scripts/services/index.ts';
import {openTerminal, type Terminal} from '../support/terminal.ts';
import {leave, scene, user, type Scene} from './scenarios-rig.ts';

jest.setTimeout(120_000);

/** The command line at the scene's stores and target, as a person has it. */
function terminal({redis, topic, target}: Scene, redisUrl = services().redisUrl): Terminal {
  return openTerminal({
    kafka: {brokers: ['127.0.0.1:1'], topics: [topic]},
    registry: {url: 'http://127.0.0.1:1'},
    redis: {url: redisUrl, prefix: redis.prefix},
    targets: {here: {connector: 'scim', config: {baseUrl: target.url, auth: {bearer: 'of-a-test'}}}},
  });
}

const yes = {yes: true, reason: 'stolen laptop'};
const done = {targets: [{target: 'here', result: 'cut off', end: {receipt: {complete: true}}}]};

/** Somebody is cut off by hand; what HR says next is held, shown, and applied once that is lifted. */
async function heldUntilLifted(here: Scene, command: Terminal): Promise<void> {
  const [next = 0] = await here.say(user('u1', {title: 'Boss'}));
  expect(await here.ended(next, 'held')).toMatchObject({reason: 'cut off by hand'});
  expect(here.account('u1')).toMatchObject({active: false});
  expect((await command('holds list')).result).toMatchObject({
    held: [{subject: 'u1', reason: 'cut off by hand'}],
  });
  const approved = await command('holds approve', ['u1']);
  expect(approved.result).toMatchObject({results: [{result: expect.stringContaining('--lift')}]});
  const {result} = await command('subject', ['u1']);
  expect(result).toMatchObject({targets: [{mark: {reason: 'stolen laptop'}, held: {isBarred: true}}]});
  expect((await command('cut-off')).result).toMatchObject({cutOff: [{target: 'here', subject: 'u1'}]});
  const lifted = await command('cut-off', ['u1'], {lift: true});
  expect(lifted).toMatchObject({code: 0, result: {results: [{result: expect.stringContaining('goes on')}]}});
  await here.ended(next, 'applied');
  expect(here.account('u1')).toMatchObject({active: true, title: 'Boss'});
  expect((await command('cut-off', ['u1'], {lift: true})).code).toBe(1);
}

test('joined → cut off by hand while the service runs → HR’s next snapshot → lifted', async () => {
  const here = await scene();
  const command = terminal(here);
  await here.run();
  const [joined = 0] = await here.say(user('u1'));
  await here.ended(joined, 'applied');
  const cut = await command('cut-off', ['u1'], yes);
  expect(cut).toMatchObject({code: 0, result: done});
  // The mark and the receipt are in the audit, under who asked.
  expect(cut.complaints.filter((line) => line.includes('"kind":"human"')).length).toBeGreaterThan(0);
  expect(here.account('u1')).toMatchObject({active: false});
  await heldUntilLifted(here, command);
});

test('joined → the service ends → cut off by hand without it → it starts → HR’s next snapshot → lifted', async () => {
  const here = await scene();
  const command = terminal(here);
  const program = await here.run();
  const [joined = 0] = await here.say(user('u1'));
  await here.ended(joined, 'applied');
  await here.end(program);
  expect((await command('cut-off', ['u1'])).code).toBe(2);
  expect(here.account('u1')).toMatchObject({active: true});
  const cut = await command('cut-off', ['u1'], yes);
  expect(cut).toMatchObject({code: 0, result: done});
  const audited = cut.complaints.filter((line) => line.includes('"kind":"human"')).join('\n');
  for (const said of ['cut off by hand', '"receipt"', 'stolen laptop']) expect(audited).toContain(said);
  expect(here.account('u1')).toMatchObject({active: false});
  await here.run();
  await heldUntilLifted(here, command);
});

test('the target is away: code 3, and the service does it when it starts; HR’s leave after that is a whole one', async () => {
  const here = await scene();
  const command = terminal(here);
  const program = await here.run();
  const [joined = 0] = await here.say(user('u1'));
  await here.ended(joined, 'applied');
  await here.end(program);
  const back = here.target.hook(() => ({kind: 'answer', status: 503}));
  const cut = await command('cut-off', ['u1'], yes);
  expect(cut).toMatchObject({code: 3, result: {targets: [{result: 'goes on'}]}});
  back();
  await here.run();
  await eventually(() => here.account('u1')?.['active'] === false, {deadlineMs: 30_000});
  const [left = 0] = await here.say(leave('u1'));
  expect(await here.ended(left, 'applied')).toMatchObject({did: 'cut off', receipt: {complete: true}});
});

test('the command dies between the mark and the work: the service carries it out at once', async () => {
  const here = await scene();
  await here.run();
  const [joined = 0] = await here.say(user('u1'));
  await here.ended(joined, 'applied');
  const hands = createHands({redis: here.redis.redis, prefix: here.redis.prefix, target: 'here'});
  await hands.mark('u1', {by: 'ada@desk', at: Date.now()}, here.lanes);
  // By the tick that the mark sets: the sweep for what a crash left behind comes ten seconds later.
  await eventually(() => here.account('u1')?.['active'] === false, {deadlineMs: 8000});
  await eventually(() =>
    here.audit.find(({actor, receipt}) => actor?.id === 'ada@desk' && receipt?.complete),
  );
});

test('somebody nobody has heard of is looked for; without Redis it is code 3', async () => {
  const here = await scene();
  const command = terminal(here);
  expect(await command('cut-off', ['nobody'], yes)).toMatchObject({
    ...{code: 0, result: {targets: [{result: 'no account'}]}},
  });
  expect(here.target.requests.map(({path}) => decodeURIComponent(path))).toEqual([
    expect.stringContaining('externalId eq "nobody"'),
  ]);
  expect((await terminal(here, 'redis://127.0.0.1:1/0')('cut-off', ['nobody'], yes)).code).toBe(3);
});

test('Redis goes away while it is done: code 3, and the command ends', async () => {
  const here = await scene();
  const store: Extra<RedisControls> = await startRedis({args: [], log: () => undefined});
  try {
    const asked = here.target.hook(({method}) => (method === 'GET' ? {kind: 'silent'} : undefined));
    const command = terminal(here, store.url)('cut-off', ['u1'], yes);
    await eventually(() => here.target.requests.length > 0);
    await store.remove();
    expect((await command).code).toBe(3);
    asked();
  } finally {
    await store.remove();
  }
});
