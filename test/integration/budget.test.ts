import {afterAll, beforeEach, describe, expect, test} from '@jest/globals';
import {githubEnterprise} from '../../connectors/github-enterprise/index.ts';
import {githubOrganization} from '../../connectors/github-organization/index.ts';
import {createBudget, type Budget} from '../../src/stages/budget/index.ts';
import {openRedis} from '../support/redis.ts';

const store = openRedis();
afterAll(() => store.close());

let target = 0;
beforeEach(() => {
  target += 1;
});
const open = (rate?: {requests: number; perSeconds: number}): Budget =>
  createBudget({...store, target: `t${target}`, rate});
const never = new AbortController().signal;
const sorted = (times: number[]): number[] => [...times].sort((a, b) => a - b);

describe('a budget', () => {
  test('two replicas together stay within the rate in any span, and give it out', async () => {
    const replicas = [open({requests: 40, perSeconds: 1}), open({requests: 40, perSeconds: 1})];
    const times: number[] = [];
    const began = performance.now();
    await Promise.all(
      Array.from({length: 50}, async (_, i) => {
        await replicas[i % 2]?.acquire(false, never);
        times.push(performance.now());
      }),
    );
    const ordered = sorted(times);
    for (const [i, time] of ordered.entries()) {
      const within = ordered.slice(i).filter((later) => later < time + 950);
      expect(within.length).toBeLessThanOrEqual(40);
    }
    expect(performance.now() - began).toBeGreaterThan(49 * 27);
  });

  test('within a process the order of the calls is kept', async () => {
    const budget = open({requests: 100, perSeconds: 1});
    const order: number[] = [];
    await Promise.all(
      Array.from({length: 10}, (_, i) => budget.acquire(false, never).then(() => order.push(i))),
    );
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('an urgent request has its own tenth when the rest is used up', async () => {
    const budget = open({requests: 1, perSeconds: 60});
    await budget.acquire(false, never);
    const gaveUp = new AbortController();
    const waits = budget.acquire(false, gaveUp.signal);
    await budget.acquire(true, never);
    const urgent = budget.acquire(true, gaveUp.signal);
    gaveUp.abort(new Error('enough'));
    await expect(waits).rejects.toThrow('enough');
    await expect(urgent).rejects.toThrow('enough');
  });

  test.each([
    ['600 a minute', {requests: 600, perSeconds: 60}, 30],
    ["GitHub's", githubOrganization.manifest.defaultRate?.(undefined as never), 30],
    ["GitHub's for an enterprise", githubEnterprise.manifest.defaultRate?.(undefined as never), 30],
  ])('a cut-off goes at once where the rest is used up: %s', async (_name, rate, requests) => {
    if (!rate) throw new Error('there is no rate');
    const budget = open(rate);
    await budget.acquire(false, never);
    const began = performance.now();
    for (let i = 0; i < requests; i++) await budget.acquire(true, never);
    // Spread evenly, thirty requests of the tenth would take thirty seconds.
    expect(performance.now() - began).toBeLessThan(1500);
  });

  test('who gave up holds nobody else back', async () => {
    const budget = open({requests: 10, perSeconds: 1});
    const gaveUp = new AbortController();
    await budget.acquire(false, never);
    const first = budget.acquire(false, gaveUp.signal);
    const second = budget.acquire(false, never);
    gaveUp.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    await second;
    await expect(budget.acquire(true, gaveUp.signal)).rejects.toThrow('enough');
  });

  test('without a rate everything may leave at once', async () => {
    const budget = open();
    await Promise.all(Array.from({length: 1000}, () => budget.acquire(false, never)));
    expect(await store.redis.keys(`{${store.prefix}:t${target}}*`)).toEqual([]);
    await expect(budget.acquire(false, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
