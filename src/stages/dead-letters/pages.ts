import {Buffer} from 'node:buffer';
import type {Place, Span} from '../state/line.ts';
import type {Scripts} from '../state/scripts.ts';

/** The next places behind one, so many at most, in the time line with this name. */
export type PageOf = (line: string, span: Span, after: Place | undefined, most: number) => Promise<Place[]>;

/** Where all letters of a target stand, and where those of one group do. */
export const allLetters = 'dlz';
export const lineOf = (group: string): string => `dlg:${group}`;

/** Reads time lines by a script that costs the same wherever a page begins. */
export const pagesBy =
  (run: Scripts<'page'>): PageOf =>
  async (line, {since, until}, after, most) => {
    const span = [since ?? '-inf', until ?? '+inf'];
    const flat = (await run.page([line, ...span, after?.at ?? '', after?.id ?? '', most])) as Buffer[];
    const places: Place[] = [];
    for (let i = 0; i + 1 < flat.length; i += 2)
      places.push({id: String(flat[i]), at: Number(String(flat[i + 1]))});
    return places;
  };

/** As Redis orders what has one time. */
export const compare = (a: Place, b: Place): number =>
  a.at - b.at || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id));
