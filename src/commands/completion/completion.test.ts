import {describe, expect, test} from '@jest/globals';
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {commonOptions} from '../command.ts';
import {commands} from '../index.ts';
import {bashScript} from './bash.ts';
import {placesOf, valuesOf} from './words.ts';
import {zshScript} from './zsh.ts';

const places = placesOf(commands);
const values = valuesOf(commands);
const isHere = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;
const shells = [
  {
    name: 'bash',
    script: bashScript(places, values),
    flags: ['--norc', '--noprofile'],
    probe: `
complete -p avro-scim >/dev/null || exit 9
offers() { COMP_WORDS=(avro-scim "$@"); COMP_CWORD=$#; COMPREPLY=(); _avro_scim; printf '%s\\n' "\${COMPREPLY[@]}"; }`,
  },
  {
    name: 'zsh',
    script: zshScript(places, values),
    flags: ['-f'],
    // What zsh would offer, as lines; it matches them with what is typed itself.
    probe: `
_describe() { local name=\${@[-1]}; print -rl -- "\${(@)\${(@P)name}%%:*}" }
_files() { local -a all; all=("$PREFIX"*(N)); print -rl -- $all }
_message() { : }
compadd() { if [[ $1 == -a ]]; then print -rl -- "\${(@P)2}"; else shift; print -rl -- "$@"; fi }
offers() { words=(avro-scim "$@"); CURRENT=$#words; PREFIX=\${@[-1]}; _avro_scim | grep -e "^$PREFIX"; }`,
  },
];

/** bash gives `--target=w` as three words. */
const takenApart: [string[], string[]][] = [
  [
    ['run', '--target', '=', 'w'],
    ['wiki', 'warehouse'],
  ],
  [
    ['run', '--config', '=', 'c.yaml', '--target', '='],
    ['wiki', 'warehouse', 'desk', '$(touch executed)'],
  ],
];

/** What a shell offers after each of these lines, the last word being typed. */
function offered(
  {script, probe, flags, name}: (typeof shells)[number],
  lines: readonly string[][],
): string[][] {
  const folder = mkdtempSync(join(tmpdir(), 'completion-'));
  try {
    writeFileSync(join(folder, 'script'), script);
    writeFileSync(join(folder, 'events.jsonl'), '');
    const asked = lines.map((words) => `echo '>'; offers ${words.map((word) => `'${word}'`).join(' ')}`);
    const program = `compdef() { :; }
avro-scim() { printf '%s\\n' wiki warehouse desk '$(touch executed)'; echo "$*" >>asked; }
. ./script
${probe}
${asked.join('\n')}
echo '>'; ls`;
    const {stdout, stderr, status} = spawnSync(name, [...flags, '-c', program], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (status !== 0 || stderr !== '') throw new Error(`${name} ended with ${String(status)}: ${stderr}`);
    const parts = stdout.split(/^>\n/m).slice(1);
    return parts.map((part) => part.split('\n').filter((line) => line !== ''));
  } finally {
    rmSync(folder, {recursive: true});
  }
}

// zsh is not everywhere.
describe.each(shells.filter(({name}) => name === 'bash' || isHere(name)))('$name', (shell) => {
  test('offers commands, options, targets and files where they may stand, and nothing else', () => {
    const cases: [string[], string[]][] = [
      [['dead-letters', 're'], ['retry']],
      [['dead-letters', 'list', '--tar'], ['--target']],
      [
        ['holds', 'list', '--target', 'w'],
        ['wiki', 'warehouse'],
      ],
      [['target', 'pause', 'd'], ['desk']],
      [['target', 'pause', '--reason', ''], []],
      [['subject', 're'], ['replay']],
      [['subject', '--target', 'wiki', 'u1', '--rev'], ['--reveal']],
      [['publish', 'ev'], ['events.jsonl']],
      [['run', '--config', 'ev'], ['events.jsonl']],
      [['completion', 'ba'], ['bash']],
      ...(shell.name === 'bash' ? takenApart : []),
    ];
    const found = offered(
      shell,
      cases.map(([words]) => words),
    );
    for (const [i, [words, expected]] of cases.entries())
      expect({words, offers: found[i]}).toEqual({words, offers: expected});
    // A name is a name, whatever stands in it.
    expect(found.at(-1)).not.toContain('executed');
  });

  test('knows every command and all of its options', () => {
    const paths = commands.map(({name}) => name.split(' '));
    const found = offered(shell, [...paths.map((path) => [...path, '--']), ['']]);
    for (const [i, {options = []}] of commands.entries()) {
      const flags = [...options, ...Object.values(commonOptions)].map((one) => one.flags.split(' ')[0]);
      expect(found[i]?.toSorted()).toEqual([...flags, '--help'].toSorted());
    }
    const first = new Set(paths.map(([word]) => word));
    expect(found.at(-2)).toEqual([...first, '--version']);
  });
});

test('one name of an option is the same thing wherever it stands', () => {
  const takesValue = new Map<string, boolean>();
  for (const {flags} of commands.flatMap(({options = []}) => options)) {
    const [name = '', value] = flags.split(' ');
    expect({name, takes: takesValue.get(name) ?? value !== undefined}).toEqual({
      name,
      takes: value !== undefined,
    });
    takesValue.set(name, value !== undefined);
  }
});
