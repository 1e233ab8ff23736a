const plain = /^[\w@%+=:,./-]+$/;

/** A command of the program as it is typed into a POSIX shell: an id with spaces or quotes in it stays one word. */
export const typed = (...words: readonly string[]): string => ['avro-scim', ...words.map(asWord)].join(' ');

const asWord = (word: string): string => (plain.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
