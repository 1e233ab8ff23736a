import type {Json} from './resource.ts';

export type JsonObject = Record<string, Json>;

/** What a text holds, where it is JSON. */
export function parseJson(text: string): Json | undefined {
  // A 204 has none, and an exception for each costs more than all else that is done with an answer.
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** The objects of a list; none where it is no list. */
export const objectsOf = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter((one) => isObject(one)) : [];
