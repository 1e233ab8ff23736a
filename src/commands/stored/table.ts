/** Rows as a table whose columns stand under each other; a cell is cut at `widest` characters. */
export const tableOf = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widest = 40,
): string[] => {
  const cut = (cell: string): string => (cell.length > widest ? `${cell.slice(0, widest - 1)}…` : cell);
  const all = [head, ...rows].map((row) => row.map(cut));
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};

/** Milliseconds since the epoch as a person reads them. */
export const timeOf = (ms: number): string => new Date(ms).toISOString();
