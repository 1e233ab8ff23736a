import {readFileSync} from 'node:fs';
import {describe, expect, test} from '@jest/globals';
import fc from 'fast-check';
import {compileExpression, limits, shapeOfAvro, type Expression, type Shape} from './expression.ts';

const schema: unknown = JSON.parse(
  readFileSync(new URL('../../schemas/identity-event.avsc', import.meta.url), 'utf8'),
);
const event = shapeOfAvro(schema);
const user = event.is === 'record' ? event.fields.get('user') : undefined;
if (!user) throw new Error('the event has no user');

const ada = {
  id: 'u1',
  userName: 'Ada',
  name: {familyName: 'Byron', givenName: 'Ada'},
  emails: [
    {value: 'ada@example.com', type: 'work'},
    {value: 'ada@home.example', type: 'home'},
  ],
  attributes: {grade: '7', start: '24.12.2026'},
};

const compile = (text: string, bindings: string[] = []): Expression => {
  const compiled = compileExpression(text, bindings);
  if (!compiled.ok) throw new Error(compiled.problems[0]?.message);
  return compiled.expression;
};
const problemsOf = (text: string) => {
  const compiled = compileExpression(text);
  return compiled.ok ? [] : compiled.problems;
};
const straysOf = (text: string, shape: Shape = user) =>
  compile(text, ['record'])
    .strays(shape)
    .map(({line, column, message}) => `${line}:${column} ${message}`);

describe('an expression that is wrong is told with its place', () => {
  test.each([
    ['a +', 1, 4, /Unexpected end of expression/],
    ['{\n  "id": id\n  "x": 1\n}', 3, 3, /Expected/],
    ['$now()', 1, 1, /\$now is not there/],
    ['$map(emails, $random)', 1, 14, /\$random is not there/],
    ['$millis()', 1, 1, /not there/],
    ['$shuffle(emails)', 1, 1, /not there/],
    ['$eval("1")', 1, 1, /not there/],
    ['$lowercas(userName)', 1, 1, /there is no variable or function \$lowercas/],
    ['userName & $x', 1, 12, /there is no variable or function \$x/],
    ['$match(userName, /^(x+)+$/)', 1, 18, /may search for ever: a repetition stands inside a repetition/],
    [
      'userName &\n  $replace(title, /(a|ab)*c/i, "")',
      2,
      19,
      /may search for ever: alternatives that may begin alike/,
    ],
  ])('%j', (text, line, column, message) => {
    expect(problemsOf(text)).toEqual([{line, column, message: expect.stringMatching(message)}]);
  });

  test('what an expression names itself is there', () => {
    expect(
      problemsOf('($x := id; emails#$i@$e.($f := function($a, $b) {$a & $b}; $f($x, $i) & $e.value))'),
    ).toEqual([]);
  });
});

describe('a path that no field has', () => {
  test.each([
    ['userNam', '1:1 there is no field userNam: did you mean userName?'],
    ['emails[tpe = "work"].value', '1:8 there is no field tpe: did you mean type?'],
    ['emails[type = "work"][0].valu', '1:26 there is no field valu: did you mean value?'],
    ['name.(givenName & familyNam)', '1:19 there is no field familyNam: did you mean familyName?'],
    ['$map(emails, function($e) {$e.vlue})', '1:31 there is no field vlue: did you mean value?'],
    ['emails^(valu).value', '1:9 there is no field valu: did you mean value?'],
    ['($n := name; $n.givenNme)', '1:17 there is no field givenNme: did you mean givenName?'],
    ['[emails][0].typ', '1:13 there is no field typ: did you mean type?'],
    ['active ? $$.titel : ""', '1:13 there is no field titel: did you mean title?'],
    ['{"x": [{"y": locle}]}', '1:14 there is no field locle: did you mean locale?'],
    ['emails{tpe: value}', '1:8 there is no field tpe: did you mean type?'],
    ['$filter(emails, function($e) {true}).valu', '1:38 there is no field valu: did you mean value?'],
    ['title.x', '1:7 x: what stands before it is a value without fields'],
    ['name.zzzzzzzzz', /^1:6 there is no field zzzzzzzzz: expected formatted, familyName, /],
  ])('%s', (text, expected) => {
    const [only, ...others] = straysOf(text);
    expect(others).toEqual([]);
    if (typeof expected === 'string') expect(only).toBe(expected);
    else expect(only).toMatch(expected);
  });

  test.each([
    'attributes.whatever',
    '$record.topic',
    '$lookup(name, "x").y',
    '*.value',
    '**.valu',
    'emails.%.id',
    '$ ~> |emails|{"z": zz}|',
    'emails#$i[$i = 0].value',
    'emails@$e.groups[$ = $e.value]',
    '($f := function($n) {$n.anything}; $f(name))',
    'enterprise.department in ["a", "b"] ? name.familyName ~> $uppercase : -1',
    'emails[-1].value',
    '$reduce(emails.value, function($a, $b) {$a & $b})',
    'displayName ?? (name.givenName & " " & name.familyName)',
  ])('may be there: %s', (text) => expect(straysOf(text)).toEqual([]));

  test('a schema that holds itself has an end', () => {
    const person = shapeOfAvro({
      type: 'record',
      name: 'Person',
      fields: [
        {name: 'id', type: 'string'},
        {name: 'boss', type: ['null', 'Person']},
        {name: 'either', type: ['int', 'string']},
      ],
    });
    expect(straysOf('boss.boss.boss.id', person)).toEqual([]);
    expect(straysOf('boss.boss.ide', person)).toEqual(['1:11 there is no field ide: did you mean id?']);
    expect(straysOf('either.x', person)).toEqual([]);
  });
});

describe('a run', () => {
  test.each([
    ['name.givenName & " " & name.familyName', 'Ada Byron'],
    ['title', undefined],
    ['emails[type = "work"].{"value": value}', {value: 'ada@example.com'}],
    ['$toMillis(attributes.start, "[D].[M].[Y]")', Date.UTC(2026, 11, 24)],
    ['$toMillis("13:00", "[H]:[m]")', 13 * 3_600_000],
    ['$toMillis("2026-11-24T00:00:00Z")', Date.UTC(2026, 10, 24)],
    ['{"a": null, "b": nothing, "c": [1, true]}', {a: null, c: [1, true]}],
    ['$record.topic', 'hr'],
    ['$parseJson("{\\"a\\": [1]}").a', [1]],
    ['$pad("é", 3) & $pad("x", -4, "ab") & $pad("long", 2) & $pad("", 2, "")', 'é  abax' + 'long  '],
    ['$distinct(["b", "a", "b"]) ~> $join', 'ba'],
    ['$count($distinct(["1", 1, {"a": 1}, {"a": 1}]))', 3],
    ['$distinct("x")', 'x'],
    ['$sort([3, 1, 2]) & $sort(emails, function($a, $b) {$a.type > $b.type}).type', '[1,2,3]["home","work"]'],
    ['$spread(emails[0])', [{value: 'ada@example.com'}, {type: 'work'}]],
    ['$split("a1b22c", /\\d+/)', ['a', 'b', 'c']],
    ['$replace(userName, /a(.)/i, "<$1>") & $contains("ab", /B/i)', '<d>atrue'],
    ['$match("ababbabbcc", /a(b+)/).groups', ['b', 'bb', 'bb']],
  ])('%s', async (text, value) => {
    expect(await compile(text, ['record']).run(ada, {record: {topic: 'hr'}})).toEqual({ok: true, value});
  });

  test.each([
    ['$sum', 'the result is a function', 1],
    ['{"a": [function() {1}]}', 'a[0] is a function', 1],
    ['{"x": 1 / 0}', 'x is not a number', 1],
    ['$number(userName)', 'what is to become a number is none', 1],
    ['1 + userName', 'the right side of an arithmetic operator is not a number', 3],
    ['$parseJson(userName)', 'what $parseJson is given is not JSON', 1],
    ['$error("no team for " & userName)', 'its own $error', 1],
    ['$uppercase(name)', 'an argument of a function has the wrong type', 1],
    ...['$distinct(lists)', '$sort(numbers)', '$spread(lists)'].map((text): [string, string, number] => [
      text,
      'a list for $distinct, $sort or $spread has more than 5000 items',
      1,
    ]),
    ['$length($pad("", 500000000))', 'a text has more than 1000000 characters', 9],
    [
      '$reduce([1..30], function($a, $b) {$a & $a}, "xx")',
      'a text has more than 1000000 characters',
      undefined,
    ],
    [`[1..${limits.items + 1}]`, `a list has more than ${limits.items} items`, 3],
    [
      '($f := function($n) {$n = 0 ? 0 : $f($n - 1) + 1}; $f(100000))',
      'more than 500 expressions inside each other',
      undefined,
    ],
  ])('%s fails, and its message has nothing of the person', async (text, message, column) => {
    const numbers = Array.from({length: 5001}, (_, at) => at);
    const ran = await compile(text).run({...ada, numbers, lists: numbers.map((a) => ({a}))});
    expect(ran).toMatchObject({ok: false, failure: {message, ...(column ? {line: 1, column} : {})}});
    expect(!ran.ok && ran.failure.message).not.toMatch(/Ada/);
  });

  test('one without an end is ended', async () => {
    const ran = await compile('($f := function($n) {$f($n + 1)}; $f(0))').run(ada);
    expect(ran).toMatchObject({ok: false, failure: {message: `it takes more than ${limits.timeMs} ms`}});
  });

  test.each([
    ['$match(text, /(.*)(.*)(.*)y/)', 'x'.repeat(5000)],
    ['$split(text, /(a|aa){0,20}(a|aa){0,20}x/)', 'a'.repeat(60)],
    ['$toMillis(text, "[MNn][FNn]")', `${'a'.repeat(200_000)}?`],
  ])('a search is ended: %s', async (expression, given) => {
    const message = `a regular expression takes more than ${limits.regexMs} ms`;
    expect(await compile(expression).run({text: given})).toMatchObject({ok: false, failure: {message}});
  });

  test('a list that is copied for each of its items is ended, not waited for', async () => {
    const list = Array.from({length: 60_000}, (_, at) => at);
    const ran = await compile('$reduce(list, $append)').run({list});
    const message = `$append copies more than ${limits.copiedItems} items`;
    expect(ran).toMatchObject({ok: false, failure: {message}});
    // Each run has its own.
    const few = compile('$count($reduce([1..2000], $append))');
    for (let run = 0; run < 6; run++) expect(await few.run(ada)).toEqual({ok: true, value: 2000});
  });

  test('the ids of many members are told apart', async () => {
    const members = Array.from({length: 40_000}, (_, at) => `u${at % 20_000}`);
    const ran = await compile('$distinct(members)').run({members});
    expect(ran).toEqual({ok: true, value: members.slice(0, 20_000)});
  });

  test('many together hold up nobody else, and are not timed with each other’s work', async () => {
    const slow = compile('$sum([1..400].($ * 2))');
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const ran = await Promise.all(Array.from({length: 40}, () => slow.run(ada)));
    isOver = true;
    expect(ran.every(({ok}) => ok)).toBe(true);
    expect(turns).toBeGreaterThan(0);
  });

  test('whatever the text, compiling and running it end with a value or a failure', async () => {
    const word = fc.constantFrom(
      ...['emails', 'name', '.', '[', ']', '(', ')', '{', '}', '"a"', '1', '+', '&', ':', ',', '$', '?', '^'],
    );
    const property = fc.asyncProperty(fc.array(word, {maxLength: 12}), async (words) => {
      const text = words.join(' ');
      const compiled = compileExpression(text);
      if (!compiled.ok) {
        for (const {line, column} of compiled.problems) {
          expect(line).toBe(1);
          expect(column).toBeGreaterThan(0);
          expect(column).toBeLessThanOrEqual(text.length + 1);
        }
        return;
      }
      compiled.expression.strays(user);
      const ran = await compiled.expression.run(ada);
      if (ran.ok) expect(JSON.parse(JSON.stringify(ran.value ?? null))).toEqual(ran.value ?? null);
    });
    await fc.assert(property, {numRuns: 500});
  });
});
