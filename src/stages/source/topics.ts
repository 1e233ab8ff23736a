/** Which of the topics that exist are wanted, sorted, and which wanted names do not exist. */
export function matchTopics(
  existing: readonly string[],
  wanted: readonly (string | RegExp)[],
  ownTopics: (topic: string) => boolean,
): {present: string[]; missing: string[]} {
  const names = wanted.filter((topic) => typeof topic === 'string');
  // A pattern with the flags g or y would remember where it matched last.
  const patterns = wanted
    .filter((topic) => typeof topic !== 'string')
    .map((pattern) => new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')));
  const matched = existing.filter(
    (topic) =>
      !topic.startsWith('__') && !ownTopics(topic) && patterns.some((pattern) => pattern.test(topic)),
  );
  const present = names.filter((name) => existing.includes(name));
  return {
    present: [...new Set([...present, ...matched])].sort(),
    missing: names.filter((name) => !existing.includes(name)),
  };
}
