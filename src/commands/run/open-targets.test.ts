import {expect, test} from '@jest/globals';
import {openTargets} from './open-targets.ts';

test('a target that throws is told by name, and the others are opened', () => {
  const told: object[] = [];
  const ignore = (): void => undefined;
  const log = {debug: ignore, info: ignore, warn: ignore, error: (fields: object) => void told.push(fields)};
  const open = (name: string): string => {
    if (name === 'broken') throw new Error('no credential');
    return `${name} is open`;
  };
  expect(openTargets(['wiki', 'broken', 'desk'], open, log)).toEqual({
    targets: ['wiki is open', 'desk is open'],
    unserved: [{name: 'broken', reason: 'no credential'}],
  });
  expect(told).toMatchObject([{target: 'broken'}]);
});
