import {describe, expect, test} from '@jest/globals';
import {problemText} from './problem.ts';
import {good, load, problemsOf} from './testing/load.ts';

describe('maps of own events', () => {
  const text = good('events:\n  - {schema: a.B, map: maps/b.jsonata, key: id}\n');

  test('are read from beside the config', () => {
    const loaded = load(text, {}, {'/etc/maps/b.jsonata': '{"user": $record.topic}'});
    expect(loaded.ok && loaded.config.events).toEqual([
      {schema: 'a.B', map: 'maps/b.jsonata', key: 'id', text: '{"user": $record.topic}'},
    ]);
  });

  test('are told with the place in them', () => {
    const said = (map: string, more = '') => {
      const loaded = load(text + more, {}, {'/etc/maps/b.jsonata': map});
      return loaded.ok ? [] : loaded.problems.map((problem) => problemText('f', problem));
    };
    expect(said('{\n  "user": $now()}')).toEqual([
      expect.stringMatching(
        /^f:6:24: events\[0\]\.map: maps\/b\.jsonata: line 2, column 11: \$now is not there/,
      ),
    ]);
    expect(said('{', '  - {schema: a.B, map: maps/b.jsonata, key: $x}\n')).toEqual([
      expect.stringContaining('events[0].map: maps/b.jsonata: column 2: '),
      'f:7:14: events[1].schema: expected each schema once, found a.B again',
      expect.stringContaining('events[1].map'),
      'f:7:45: events[1].key: column 1: there is no variable or function $x',
    ]);
  });

  test('of a reader schema of one’s own, its fields are known', () => {
    const schema = {
      type: 'record',
      name: 'E',
      fields: [{name: 'user', type: {type: 'record', name: 'U', fields: [{name: 'badge', type: 'string'}]}}],
    };
    const own = good('event: {schema: own.avsc}\n').replace(
      'connector: scim',
      'connector: scim\n    attributes: {nickName: {expression: bage}}',
    );
    const loaded = load(own, {}, {'own.avsc': JSON.stringify(schema)});
    expect(loaded.ok || loaded.problems[0]?.message).toBe(
      'column 1: there is no field bage: did you mean badge?',
    );
  });
});

describe('a mistake in a mapping is told with its place', () => {
  test.each([
    [
      'an expression that is none',
      good('').replace('connector: scim', 'connector: scim\n    attributes: {nickName: {expression: "a +"}}'),
      'f:4:41: targets.wiki.attributes.nickName.expression: column 4: Unexpected end of expression',
    ],
    [
      'an expression over what no event has',
      good('').replace(
        'connector: scim',
        'connector: scim\n    attributes: {nickName: {expression: emails.valu}}',
      ),
      'f:4:41: targets.wiki.attributes.nickName.expression: column 8: there is no field valu: did you mean value?',
    ],
    [
      'a map that is not there',
      good('events:\n  - {schema: a.B, map: b.jsonata}\n'),
      'f:6:24: events[0].map: the file can not be read (no /etc/b.jsonata)',
    ],
  ])('%s', (_name, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });
});
