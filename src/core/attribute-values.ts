import type {Address, TypedValue} from './event.ts';
import {cleanAddresses, cleanName, cleanValues} from './mapping.ts';
import type {Json} from './resource.ts';
import {resolveAttribute, resolvePart, type Shape} from './scope-attributes.ts';

export type Fitted = {ok: true; value: Json} | {ok: false; message: string};

/**
 * The value of an attribute as SCIM types it (RFC 7643 section 4.1), cleaned as the default mapping cleans it; of a
 * multi-valued one a single value is a list of it alone, as in JSONata. Nothing and an empty text are `null`: cleared,
 * unless the path is one of `needed`.
 */
export function fitAttribute(path: string, value: Json | undefined, needed: readonly string[]): Fitted {
  const fitted = fitShape(shapeOf(path), value ?? null);
  if (typeof fitted === 'string') return {ok: false, message: `${fitted}, found ${shown(value)}`};
  if (fitted.value === null && needed.includes(path))
    return {ok: false, message: 'expected a text, found nothing'};
  return {ok: true, value: fitted.value};
}

function shapeOf(path: string): Shape {
  const ref = resolveAttribute(path);
  if (typeof ref === 'string') return 'any';
  return ref.part === undefined ? ref.shape : (resolvePart(ref.shape, ref.part)?.shape ?? 'any');
}

/** What was expected, as a text, when the value is not of this shape. */
function fitShape(shape: Shape, value: Json): {value: Json} | string {
  if (value === null) return {value};
  switch (shape) {
    case 'any':
      return {value};
    case 'text':
    case 'exact':
      return typeof value === 'string' ? {value: value === '' ? null : value} : 'expected a text';
    case 'boolean':
      return typeof value === 'boolean' ? {value} : 'expected true or false';
    case 'name':
      return hasParts(shape, value) ? {value: cleanName(value) ?? null} : 'expected an object of texts';
    case 'values':
    case 'addresses': {
      const items = Array.isArray(value) ? value : [value];
      if (!items.every((item) => hasParts(shape, item))) return expectedList[shape];
      return {value: clean(shape, items) ?? null};
    }
    default:
      return shape satisfies never;
  }
}

const expectedList = {
  values: 'expected a list of {value, display, type, primary}',
  addresses: 'expected a list of addresses',
};

function clean(shape: 'values' | 'addresses', items: Json[]): Json | undefined {
  return shape === 'values'
    ? cleanValues(items as unknown as TypedValue[])
    : cleanAddresses(items as unknown as Address[]);
}

function hasParts(shape: Shape, value: Json): value is Record<string, Json> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([name, part]) => {
    const known = resolvePart(shape, name);
    if (known?.name !== name) return false;
    return part === null || typeof part === (known.shape === 'boolean' ? 'boolean' : 'string');
  });
}

function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  const words: Record<string, string> = {string: 'a text', number: 'a number', boolean: 'true or false'};
  return words[typeof value] ?? 'an object';
}
