import {html, type Html} from './html.ts';

/** A number as a person reads it: 12,345. */
export const numberText = (value: number): string => value.toLocaleString('en-US');

/** A sentence in which names of settings and commands stand between backticks. */
export const prose = (text: string): Html =>
  html`${text.split('`').map((part, i) => (i % 2 === 0 ? part : html`<code>${part}</code>`))}`;

/** One, or many, of something. */
export const countText = (count: number, one: string, many = `${one}s`): string =>
  `${numberText(count)} ${count === 1 ? one : many}`;

const steps = [
  ['s', 1],
  ['min', 60],
  ['h', 3600],
  ['d', 86_400],
] as const;

/** A span in its largest unit: `45 s`, `3 h`; tenths below ten seconds. */
export function spanText(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'over a day';
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const [unit, length] = steps.findLast(([, least]) => seconds >= least) ?? steps[0];
  return `${numberText(Math.round(seconds / length))} ${unit}`;
}

/** A moment, and how far from now it is. Absent: a dash. */
export function time(iso: string | undefined, now: number): Html {
  if (iso === undefined) return html`–`;
  const seconds = (now - Date.parse(iso)) / 1000;
  const far = Math.abs(seconds) < 1 ? 'now' : spanText(Math.abs(seconds));
  const told = far === 'now' ? far : seconds > 0 ? `${far} ago` : `in ${far}`;
  const read = iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
  return html`<time datetime="${iso}">${read} <span class="muted">(${told})</span></time>`;
}

/** Milliseconds since the epoch as {@link time} shows them. */
export const timeAt = (ms: number | undefined, now: number): Html =>
  time(ms === undefined || Math.abs(ms) > farthestMs ? undefined : new Date(ms).toISOString(), now);

/** ECMA-262: no date is further from 1970. */
const farthestMs = 8.64e15;
