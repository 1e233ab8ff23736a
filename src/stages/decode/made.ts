import type {Type} from 'avsc';
import type {Json} from '../../core/resource.ts';
import {
  isArray,
  isDate,
  isDecimal,
  isEnum,
  isFixed,
  isLogical,
  isMap,
  isRecord,
  isUnion,
  valuesOf,
} from './kinds.ts';

/** How much of a record is made: all that may be there, or only what must be. */
export type Fullness = 'full' | 'least';

/** A made-up record of a schema, as the decoder would give it to a map: the same one each time. */
export function madeRecord(type: Type, fullness: Fullness): Json {
  return make(type, fullness, 0);
}

/** Of a type that holds itself, so many inside each other. */
const maxDepth = 8;

function make(type: Type, fullness: Fullness, depth: number): Json {
  if (isUnion(type)) return makeUnion(type.types, fullness, depth);
  if (isRecord(type)) {
    const fields = type.fields.map((field): [string, Json] => [
      field.name,
      make(field.type, fullness, depth + 1),
    ]);
    return Object.fromEntries(fields);
  }
  const isEmpty = fullness === 'least' || depth > maxDepth;
  if (isArray(type)) return isEmpty ? [] : [make(type.itemsType, fullness, depth + 1)];
  if (isMap(type)) return isEmpty ? {} : {name: make(valuesOf(type), fullness, depth + 1)};
  if (isDecimal(type)) return type.scale === 0 ? '1' : `1.${'0'.repeat(type.scale)}`;
  if (isDate(type)) return '2026-01-31';
  if (isLogical(type)) return make(type.underlyingType, fullness, depth);
  if (isEnum(type)) return type.symbols[0] ?? '';
  if (isFixed(type)) return Buffer.alloc(type.size).toString('base64');
  return makePrimitive(type.typeName);
}

function makeUnion(branches: readonly Type[], fullness: Fullness, depth: number): Json {
  const isEmpty = fullness === 'least' || depth > maxDepth;
  if (isEmpty && branches.some(({typeName}) => typeName === 'null')) return null;
  const branch = branches.find(({typeName}) => typeName !== 'null');
  return branch ? make(branch, fullness, depth) : null;
}

function makePrimitive(typeName: string): Json {
  switch (typeName) {
    case 'null':
      return null;
    case 'boolean':
      return true;
    case 'string':
      return 'text';
    case 'bytes':
      return '';
    default:
      return 1;
  }
}
