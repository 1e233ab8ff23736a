import {describe, expect, test} from '@jest/globals';
import fc from 'fast-check';
import type {Failure} from '../failure.ts';
import type {DeadLetter} from '../parked.ts';
import {causeOf} from './group.ts';
import {saidBy, withoutValues} from './said.ts';

const scim = (detail: string, status = 400, scimType = 'invalidValue'): string =>
  JSON.stringify({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    scimType,
    detail,
  });
const okta = (summary: string, ...causes: string[]): string =>
  JSON.stringify({
    errorCode: 'E0000001',
    errorSummary: summary,
    errorId: 'oaeX1',
    errorCauses: causes.map((errorSummary) => ({errorSummary})),
  });

/** Answers as the vendors' documents have them, and what is left of them. */
const answers: [answer: string, sent: string[], left: string][] = [
  [
    okta(
      'Api validation failed: login',
      'login: An object with this field already exists in the current organization',
    ),
    ['ann@x.example'],
    'login: An object with this field already exists in the current organization',
  ],
  [
    okta('Api validation failed: mobilePhone', "mobilePhone: The field is too long: '+49 30 1234567'"),
    [],
    'mobilePhone: The field is too long: …',
  ],
  [
    okta('Not found: Resource not found: 00ub0oNGTSWTBKOLGLNR (User)'),
    [],
    'Not found: Resource not found: … (User)',
  ],
  [
    scim('User with userName ann.smith@corp.example already exists.', 409, 'uniqueness'),
    [],
    'User with userName … already exists.',
  ],
  [scim('A user named Ann Smith-Jones is there already'), [], 'A user named … is there already'],
  [scim('Ann Smith is there already'), [], '… is there already'],
  [scim('asmith is there already'), ['asmith'], '… is there already'],
  [scim('Attribute "userName" is required'), [], 'Attribute "userName" is required'],
  [
    scim("Attribute 'name.givenName' must have 1 to 64 characters, found 97"),
    [],
    "Attribute 'name.givenName' must have # to # characters, found #",
  ],
  [
    scim(
      'Group members 2819c223-7f76-453a-919d-413861904646, 902c246b-6245-4190-8e05-00816be7344a do not exist',
    ),
    [],
    'Group members … do not exist',
  ],
  [
    JSON.stringify({
      schema: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      detail: 'Request is unparsable, syntactically incorrect, or violates schema.',
      status: 400,
    }),
    [],
    'Request is unparsable, syntactically incorrect, or violates schema.',
  ],
  [
    JSON.stringify({
      message: 'Validation Failed',
      errors: [
        {
          resource: 'Team',
          field: 'name',
          code: 'already_exists',
          message: 'Name must be unique for this org',
        },
      ],
    }),
    [],
    'Validation Failed: Name must be unique for this org',
  ],
  [
    JSON.stringify({
      message: "'octo-cat' is not a member of this organization",
      documentation_url: 'https://docs.github.example',
    }),
    [],
    '… is not a member of this organization',
  ],
  [
    JSON.stringify({error: {code: 400, message: 'Invalid email ann@corp.example', errors: []}}),
    [],
    'Invalid email …',
  ],
  [
    '<ErrorResponse><Error><Type>Sender</Type><Code>EntityAlreadyExists</Code><Message>User with name ann.smith already exists.</Message></Error></ErrorResponse>',
    [],
    'User with name … already exists.',
  ],
  ['<html><head><title>502 Bad Gateway</title></head></html>', [], '# Bad Gateway'],
  ['upstream connect error at 10.0.0.7:443', [], 'upstream connect error at #'],
  [scim('Benutzer „Jürgen Groß“ existiert bereits'), [], 'Benutzer … existiert bereits'],
  [scim('See https://help.example/errors/17?u=ann for help'), [], 'See … for help'],
];

describe('what a target says', () => {
  test.each(answers)('%s', (answer, sent, left) => {
    expect(withoutValues(saidBy(answer) ?? '', sent)).toBe(left);
  });

  test.each(['', '{}', '[]', '<html></html>', '{"status":"400"}', '{"detail":""}', '{"errors":[]}'])(
    'nothing: %s',
    (answer) => {
      expect(saidBy(answer)).toBeUndefined();
    },
  );

  test('no answer makes it fail or last', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({unit: 'binary'}), fc.json()),
        fc.array(fc.string()),
        (answer, values) => {
          expect(withoutValues(saidBy(answer) ?? '', values).length).toBeLessThanOrEqual(160);
        },
      ),
      {numRuns: 300},
    );
    const began = Date.now();
    withoutValues(saidBy(`"${"a'".repeat(8000)}`) ?? '', ['a']);
    expect(Date.now() - began).toBeLessThan(500);
  });
});

const letter = (id: string, failure: Partial<Failure>, more: Partial<DeadLetter> = {}) => ({
  id,
  subject: id,
  kind: 'snapshot' as const,
  failure: {
    kind: 'rejected' as const,
    cause: '400 invalidValue',
    message: 'the target refuses a value',
    status: 400,
    ...failure,
  },
  ...more,
});
const refused = (who: string) =>
  letter(who, {
    exchange: {
      method: 'POST',
      url: 'https://wiki.example/scim/v2/Users',
      requestBody: JSON.stringify({userName: who, name: {givenName: 'Ann', familyName: who}, title: 'Lead'}),
      answerBody: scim(`${who} is not a valid user name`),
    },
  });

describe('the group of a letter', () => {
  test('is one for one cause, whoever it befell', () => {
    const people = ['ann', 'bob-smith', 'Zoë', 'x.y@corp.example', '4711', "O'Neil"];
    expect(new Set(people.map((who) => causeOf(refused(who)).id)).size).toBe(1);
    expect(causeOf(refused('ann'))).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{12}$/),
      kind: 'rejected',
      cause: '400 invalidValue',
      status: 400,
      message: 'the target refuses a value',
      says: '… is not a valid user name',
      isCutOff: false,
    });
  });

  test('is another for another kind, cause, status or word of the target, and for leavers', () => {
    const ids = [
      letter('a', {}),
      letter('a', {kind: 'conflict'}),
      letter('a', {cause: '400 invalidPath'}),
      letter('a', {status: 422}),
      letter('a', {exchange: {method: 'GET', url: 'https://a.example', answerBody: scim('too long')}}),
      letter('a', {exchange: {method: 'GET', url: 'https://a.example', answerBody: scim('too short')}}),
      letter('a', {}, {kind: 'cutOff'}),
    ].map((one) => causeOf(one).id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('of what has no answer is told by the message, without its values', () => {
    const undecodable = {kind: 'undecodable' as const, cause: 'undecodable: mapping of title'};
    const one = (message: string) => causeOf(letter('a', {...undecodable, message}));
    expect(one('mapping of title: at 12: "Chief" is no number').id).toBe(
      one('mapping of title: at 12: "Boss" is no number').id,
    );
  });

  test('names of what was asked for are taken out', () => {
    const exchange = {
      method: 'GET',
      url: 'https://a.example/Users?filter=userName%20eq%20%22bjensen%22',
      answerBody: scim('bjensen matches two accounts'),
    };
    expect(causeOf(letter('a', {exchange})).says).toBe('… matches two accounts');
  });
});
