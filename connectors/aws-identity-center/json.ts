import type {Json} from '../../src/core/resource.ts';

export type JsonObject = Record<string, Json>;

/** What a text holds, where it is JSON. */
export function parseJson(text: string): Json | undefined {
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
