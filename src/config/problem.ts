/** One mistake in the config file: where it stands (from 1), which setting it is, what was expected and found. */
export interface Problem {
  line: number;
  column: number;
  /** The setting, `targets.wiki.rate.requests`; empty for the file itself. */
  path: string;
  message: string;
}

/** A path as a person writes it: `targets.wiki.topics[0]`. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');

/** `file:line:column: setting: what is wrong`, as compilers and editors read it. */
export const problemText = (file: string, {line, column, path, message}: Problem): string =>
  `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`;
