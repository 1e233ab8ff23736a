import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import project from '../../../package.json' with {type: 'json'};
import type {Command} from '../command.ts';
import {manifests} from '../connector-of.ts';

/** From the sources, and from what is built of them. */
const places = ['../../../templates/connector/', '../../../../templates/connector/'];

/** `connectors new NAME`: a connector of a service that is made up, with its double and its contract test: a start for a real one. */
export const connectorsNew: Command = {
  name: 'connectors new',
  describe: 'write a working connector, with a double of its service and its contract test, to start from',
  arguments: [{name: '<name>', describe: 'its id: small letters, digits and hyphens'}],
  options: [
    {flags: '--dir <folder>', describe: 'where its folder is made; here unless said', completes: 'files'},
  ],
  run: (context) => {
    const [name = ''] = context.arguments;
    const {dir} = context.options;
    const folder = join(typeof dir === 'string' ? dir : '.', name);
    const refusal = refusalOf(name, folder);
    if (refusal !== undefined) {
      context.complain(refusal);
      return Promise.resolve(2);
    }
    const files = write(name, folder);
    if (context.json) context.print(JSON.stringify({folder: resolve(folder), files}, null, 2));
    else {
      for (const file of files) context.print(join(folder, file));
      context.print(`test it:    avro-scim connectors test ${folder}`);
      context.print('then put the calls of your service in place of those that are made up');
    }
    return Promise.resolve(0);
  },
};

const refusalOf = (name: string, folder: string): string | undefined => {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name))
    return `expected a name of small letters, digits and hyphens, found "${name}"`;
  if (manifests.some(({id}) => id === name))
    return `${name} is a connector of the program: take another name`;
  if (existsSync(folder)) return `${folder} is there already: nothing was written`;
  return undefined;
};

/** Writes the files, renamed; gives their names. */
const write = (name: string, folder: string): string[] => {
  const template = places.map((place) => new URL(place, import.meta.url)).find((place) => existsSync(place));
  if (template === undefined) throw new Error('templates/connector is missing from this installation');
  const title = name.replaceAll(/(?:^|-+)([a-z0-9]?)/g, (_, letter: string) => letter.toUpperCase());
  const files = new Map(
    readdirSync(template).map((file): [string, string] => {
      const text = readFileSync(new URL(file, template), 'utf8');
      return [file, text.replaceAll('deskbook', name).replaceAll('Deskbook', title)];
    }),
  );
  files.set('package.json', packageText(name));
  mkdirSync(folder, {recursive: true});
  for (const [file, text] of files) writeFileSync(join(folder, file), text, {flag: 'wx'});
  return [...files.keys()].sort();
};

const packageText = (name: string): string => {
  const content = {
    name: `avro-scim-${name}`,
    version: '0.1.0',
    private: true,
    type: 'module',
    exports: './index.ts',
    scripts: {test: 'avro-scim connectors test .'},
    devDependencies: {'avro-scim': project.version},
  };
  return `${JSON.stringify(content, null, 2)}\n`;
};
