import type {HttpRequest} from './connector.ts';
import {failed, type Failure, type Result} from './failure.ts';

export type Exchange = NonNullable<Failure['exchange']>;

const keptBodyChars = 16_384;

/** The exchange for an operator: no header, no user info of the URL, and a credential that the answer repeats is taken out. */
export function exchangeOf(request: HttpRequest, answerText: string): Exchange {
  const {origin, pathname, search} = request.url;
  const secret = request.headers?.['authorization']?.split(' ').at(-1);
  // A shorter one protects nothing, and would take letters out of the codes that connectors read.
  const clean = secret && secret.length >= 6 ? answerText.replaceAll(secret, '[secret]') : answerText;
  return {
    method: request.method,
    url: origin + pathname + search,
    ...(request.body === undefined ? {} : {requestBody: cut(request.body)}),
    ...(clean === '' ? {} : {answerBody: cut(clean)}),
  };
}

/** A cut may go through the middle of an emoji, and half of one is not text. */
const cut = (text: string): string => text.slice(0, keptBodyChars).toWellFormed();

/** A 2xx that can not be read. A write may have been carried out all the same; some POSTs read. */
export const unread = (
  exchange: Exchange,
  status: number,
  why: Pick<Failure, 'kind' | 'message' | 'cause'>,
  isRead = exchange.method === 'GET',
): Result<never> => failed({...why, status, ...(isRead ? {} : {maybeDone: true}), exchange});
