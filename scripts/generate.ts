import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {format, resolveConfig} from 'prettier';
import {connectors} from '../connectors/index.ts';
import {profileNames, profileOf} from '../connectors/scim/profile.ts';
import {commands} from '../src/commands/index.ts';
import {exampleYaml} from '../src/config/example.ts';
import {configJsonSchema} from '../src/config/json-schema.ts';
import {configSchema} from '../src/config/schema.ts';
import {shapeOf} from '../src/config/shape.ts';
import {valueTable} from './chart/values-text.ts';
import {valuesSchema} from './chart/values.ts';
import {commandList, commonList} from './command-list.ts';
import {dashboardJson} from './dashboard.ts';
import {fieldTable} from './field-table.ts';
import {metricTable} from './metric-table.ts';

const root = join(import.meta.dirname, '..');

/** Everything in the repository that is written by this script, by path: the text that it must have. */
export const generate = async (): Promise<Map<string, string>> => {
  const files = new Map<string, string>();
  const manifests = connectors.map(({manifest}) => manifest);
  const add = async (path: string, text: string): Promise<void> => {
    const options = await resolveConfig(join(root, path));
    files.set(path, await format(text, {...options, filepath: path}));
  };
  await add('config/avro-scim.example.yaml', exampleYaml());
  await add('config/avro-scim.schema.json', JSON.stringify(configJsonSchema(manifests)));
  const withTable = (path: string, table: string): string => between('fields', read(path), path, table);
  await add('docs/configuration.md', withTable('docs/configuration.md', fieldTable(shapeOf(configSchema))));
  await add('docs/commands.md', withCommands('docs/commands.md'));
  await add('config/monitoring/dashboard.json', dashboardJson());
  await add('docs/metrics.md', between('metrics', read('docs/metrics.md'), 'docs/metrics.md', metricTable()));
  await addChart(add);
  await add('docs/connectors.md', withTemplates('docs/connectors.md'));
  for (const {id, configSchema: schema} of manifests) {
    const path = `connectors/${id}/README.md`;
    const page = withTable(path, fieldTable(shapeOf(schema)));
    await add(path, id === 'scim' ? between('profiles', page, path, profileTable()) : page);
  }
  return files;
};

const chart = 'helm/avro-scim';

/** What of the chart follows from the program: its values' schema, their table, the alerts, its version. */
const addChart = async (add: (path: string, text: string) => Promise<void>): Promise<void> => {
  const values = read(`${chart}/values.yaml`);
  await add(`${chart}/values.schema.json`, JSON.stringify(valuesSchema(values)));
  const page = `${chart}/README.md`;
  await add(page, between('values', read(page), page, valueTable(values)));
  await add(`${chart}/files/alerts.yaml`, read('config/monitoring/alerts.yaml'));
  const {version} = JSON.parse(read('package.json')) as {version: string};
  const versions = /^(version|appVersion): .*$/gm;
  await add(`${chart}/Chart.yaml`, read(`${chart}/Chart.yaml`).replaceAll(versions, `$1: ${version}`));
};

/** A page with every command and what it takes. */
const withCommands = (path: string): string =>
  between('commands', between('common', read(path), path, commonList()), path, commandList(commands));

/** A page of people's own words, with the table between its marks put in place. */
const between = (name: string, page: string, path: string, table: string): string => {
  const begin = `<!-- ${name}: written by npm run generate -->`;
  const end = `<!-- /${name} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${path}: expected the lines ${begin} and ${end}`);
  return `${page.slice(0, from)}${begin}\n\n${table}\n\n${page.slice(to)}`;
};

/** The profiles that are here: what is special about each, and where its service says so. */
const profileTable = (): string => {
  const rows = profileNames.map((name) => {
    const {about = '', sources} = profileOf(name);
    const links = sources.map((url) => `<${url}>`).join(', ');
    return `| \`${name}\` | ${about} | ${links} |`;
  });
  return ['| profile | what is special | where it says so |', '| --- | --- | --- |', ...rows].join('\n');
};

/** A page whose blocks that are named `deskbook/FILE` have the text of that file of the template. */
const withTemplates = (path: string): string =>
  read(path).replaceAll(
    /^(```ts deskbook\/(.+)\n)[^]*?^```$/gm,
    (_, head: string, file: string) => `${head}${read(`templates/connector/${file}`)}\`\`\``,
  );

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const readIfThere = (path: string): string | undefined => {
  try {
    return read(path);
  } catch {
    return undefined;
  }
};

const main = async (isCheck: boolean): Promise<number> => {
  const stale = [...(await generate())].filter(([path, text]) => readIfThere(path) !== text);
  for (const [path, text] of stale) {
    if (isCheck) console.error(`stale: ${path} (npm run generate writes it)`);
    else writeFileSync(join(root, path), text);
  }
  return isCheck && stale.length > 0 ? 1 : 0;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = await main(process.argv.includes('--check'));
}
