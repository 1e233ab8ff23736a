import {readFileSync} from 'node:fs';
import {targetNames} from '../config/target-names.ts';
import type {Command} from './command.ts';
import {bashScript} from './completion/bash.ts';
import {placesOf, valuesOf} from './completion/words.ts';
import {zshScript} from './completion/zsh.ts';

const scripts = {bash: bashScript, zsh: zshScript};
const isShell = (name: string | undefined): name is keyof typeof scripts =>
  name !== undefined && name in scripts;

/** `completion`: a shell's completion for all of `commands`, itself among them. */
export const completionOf = (commands: () => readonly Command[]): Command => ({
  name: 'completion',
  describe: 'print the completion script of a shell',
  arguments: [
    {
      name: '<shell>',
      describe: 'bash or zsh; or targets, for the names in the config, which the scripts ask for',
      completes: Object.keys(scripts),
    },
  ],
  run: ({arguments: [what], configPath, json, print, complain}) => {
    if (what === 'targets') {
      const names = namesIn(configPath);
      if (json) print(JSON.stringify({targets: names}));
      else for (const name of names) print(name);
      return Promise.resolve(0);
    }
    if (!isShell(what)) {
      complain(`completion: expected ${Object.keys(scripts).join(' or ')}, found ${what ?? 'nothing'}`);
      return Promise.resolve(2);
    }
    const script = scripts[what](placesOf(commands()), valuesOf(commands()));
    print(json ? JSON.stringify({shell: what, script}) : script);
    return Promise.resolve(0);
  },
});

/** Without a config there are none: a shell that completes must not complain. */
function namesIn(path: string): string[] {
  try {
    return targetNames(readFileSync(path, 'utf8'));
  } catch {
    return [];
  }
}
