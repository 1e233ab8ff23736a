import {expect, test} from '@jest/globals';
import {stateRig} from './rig.ts';

const {rig} = stateRig();
const until = async (): Promise<number> => (await rig.state.claim('a', [])).waitUntilMs;

test('of two waits that the target asked for, the longer one counts for every replica', async () => {
  await rig.state.wait(rig.now + 60_000);
  await rig.state.wait(rig.now + 1000);
  expect(await until()).toBe(rig.now + 60_000);
  await rig.state.wait(rig.now + 90_000);
  expect(await until()).toBe(rig.now + 90_000);
  await rig.state.wait(rig.now);
  expect(await until()).toBe(rig.now + 90_000);
});
