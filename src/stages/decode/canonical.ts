import {existsSync, readFileSync} from 'node:fs';

/** Beside the sources, and two folders up from where the build puts this file. */
const places = ['../../../schemas/identity-event.avsc', '../../../../schemas/identity-event.avsc'];

/** The text of the program's own schema, `schemas/identity-event.avsc`. Throws when the installation lacks it. */
export function readCanonicalSchema(): string {
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (found === undefined) throw new Error('schemas/identity-event.avsc is missing from this installation');
  return readFileSync(found, 'utf8');
}
