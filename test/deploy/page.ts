import {readFileSync} from 'node:fs';
import {join} from 'node:path';

const page = readFileSync(join(import.meta.dirname, '../../docs/deploy.md'), 'utf8');

/** The files that docs/deploy.md shows, by name: blocks of code whose first line names one. */
export const shownFiles = new Map(
  [...page.matchAll(/^```(?:yaml|json|text) (\S+)\n([^]*?)^```$/gm)].map(([, name = '', text = '']) => [
    name,
    text,
  ]),
);

/** One command of docs/deploy.md. `files`: those that it reads or writes by the shell; `flags`: with their values. */
export interface ShownCommand {
  line: string;
  words: string[];
  flags: [name: string, value: string][];
  /** What stands behind `--`. */
  inner: string[];
  reads?: string;
}

const partsOf = (text: string): string[] => [...text.matchAll(/'[^']*'|\S+/g)].map(([part]) => part);

const withoutValue = new Set(['--wait', '--logs', '--ignore-not-found', '-i']);

/** Every line of its blocks of shell, and every command of kubectl within its sentences. */
export const shownCommands: ShownCommand[] = [
  ...[...page.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = '']) => block.trim().split('\n')),
  ...[...page.matchAll(/`(kubectl [^`\n]+)`/g)].map(([, line = '']) => line),
].map(readCommand);

function readCommand(line: string): ShownCommand {
  const [command = '', redirected] = line.split(/ [<>] /);
  const reads = line.includes(' < ') ? redirected : undefined;
  const [outer = '', inner = ''] = command.split(' -- ');
  const words: string[] = [];
  const flags: [string, string][] = [];
  const parts = partsOf(outer);
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] ?? '';
    const [name = '', value] = part.split(/=(.*)/s);
    if (!part.startsWith('-')) words.push(part);
    else if (value !== undefined || withoutValue.has(part)) flags.push([name, value ?? '']);
    else flags.push([part, parts[(at += 1)] ?? '']);
  }
  return {line, words, flags, inner: partsOf(inner), ...(reads === undefined ? {} : {reads})};
}

/** The values of a flag that may stand more than once. */
export const valuesOf = ({flags}: ShownCommand, name: string): string[] =>
  flags.filter(([one]) => one === name).map(([, value]) => value);
