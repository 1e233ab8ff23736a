import {expect, test} from '@jest/globals';
import {Gate} from '../../core/gate.ts';
import {readinessOf, type Seen} from './readiness.ts';

const wiki: Seen = {name: 'wiki', troubles: [], gate: {state: 'open'}};
const up = {up: true};

test('all is up where nothing is waited for', () => {
  expect(readinessOf(up, [wiki])).toEqual({
    dependencies: {redis: up, kafka: up, registry: up},
    targets: {wiki: {gate: 'open'}},
  });
});

test('a target that is not served makes the program unready, and the others are told as ever', () => {
  const reason = 'its connector throws: no credential';
  expect(readinessOf(up, [wiki], [{name: 'desk', reason}])).toEqual({
    dependencies: {
      ...{redis: up, kafka: up, registry: up},
      connectors: {up: false, detail: `desk is not served: ${reason}`},
    },
    targets: {wiki: {gate: 'open'}, desk: {gate: 'shut', detail: reason}},
  });
});

test('a record that waits for the registry: the registry is down, once, and why; Kafka is not', () => {
  const waits = {
    message: 'Waiting to read a record',
    reason: 'the registry does not answer: connect ECONNREFUSED',
    waitsFor: 'registry' as const,
  };
  expect(readinessOf(up, [{...wiki, troubles: [waits, waits]}]).dependencies).toEqual({
    redis: up,
    kafka: up,
    registry: {
      up: false,
      detail: 'wiki: Waiting to read a record (the registry does not answer: connect ECONNREFUSED)',
    },
  });
});

test('a Redis that is connected and takes no write is down, and Kafka is not', () => {
  const waits = {message: 'Waiting to commit', reason: 'OOM command not allowed', waitsFor: 'redis' as const};
  const seen = [{...wiki, troubles: [waits]}];
  expect(readinessOf(up, seen).dependencies).toEqual({
    redis: {up: false, detail: 'wiki: Waiting to commit (OOM command not allowed)'},
    kafka: up,
    registry: up,
  });
  const away = {up: false, detail: 'connection lost'};
  expect(readinessOf(away, seen).dependencies['redis']).toEqual(away);
});

test('a paused target says by whom and since when', () => {
  const gate = new Gate({failures: 1, probeBaseDelayMs: 1, probeMaxDelayMs: 1}, Date.now);
  gate.pause({by: 'ops@desk', at: 0, reason: 'a bad extract'});
  const {targets} = readinessOf({up: true}, [{...wiki, gate: gate.state}]);
  expect(targets).toEqual({
    wiki: {gate: 'shut', detail: 'paused by ops@desk since 1970-01-01T00:00:00.000Z'},
  });
});

test('Kafka is down for each target that waits for it; a shut gate says why', () => {
  const waits = {message: 'Waiting for Kafka', waitsFor: 'kafka' as const};
  const shut = {
    state: 'shut' as const,
    cause: '401',
    message: 'the target refuses the credential',
    sinceMs: 0,
    probeAtMs: 1,
  };
  const seen = [
    {...wiki, troubles: [waits]},
    {name: 'desk', troubles: [waits], gate: shut},
  ];
  expect(readinessOf({up: false, detail: 'away'}, seen)).toEqual({
    dependencies: {
      redis: {up: false, detail: 'away'},
      kafka: {up: false, detail: 'wiki: Waiting for Kafka; desk: Waiting for Kafka'},
      registry: up,
    },
    targets: {wiki: {gate: 'open'}, desk: {gate: 'shut', detail: '401: the target refuses the credential'}},
  });
});
