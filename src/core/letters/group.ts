import {hash} from 'node:crypto';
import type {FailureKind} from '../failure.ts';
import {isObject, parseJson} from '../json.ts';
import type {DeadLetter} from '../parked.ts';
import type {Json} from '../resource.ts';
import {saidBy, withoutValues} from './said.ts';

/** What the letters of one group have in common: one cause, whoever it befell. */
export interface LetterCause {
  /** Twelve hexadecimal digits, the same for the same cause at every target; or {@link otherGroup}. */
  id: string;
  /** `other` for {@link otherGroup} alone. */
  kind: FailureKind | 'other';
  cause: string;
  status?: number;
  /** What the program says of the failure, without values. */
  message: string;
  /** What the target says, with `…` and `#` in place of values. */
  says?: string;
  /** Cut-offs: somebody who left still has access. */
  isCutOff: boolean;
}

/** Where the letters of causes stand for which there are too many groups already. */
export const otherGroup = 'other';

const idDigits = 12;

/** Which group a letter belongs to. Pure: what tells people apart is taken out, so that one cause makes one group. */
export function causeOf(
  letter: Pick<DeadLetter, 'id' | 'kind' | 'failure' | 'subject' | 'member' | 'managerId'>,
): LetterCause {
  const {kind, cause, status, message, exchange} = letter.failure;
  const values = [...valuesOf(exchange?.requestBody), ...named(letter), ...inAddress(exchange?.url)];
  const said = saidBy(exchange?.answerBody);
  const shown = {
    kind,
    cause: cause.slice(0, 200),
    ...(status !== undefined && {status}),
    message: withoutValues(message, values),
    ...(said !== undefined && {says: withoutValues(said, values)}),
    isCutOff: letter.kind === 'cutOff',
  };
  return {id: hash('sha256', JSON.stringify(shown)).slice(0, idDigits), ...shown};
}

const named = ({subject, member, managerId}: Parameters<typeof causeOf>[0]): string[] =>
  [subject, member?.subject, managerId].filter((one) => one !== undefined);

/** The last part of the path names an account; what is asked for stands in the query. */
function inAddress(url: string | undefined): string[] {
  const parsed = url === undefined ? null : URL.parse(url);
  if (!parsed) return [];
  const parts = parsed.pathname
    .split('/')
    .slice(-2)
    .filter((part) => /\d|%/.test(part));
  const asked = [...parsed.searchParams.values()];
  const quoted = asked.flatMap((text) =>
    [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, inner = '']) => inner),
  );
  return [...parts, ...asked, ...quoted];
}

/** Enough for any person; a list of members has ids, which are told by their form. */
const mostValues = 200;

function valuesOf(body: string | undefined): string[] {
  const found: string[] = [];
  const walk = (value: Json): void => {
    if (found.length >= mostValues) return;
    if (typeof value === 'string') {
      if (!value.startsWith('urn:')) found.push(value);
    } else if (Array.isArray(value)) value.forEach(walk);
    else if (isObject(value)) Object.values(value).forEach(walk);
  };
  walk(parseJson(body ?? '') ?? null);
  return found;
}
