import type {SourceRecord} from '../../core/change.ts';
import type {Failure} from '../../core/failure.ts';
import type {DeadLetter, LaneEntry} from '../../core/parked.ts';

const masked = '[masked]';

/**
 * A letter or a parked change as it is shown: names stay, values of bodies, headers and queries are masked, unless a person
 * asks to see them (`reveal`). Bytes are base64.
 */
export const shown = (parked: LaneEntry | DeadLetter, reveal: boolean): object => {
  const {record, failure, ...rest} = parked;
  return {
    ...rest,
    ...(failure && {failure: shownFailure(failure, reveal)}),
    ...(record && {record: shownRecord(record, reveal)}),
  };
};

const shownRecord = ({key, value, headers, ...place}: SourceRecord, reveal: boolean): object => ({
  ...place,
  key: key && key.toString('utf8'),
  value: value && (reveal ? value.toString('base64') : `[${value.length} bytes]`),
  headers: reveal ? headers : Object.fromEntries(Object.keys(headers).map((name) => [name, masked])),
});

type Told = Pick<Failure, 'kind' | 'cause' | 'message' | 'exchange'>;

const shownFailure = ({exchange, ...failure}: Told, reveal: boolean): object => {
  if (exchange === undefined || reveal) return {...failure, ...(exchange && {exchange})};
  const {method, url, requestBody, answerBody} = exchange;
  return {
    ...failure,
    exchange: {
      method,
      url: url.replace(/\?.*$/s, `?${masked}`),
      ...(requestBody !== undefined && {requestBody: maskBody(requestBody)}),
      ...(answerBody !== undefined && {answerBody: maskBody(answerBody)}),
    },
  };
};

/** The shape of a JSON body; of anything else only how long it is. */
const maskBody = (body: string): unknown => {
  try {
    return maskValue(JSON.parse(body));
  } catch {
    return `[${body.length} characters]`;
  }
};

const maskValue = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(maskValue);
  if (typeof value !== 'object' || value === null) return value === null ? null : masked;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, maskValue(inner)]));
};
