import {isSensitiveKey} from '../core/sensitive.ts';
import type {ConfigDocument} from './document.ts';
import {below, formsOf, type JsonSchema} from './shape.ts';

/** Whether a value is a plain map of settings. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Templates give texts: where only a number or a boolean fits, a text from a template that says one counts as one. */
export const readTemplates = (
  data: unknown,
  shape: JsonSchema,
  document: Pick<ConfigDocument, 'isTemplate'>,
  path: readonly PropertyKey[],
): unknown => {
  const read = (value: unknown, part: string | number) =>
    readTemplates(value, {anyOf: below(formsOf(shape), part)}, document, [...path, part]);
  if (Array.isArray(data)) return data.map(read);
  if (isObject(data))
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, read(value, key)]));
  if (typeof data !== 'string' || !document.isTemplate(path)) return data;
  const types = formsOf(shape).map(({type}) => type);
  if (types.includes('string')) return data;
  if (types.includes('boolean') && (data === 'true' || data === 'false')) return data === 'true';
  const isNumber = types.includes('integer') || types.includes('number');
  return isNumber && data.trim() !== '' && Number.isFinite(Number(data)) ? Number(data) : data;
};

/** Secrets that were written into the file after all: they are kept out of the log like the others. */
export const writtenSecrets = (data: unknown, key = ''): string[] => {
  if (typeof data === 'string') return [...(isSensitiveKey(key) ? [data] : []), ...addressPassword(data)];
  if (Array.isArray(data)) return data.flatMap((item) => writtenSecrets(item, key));
  return isObject(data) ? Object.entries(data).flatMap(([name, value]) => writtenSecrets(value, name)) : [];
};

/** The password within an address, as written and decoded. */
const addressPassword = (text: string): string[] => {
  if (!text.includes('://') || !URL.canParse(text)) return [];
  const {password} = new URL(text);
  if (password === '') return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
};
