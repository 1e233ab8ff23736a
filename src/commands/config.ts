import {parse} from 'yaml';
import {exampleYaml} from '../config/example.ts';
import {configJsonSchema} from '../config/json-schema.ts';
import type {Command} from './command.ts';
import {manifests} from './connector-of.ts';

/** `config example`: every setting, with what it is for; as JSON what is on alone, which is a config too. */
export const configExample: Command = {
  name: 'config example',
  describe: 'print a commented example of every setting',
  run: (context) => {
    const text = exampleYaml();
    context.print(context.json ? JSON.stringify(parse(text), null, 2) : text.trimEnd());
    return Promise.resolve(0);
  },
};

/** `config schema`: the config file's JSON Schema, for editors and other checks. */
export const configSchemaCommand: Command = {
  name: 'config schema',
  describe: 'print the JSON Schema of the config file',
  run: (context) => {
    context.print(JSON.stringify(configJsonSchema(manifests), null, 2));
    return Promise.resolve(0);
  },
};
