import {isObject, type JsonObject} from '../../../src/core/json.ts';
import type {Json} from '../../../src/core/resource.ts';

interface Term {
  path: string;
  operator: 'eq' | 'gt';
  value: string;
}

/** The part of Okta's filter language that the connector speaks: terms joined by `and`; nothing when it is not that. */
export function parseFilter(text: string): Term[] | undefined {
  const terms: Term[] = [];
  let rest = text;
  for (;;) {
    const match = /^([A-Za-z][\w.]*) (eq|gt) ("(?:[^"\\]|\\.)*")(?: and |$)/.exec(rest);
    if (!match) return undefined;
    const [whole, path = '', operator, value = ''] = match;
    terms.push({path, operator: operator === 'gt' ? 'gt' : 'eq', value: JSON.parse(value) as string});
    rest = rest.slice(whole.length);
    if (rest === '') return whole.endsWith(' and ') ? undefined : terms;
  }
}

function valueAt(row: JsonObject, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((at, name) => (isObject(at) ? at[name] : undefined), row);
}

/** `search` takes upper and lower case for the same, `filter` does not. */
export function fits(row: JsonObject, terms: readonly Term[], isCaseExact: boolean): boolean {
  const fold = (text: string): string => (isCaseExact ? text : text.toLowerCase());
  return terms.every(({path, operator, value}) => {
    const found = valueAt(row, path);
    if (typeof found !== 'string') return false;
    return operator === 'gt' ? found > value : fold(found) === fold(value);
  });
}
