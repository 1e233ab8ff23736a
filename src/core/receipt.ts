/** What a receipt tells of each step, wherever it is kept. */
interface Told {
  steps: readonly {name: string; remains?: string | undefined}[];
  complete: boolean;
}

/** A receipt in words: what was read back, and which access no call could end. */
export function receiptText({steps, complete}: Told): string {
  const ended = steps.map(({name, remains}) =>
    remains === undefined ? name : `${name} (remains: ${remains})`,
  );
  if (!complete) return `not all read back: ${ended.join(', ')}`;
  return `read back: ${ended.length === 0 ? 'there is no account' : ended.join(', ')}`;
}
