const markup = Symbol('markup');

/** Markup that may be sent: {@link html} alone makes it, so that whatever else stands in a page was escaped. */
export interface Html {
  readonly [markup]: string;
}

/** What may stand in a template: markup as it is, text escaped, lists one after another, nothing for what is absent. */
export type Part = Html | string | number | undefined | false | readonly Part[];

/** Markup from a template. Values stand in text or between double quotes: there no text can end where it stands. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  [markup]: strings.reduce((text, string, i) => `${text}${textOf(parts[i - 1])}${string}`),
});

const textOf = (part: Part): string => {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string') return escape(part);
  if (typeof part === 'number') return String(part);
  return markup in part ? part[markup] : part.map(textOf).join('');
};

const escaped: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (char) => escaped[char] ?? char);

/** The text of a whole page. */
export const pageText = (page: Html): string => page[markup];

/** An address of the console; what is absent or empty is left out of the query. */
export function address(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
