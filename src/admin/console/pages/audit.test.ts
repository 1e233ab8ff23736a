import {expect, test} from '@jest/globals';
import {pageText} from '../html.ts';
import {decisionTable} from './audit.ts';

test('what somebody did: to what, why, and who it was', () => {
  const record = {
    ...{id: 'a', at: '2026-11-24T08:00:00.000Z', place: 'identity.audit/0:7', target: 'wiki', subject: 'u1'},
    ...{
      action: 'dead letter retried',
      about: {letter: 'identity.events/0/42'},
      reason: 'the mapping is mended',
    },
    actor: {id: 'token:ann', kind: 'human'},
  };
  const shown = pageText(
    decisionTable({ok: true, value: {items: [record], readFrom: 'topic'}}, {now: Date.parse(record.at)}),
  );
  expect(shown).toContain(
    'dead letter retried; letter identity.events/0/42; the mapping is mended; by token:ann',
  );
});

test('the record of a cut-off says which access no call could end', () => {
  const at = '2026-11-24T08:00:00.000Z';
  const steps = [{name: 'deactivate', verifiedAt: at, remains: 'role sessions, for 12 h'}];
  const record = {
    ...{id: 'a', at, place: 'identity.audit/0:7', target: 'wiki', subject: 'u1', outcome: 'applied'},
    ...{did: 'cut off', receipt: {remoteId: 'r1', complete: true, steps}},
  };
  const shown = pageText(decisionTable({ok: true, value: {items: [record], readFrom: 'topic'}}, {now: 0}));
  expect(shown).toContain('cut off; read back: deactivate (remains: role sessions, for 12 h)');
});
