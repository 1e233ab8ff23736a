import {expect, test} from '@jest/globals';
import fc from 'fast-check';
import {Gate, type GateState} from './gate.ts';
import type {Failure} from './failure.ts';

const settings = {failures: 3, probeBaseDelayMs: 100, probeMaxDelayMs: 1000};
const failure = (kind: 'throttled' | 'unavailable' | 'unauthorized' | 'rejected'): Failure => ({
  ...{kind, cause: kind, message: 'no'},
  ...(kind === 'throttled' && {retryAfterMs: 2000}),
});

const steps = fc.array(
  fc.oneof(
    fc.record({do: fc.constant('pass' as const), ms: fc.integer({min: 0, max: 3000})}),
    fc.record({
      do: fc.constant('fail' as const),
      kind: fc.constantFrom(...(['throttled', 'unavailable', 'unauthorized', 'rejected'] as const)),
    }),
    fc.constantFrom(...(['success', 'fill', 'relieve', 'reopen'] as const).map((name) => ({do: name}))),
  ),
  {maxLength: 30},
);

function take(gate: Gate, step: {do: string; kind?: Parameters<typeof failure>[0]; ms?: number}): void {
  if (step.kind) gate.failure(failure(step.kind));
  else if (step.do === 'success') gate.success();
  else if (step.do === 'fill') gate.fill('full', 'full');
  else if (step.do === 'relieve') gate.relieve();
  else if (step.do === 'reopen') gate.reopen(true);
}

test('whatever happens meanwhile, a paused gate lets nothing through; resumed, it is as if it had not been', () => {
  fc.assert(
    fc.property(steps, (taken) => {
      let now = 1;
      const random = (): number => 0;
      const said: GateState[] = [];
      const gate = new Gate(
        settings,
        () => now,
        (state) => void said.push(state),
        random,
      );
      const free = new Gate(settings, () => now, undefined, random);
      gate.pause({by: 'ops', at: 1});
      for (const step of taken) {
        if ('ms' in step) now += step.ms;
        take(gate, step);
        take(free, step);
        expect(gate.state).toMatchObject({state: 'shut', isPaused: true});
        expect([gate.open, gate.opensLanes, gate.opensCutOffs]).toEqual([false, false, false]);
        expect(gate.cutOffsWaitMs).toBeUndefined();
        expect(Number.isFinite(gate.closedForMs)).toBe(true);
      }
      expect(said.every((state) => state.state === 'shut' && state.isPaused)).toBe(true);
      gate.resume();
      expect(gate.state).toEqual(free.state);
      expect(said.at(-1)).toEqual(free.state);
    }),
  );
});
