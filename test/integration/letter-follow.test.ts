import {expect, test} from '@jest/globals';
import type {CommandContext} from '../../src/commands/command.ts';
import {person} from '../../src/commands/cut-off/person.ts';
import {follow} from '../../src/commands/dead-letters/retry-groups.ts';
import type {Stored} from '../../src/commands/stored/open.ts';
import type {AuditAction} from '../../src/core/audit.ts';
import {fill, foresee, rig} from './letter-retries-rig.ts';

test.each([
  ['somebody else', 'token:ann', 'running'],
  ['oneself', person(), 'stopped'],
])('interrupted, the retry that %s has begun is %s', async (_, by, state) => {
  const at = rig();
  const id = await fill(at, 150);
  const preview = await at.retries.previewRetry(id, foresee);
  if (!preview) throw new Error('expected a group');
  await at.retries.startRetry(id, preview.token, {by});
  const abort = new AbortController();
  const complaints: string[] = [];
  const context = {
    ...{arguments: [], options: {}, json: false, configPath: '', env: {}},
    ...{signal: abort.signal, load: () => Promise.resolve(undefined)},
    print: () => abort.abort(),
    complain: (line: string) => void complaints.push(line),
  } satisfies CommandContext;
  const acts: AuditAction[] = [];
  const audit = {act: (actions: readonly AuditAction[]) => Promise.resolve(void acts.push(...actions))};
  const stored = {target: at.place.target, retries: at.retries, audit} as unknown as Stored;
  const end = await follow(context, {stored, group: preview.group});
  expect(end).toMatchObject({state, retried: 100});
  expect(await at.retries.running()).toEqual(state === 'running' ? [id] : []);
  expect(acts.map(({action}) => action)).toEqual(
    state === 'running' ? [] : ['retry of a group of dead letters stopped'],
  );
  expect(complaints).toEqual([
    expect.stringContaining(state === 'running' ? 'token:ann, and goes on' : 'stopped'),
  ]);
});
