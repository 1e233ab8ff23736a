import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from '@jest/globals';
import {readCommandLine} from './command-line.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Each command line of a document: in its shell blocks, and where `isInline` between backticks too. */
function commandsOf(text: string, isInline: boolean): string[] {
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.split('\n'));
  const inline = [...text.replace(/```[\s\S]*?```/g, '').matchAll(/`(avro-scim [^`]+)`/g)].map(
    ([, line = '']) => line,
  );
  return [...blocks.map((line) => line.trim()), ...(isInline ? inline : [])]
    .filter((line) => line.startsWith('avro-scim '))
    .map((line) => line.replace(/\s+#.*$/, ''));
}

/** As a shell splits a line of words and quoted texts. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)]
    .map(([, single, double, bare]) => single ?? double ?? bare ?? '')
    .slice(1);

/** What is said of a command in general. */
const isPattern = (line: string): boolean => /[|<$]|…$/.test(line);

const documents = ['docs/runbook.md', 'docs/operations.md', 'docs/dead-letters.md', 'docs/cluster.md'];
const lines = documents.flatMap((file) =>
  [...new Set(commandsOf(read(file), !file.endsWith('dead-letters.md')))]
    .filter((line) => !isPattern(line))
    .map((line) => [file, line] as const),
);

test.each(lines)('%s: %s', async (_file, line) => {
  const named = await readCommandLine(wordsOf(line));
  expect(named).toMatchObject({command: {name: expect.any(String)}});
});

test('enough of them are found, and a wrong one is refused', async () => {
  expect(lines.length).toBeGreaterThan(40);
  expect(await readCommandLine(wordsOf('avro-scim target list --targets wiki'))).toBe(2);
  expect(await readCommandLine(wordsOf('avro-scim subject erase'))).toBe(2);
});

/** `Tried: `path` "a title"; "another" · `path` "…"`: what stands behind a section. */
const triedOf = (section: string) =>
  [...section.matchAll(/`((?:test|src|scripts)\/[^`]+\.(?:test\.ts|yaml))`((?:[ ;]+"[^"]+")*)/g)].map(
    ([, file = '', titles = '']) => ({
      file,
      titles: [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
    }),
  );

const sections = read('docs/runbook.md').split(/^## /m).slice(1);
test.each(sections.map((text) => [text.split('\n')[0] ?? '', text]))(
  'the runbook names what was tried: %s',
  (_name, text) => {
    const tried = triedOf(text.replaceAll(/\s*\n\s*/g, ' '));
    expect(tried.length).toBeGreaterThan(0);
    for (const {file, titles} of tried) {
      expect(titles).not.toEqual([]);
      expect(existsSync(join(root, file))).toBe(true);
      const source = read(file);
      for (const title of titles) expect(source).toContain(title);
    }
  },
);
