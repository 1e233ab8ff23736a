import {test} from './cases.ts';
import {expect} from './expect.ts';
import type {Result} from '../../../src/core/failure.ts';
import {options, type Answered, type Bench} from './bench.ts';
import {callsOf} from './calls.ts';

/** What no service documents, and proxies, sign-in pages and broken releases answer all the same. */
const nobodysAnswers: [string, Answered][] = [
  [
    'a page in place of an answer',
    {status: 200, headers: {'content-type': 'text/html'}, text: '<html>sign in</html>'},
  ],
  [
    'half of an answer',
    {status: 200, headers: {'content-type': 'application/json'}, text: '{"id": "7", "userName": "a'},
  ],
  [
    'another kind of content',
    {status: 201, headers: {'content-type': 'application/xml'}, text: '<user id="7"/>'},
  ],
  ['a teapot', {status: 418, text: 'short and stout'}],
  ['a redirect', {status: 302, headers: {location: 'https://elsewhere.example/'}, text: 'elsewhere'}],
];

/** Well formed, and without what the call was made for. */
const emptyAnswers: [string, Answered][] = [
  ['an object without an id', {status: 200, text: '{}'}],
  ['nothing', {status: 200, text: ''}],
];

/** Calls whose answer has to say something: what is there, or what was made. */
const isAsking = (name: string): boolean =>
  /^(find|get|has member|create|create group)$/.test(name) || name.endsWith(': verify');

export function undocumentedContract(on: () => Bench): void {
  const eachCall = async (
    answer: Answered,
    expects: (name: string, result: Result<unknown>) => void,
  ): Promise<void> => {
    const {during, counting} = on();
    for (const [name, call] of await callsOf(on())) {
      let result: Result<unknown> | undefined;
      const sent = await counting(async () => (result = await during(answer, () => call(options()))));
      // Nothing was asked, so nothing was answered.
      if (sent > 0 && result) expects(name, result);
    }
  };

  test.each(nobodysAnswers)('%s is rejected, and kept for a person', async (_name, answer) => {
    await eachCall(answer, (name, result) => {
      const failure = {kind: 'rejected', exchange: {answerBody: answer.text}};
      expect([name, result]).toMatchObject([name, {ok: false, failure}]);
      // A create may have been carried out all the same.
      if (name === 'create' && answer.status < 300)
        expect(result).toMatchObject({failure: {maybeDone: true}});
    });
  });

  test.each(emptyAnswers)('%s is no answer to a question', async (_name, answer) => {
    await eachCall(answer, (name, result) => {
      if (!isAsking(name)) return;
      const kept = answer.text ? {exchange: {answerBody: answer.text}} : {};
      expect([name, result]).toMatchObject([name, {ok: false, failure: {kind: 'rejected', ...kept}}]);
    });
  });
}
