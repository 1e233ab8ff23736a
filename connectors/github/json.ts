import type {Json} from '../../src/core/resource.ts';

/** A number or a text as a part of an address. */
export const idOf = (value: Json | undefined): string =>
  typeof value === 'number' || typeof value === 'string' ? encodeURIComponent(value) : 'unknown';
