import type {HttpAnswer} from './connector.ts';

/** The first of a header's values. */
export const first = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/** The service's clock when it answered, in ms since the epoch, to the second. */
export function dateOf(headers: HttpAnswer['headers']): number | undefined {
  const ms = Date.parse(first(headers['date']) ?? '');
  return Number.isFinite(ms) ? ms : undefined;
}
