import {describe, expect, test} from '@jest/globals';
import {createLog, createRedactor, type LogOptions} from './log.ts';

const logTo = (level: LogOptions['level'], secrets: string[] = []) => {
  const lines: string[] = [];
  const redactor = createRedactor();
  redactor.learn(secrets);
  const log = createLog({level, redactor, destination: {write: (line) => lines.push(line)}});
  return {log, redactor, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>};
};

describe('secrets', () => {
  test('known values are hidden wherever they stand', () => {
    const {log, lines, last} = logTo('info', ['pa"ss/word', 'line-one\nline-two']);
    log.warn(
      {a: {b: ['say pa"ss/word']}, url: 'https://x/?t=pa%22ss%2Fword', line: 'line-two'},
      'told pa"ss/word',
    );
    expect(last()).toMatchObject({
      level: 'warn',
      a: {b: ['say [secret]']},
      url: 'https://x/?t=[secret]',
      line: '[secret]',
      msg: 'told [secret]',
    });
    expect(lines.join()).not.toContain('pa');
  });

  test.each([
    'authorization',
    'Password',
    'clientSecret',
    'bearer',
    'apiKey',
    'privateKey',
    'access_token',
    'key',
  ])('the field %s is hidden', (name) => {
    const {log, last} = logTo('info');
    log.info({headers: {[name]: {any: 'thing'}}}, 'a request');
    expect(last()).toMatchObject({headers: {[name]: '[secret]'}});
  });

  test.each(['tokenUrl', 'credentialAgeSeconds', 'subject', 'keyId'])('the field %s is not', (name) => {
    const {log, last} = logTo('info');
    log.info({[name]: 'worth reading'}, 'a line');
    expect(last()).toMatchObject({[name]: 'worth reading'});
  });

  test('errors keep their words and lose their secrets, causes too', () => {
    const {log, lines, last} = logTo('info', ['hunter22']);
    const cause = Object.assign(new Error('refused hunter22'), {code: 'ECONNREFUSED', password: 'other'});
    log.error({err: new Error('could not ask hunter22', {cause})}, 'a failure');
    expect(last()).toMatchObject({
      err: {
        type: 'Error',
        message: 'could not ask [secret]',
        cause: {code: 'ECONNREFUSED', password: '[secret]'},
      },
    });
    expect(lines.join()).not.toMatch(/hunter22|other/);
  });

  test('an error that refers to itself is written all the same', () => {
    const {log, last} = logTo('info');
    const error: Error & {self?: unknown} = new Error('round');
    error.self = error;
    log.error({err: error}, 'a failure');
    expect(last()).toMatchObject({err: {message: 'round'}});
  });

  test('one learnt later is hidden from then on, in child loggers too', () => {
    const {log, redactor, last} = logTo('info', ['abcd']);
    const child = log.child({from: 'abcd'});
    redactor.learn(['abcdef', 'x']);
    child.info({at: 'abcdef', of: 'x'}, 'a line');
    expect(last()).toMatchObject({from: '[secret]', at: '[secret]', of: 'x'});
  });
});

describe('personal data', () => {
  test('is left out above debug', () => {
    const {log, last} = logTo('debug');
    log.info({subject: 'u1', personal: {userName: 'ada'}}, 'a line');
    expect(last()).toMatchObject({subject: 'u1'});
    expect(last()).not.toHaveProperty('personal');
    log.debug({subject: 'u1', personal: {userName: 'ada'}}, 'a line');
    expect(last()).toMatchObject({personal: {userName: 'ada'}});
  });

  test('lines below the level are not written', () => {
    const {log, lines} = logTo('warn');
    log.info({}, 'a line');
    expect(lines).toEqual([]);
  });
});
