/** How many letters are to be put in, left out or changed (Levenshtein), upper and lower case alike. */
export function editDistance(left: string, right: string): number {
  const [from, to] = [left.toLowerCase(), right.toLowerCase()];
  let row = Array.from({length: to.length + 1}, (_, at) => at);
  for (let i = 0; i < from.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j += 1) {
      const changed = (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The name that is most like `name`, with how far it is from it; nothing where there is none. */
export function nearest(name: string, names: Iterable<string>): {name: string; distance: number} | undefined {
  let best: {name: string; distance: number} | undefined;
  for (const candidate of names) {
    const distance = editDistance(name, candidate);
    if (!best || distance < best.distance) best = {name: candidate, distance};
  }
  return best;
}
