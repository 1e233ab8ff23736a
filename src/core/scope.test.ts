import {describe, expect, test} from '@jest/globals';
import fc from 'fast-check';
import {ENTERPRISE, type Attributes, type Json} from './resource.ts';
import {compileScope} from './scope.ts';

const ada: Attributes = {
  userName: 'Ada@example.com',
  externalId: 'E-7',
  active: true,
  displayName: 'Ada Byron',
  title: null,
  name: {familyName: 'Byron', givenName: 'Ada'},
  emails: [
    {value: 'ada@example.com', type: 'work', primary: true},
    {value: 'ada@home.example', type: 'home'},
  ],
  [`${ENTERPRISE}:department`]: 'Engineering',
  [`${ENTERPRISE}:costCenter`]: null,
  'attributes.costCode': '7-b',
  'attributes.site': null,
};

const inScope = (filter: string, attributes = ada): boolean | undefined => {
  const scope = compileScope(filter);
  if (!scope.ok) throw new Error(scope.failure.message);
  return scope.value.holds(attributes);
};

describe('compileScope', () => {
  test.each([
    ['active eq true and department eq "Engineering"', true],
    ['active eq false', false],
    ['active ne false', true],
    ['userName eq "ada@EXAMPLE.com"', true],
    ['USERNAME SW "ada"', true],
    ['externalId eq "e-7"', false],
    ['externalId eq "E-7"', true],
    ['title pr', false],
    ['title eq null', true],
    ['displayName ne null', true],
    ['title ne "Engineer"', true],
    ['title eq ""', false],
    ['name pr', true],
    ['name.familyName ew "RON"', true],
    ['name.middleName pr', false],
    ['displayName gt "ada"', true],
    ['displayName ge "Ada Byron"', true],
    ['displayName lt "ada byron"', false],
    ['displayName le "ada byron"', true],
    ['emails co "home"', true],
    ['emails.value ew "@example.com"', true],
    ['emails ne "ada@example.com"', false],
    ['emails pr', true],
    ['emails.primary eq true', true],
    ['emails[type eq "home" and value co "home.example"]', true],
    ['emails[type eq "home" and primary eq true]', false],
    ['emails[not (type eq "home") or display pr]', true],
    ['not (department eq "Sales")', true],
    ['title pr or active eq true and department sw "X"', false],
    ['(title pr or active eq true) and department sw "eng"', true],
    [`${ENTERPRISE}:department eq "engineering"`, true],
    [`${ENTERPRISE.toLowerCase()}:Department eq "engineering"`, true],
    ['urn:ietf:params:scim:schemas:core:2.0:User:active eq true', true],
    ['costCenter pr', false],
    ['attributes.costCode sw "7-B"', true],
    ['attributes.site pr', false],
    ['displayName eq "Ada \\"x\\""', false],
  ])('%s: %s', (filter, expected) => {
    expect(inScope(filter)).toBe(expected);
  });

  test.each([
    ['phoneNumbers pr', undefined],
    ['division eq "x"', undefined],
    ['division ne "x"', undefined],
    ['division eq null', undefined],
    ['not (division eq "x")', undefined],
    ['active eq true and division eq "x"', undefined],
    ['active eq false and division eq "x"', false],
    ['active eq true or division eq "x"', true],
    ['active eq false or division eq "x"', undefined],
    ['phoneNumbers[type eq "work"]', undefined],
    ['attributes.CostCode pr', undefined],
  ])('what is not said is not known, and decides nothing: %s: %s', (filter, expected) => {
    expect(inScope(filter)).toBe(expected);
  });

  test.each([
    ['name.middleName pr', undefined],
    ['name.middleName eq null', undefined],
    ['name.middleName ne "x"', undefined],
    ['not (name.middleName eq "x")', undefined],
    ['emails.display eq "x"', undefined],
    ['emails[type eq "home" and primary eq true]', undefined],
    ['emails[type eq "other" and primary eq true]', false],
    ['emails[type eq "work" and primary eq true]', true],
    ['emails.primary eq true', true],
    ['emails.primary eq false', undefined],
    ['emails.primary ne true', false],
    ['emails[not (type eq "home") or display pr]', true],
    ['name.familyName eq "x"', false],
  ])('nor is a part of a value of which nothing is said: %s: %s', (filter, expected) => {
    const scope = compileScope(filter);
    const silent = new Set(['name.middleName', 'name.familyName', 'emails.display', 'emails.primary']);
    expect(scope.ok && scope.value.holds(ada, silent)).toBe(expected);
  });

  test('it names the paths that it asks for', () => {
    const scope = compileScope('(active eq true or emails[type eq "x"]) and Division pr and attributes.a pr');
    expect(scope.ok && scope.value.paths).toEqual([
      'active',
      'emails',
      `${ENTERPRISE}:division`,
      'attributes.a',
    ]);
    expect(scope.ok && scope.value.parts).toEqual([{path: 'emails', part: 'type'}]);
  });

  test.each([
    ['departmnet eq "x"', 'column 1: departmnet is not an attribute of a user or a group'],
    ['enterprise.department pr', /^column 1: /],
    ['urn:example:Person:grade ge 7', /attributes\.<name>$/],
    ['attributes pr', 'column 1: attributes is not an attribute of a user or a group'],
    ['active eq true and emails.label pr', 'column 20: emails has no label'],
    ['active eq "true"', 'column 1: active is true or false, without quotes'],
    ['active gt true', 'column 1: active is true or false: compare it with eq or ne'],
    ['title eq 5', 'column 1: title is a text: put the value in double quotes'],
    ['title co null', 'column 1: co does not go with null'],
    ['name eq "x"', 'column 1: name has parts: name one of them, as in name.familyName'],
    ['name.a.b pr', 'column 1: name.a.b has too many parts'],
    ['emails[label pr]', 'column 8: there is no label in these values'],
    ['emails[type pr].value pr', /^column 15: a part after ]/],
    [
      'title eq',
      'column 9, at the end: expected a value (a text in double quotes, a number, true, false or null)',
    ],
    ['title is "x"', 'column 7, at is: expected eq, ne, co, sw, ew, gt, ge, lt, le or pr'],
    ['active eq true and (title pr', 'column 29, at the end: expected and/or, a closing bracket'],
    ['active eq true title pr', /^column 1[67], at title: expected and\/or$/],
    [
      'title eq Engineer',
      'column 10, at Engineer: expected a value (a text in double quotes, a number, true, false or null)',
    ],
    ['active eq true and', 'column 19, at the end: expected an attribute'],
    ['', /^column 1, at the end: expected an attribute$/],
    [
      'title eq "x',
      'column 10, at ": expected a value (a text in double quotes, a number, true, false or null)',
    ],
  ])('%s is refused: %s', (filter, message) => {
    const scope = compileScope(filter);
    expect(scope.ok || scope.failure).toMatchObject({
      kind: 'rejected',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
});

test('and, or and not are those of logic, whatever the attributes', () => {
  const operand = fc.constantFrom('active eq true', 'title pr', 'userName sw "a"', 'emails[type eq "work"]');
  const attributes: fc.Arbitrary<Attributes> = fc.record({
    active: fc.boolean(),
    title: fc.constantFrom(null, 'x'),
    userName: fc.constantFrom('Ada', 'bob'),
    emails: fc.constantFrom<Json[]>(null, [{value: 'x', type: 'work'}], [{value: 'x'}]),
  });
  fc.assert(
    fc.property(operand, operand, operand, attributes, (a, b, c, who) => {
      const [x, y, z] = [a, b, c].map((filter) => inScope(filter, who) === true);
      expect(inScope(`${a} or ${b} and not (${c})`, who)).toBe(x || (y && !z));
      expect(inScope(`not (${a} or ${b}) and ${c}`, who)).toBe(!(x || y) && z);
    }),
  );
});

test('a value that is quoted right is found, whatever is in it', () => {
  fc.assert(
    fc.property(
      fc.string({minLength: 1}).filter((text) => !/[\\"]/.test(text)),
      (text) => {
        expect(inScope(`displayName eq ${JSON.stringify(text)}`, {displayName: text})).toBe(true);
      },
    ),
  );
});
