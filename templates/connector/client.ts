import {
  exchangeOf,
  failed,
  failureOfAnswer,
  ok,
  type CallOptions,
  type ConnectorContext,
  type HttpRequest,
  type Result,
  type z,
} from 'avro-scim/connector';
import type {Config} from './manifest.ts';

/** Refusals that are answers: what was asked for is not there, or a name is taken. */
type Word = 'missing' | 'exists';
const words: Readonly<Record<string, Word>> = {
  no_such_person: 'missing',
  no_such_team: 'missing',
  login_taken: 'exists',
  title_taken: 'exists',
};
const statusOf = {missing: 404, exists: 409};

export interface Question<Value, Expected extends Word> {
  method: HttpRequest['method'];
  /** Below the address in the settings: `v1/people/7`. */
  path: string;
  /** What metrics and logs call it: `create person`. */
  operation: string;
  body?: object;
  /** What a success looks like. */
  answer: z.ZodType<Value>;
  /** The refusals that the caller can do something with; any other is a failure. */
  expected: readonly Expected[];
}

/** One request to Deskbook. */
export type Ask = <Value, Expected extends Word = never>(
  question: Question<Value, Expected>,
  options: CallOptions,
) => Promise<Result<Value | Expected>>;

export function createAsk({config, send, now}: ConnectorContext<Config>): Ask {
  return async ({method, path, operation, body, answer, expected}, {signal, urgent}) => {
    // Read at each request: a token that was changed in its file counts at once.
    const {baseUrl, token} = config();
    const request: HttpRequest = {
      method,
      url: new URL(path, baseUrl),
      operation,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : {'content-type': 'application/json'}),
      },
      ...(body === undefined ? {} : {body: JSON.stringify(body)}),
      signal,
      ...(urgent === undefined ? {} : {urgent}),
      accept: expected.map((word) => statusOf[word]),
    };
    const sent = await send(request);
    if (!sent.ok) return sent;
    const json = jsonOf(sent.value.text);
    if (sent.value.status >= 300) {
      // A 404 without Deskbook's own word is a gateway's, and says nothing about the person.
      const word = expected.find((one) => one === wordOf(json));
      return word === undefined ? failed(failureOfAnswer(request, sent.value, now())) : ok(word);
    }
    const parsed = answer.safeParse(json);
    if (parsed.success) return ok(parsed.data);
    return failed({
      kind: 'rejected',
      message: 'the answer is none of Deskbook',
      cause: `${sent.value.status} unreadable`,
      status: sent.value.status,
      ...(method === 'GET' ? {} : {maybeDone: true}),
      exchange: exchangeOf(request, sent.value.text),
    });
  };
}

const jsonOf = (text: string): unknown => {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // No answer of Deskbook is a text: it fits none.
    return text;
  }
};

const wordOf = (json: unknown): Word | undefined =>
  typeof json === 'object' && json !== null && 'error' in json ? words[String(json.error)] : undefined;
