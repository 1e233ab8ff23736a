import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {basename} from 'node:path';
import avro, {type Schema, type Type} from 'avsc';
import type {LoadedConfig} from '../config/load.ts';
import {compileExpression, mapBindings, placeText, shapeOfAvro} from '../core/expression.ts';
import {
  compileMapping,
  eventMappings,
  readCanonicalSchema,
  writerOptions,
  type EventMapping,
} from '../stages/decode/index.ts';
import type {Command, CommandContext, ExitCode} from './command.ts';
import {meaningsOf, policiesOf, type Meaning} from './events/meaning.ts';
import {eventOf, readSample, readSamples, type Sample} from './events/samples.ts';

/** `events try FILE --schema FILE.avsc`: what comes of sample records, without any service. */
export const eventsTry: Command = {
  name: 'events try',
  describe:
    'what comes of sample records of a schema of your own: the event, and what it means at each target',
  arguments: [{name: '<file>', describe: 'records as JSON lines, Avro’s JSON or plain', completes: 'files'}],
  options: [
    {flags: '--schema <file>', describe: 'the records’ Avro schema'},
    {
      flags: '--map <file>',
      describe: 'a JSONata map, in place of the one that the config names for the schema',
    },
    {flags: '--key <expression>', describe: 'JSONata for the subject’s id, in place of the config’s'},
  ],
  async run(context) {
    const read = await readInputs(context);
    if (typeof read === 'string') {
      context.complain(`events try: ${read}`);
      return 2;
    }
    return read === undefined ? 2 : tryAll(context, read);
  },
};

interface Inputs {
  file: string;
  samples: Sample[];
  mapping: EventMapping;
  /** Paths of the map that no field of the schema has. */
  strays: string[];
  loaded: LoadedConfig | undefined;
}

/** What to try, or what is wrong with what was asked; nothing after the config's own mistakes were told. */
async function readInputs(context: CommandContext): Promise<Inputs | string | undefined> {
  const [file = ''] = context.arguments;
  const {schema: schemaFile, map: mapFile, key} = context.options;
  if (typeof schemaFile !== 'string') return 'expected --schema <file.avsc>: the Avro schema of the records';
  // A map can be tried before there is a config.
  const isAlone = typeof mapFile === 'string' && !existsSync(context.configPath);
  const loaded = isAlone ? undefined : await context.load();
  if (!isAlone && !loaded) return undefined;
  const schema = await readText(schemaFile, 'an Avro schema');
  const samples = await readText(file, 'JSON lines');
  const map = typeof mapFile === 'string' ? await readText(mapFile, 'a JSONata expression') : undefined;
  for (const one of [schema, samples, map]) if (one && 'problem' in one) return one.problem;
  const type = parseSchema(textOf(schema));
  if (typeof type === 'string') return `${schemaFile}: ${type}`;
  const named = loaded?.config.events.find((event) => event.schema === type.name);
  const given = typeof mapFile === 'string' ? {map: mapFile, text: textOf(map)} : named;
  if (!given)
    return `expected --map <file.jsonata>, or a mapping of ${type.name ?? type.typeName} in the config`;
  const ownKey = typeof key === 'string' ? key : named?.key;
  const mapping = mappingOf({...given, schema: type.name ?? '', key: ownKey});
  if (typeof mapping === 'string') return mapping;
  const strays = mapping.map.strays(shapeOfAvro(type.schema({exportAttrs: true})));
  return {
    file,
    samples: readSamples(textOf(samples), type, basename(file)),
    mapping,
    strays: strays.map((stray) => `${given.map}: ${placeText(stray, given.text)}: ${stray.message}`),
    loaded,
  };
}

type ReadText = {text: string} | {problem: string};

const readText = (file: string, what: string): Promise<ReadText> =>
  readFile(file, 'utf8').then(
    (text) => ({text}),
    () => ({problem: `${file} can not be read: expected a file of ${what}`}),
  );

const textOf = (read: ReadText | undefined): string => (read && 'text' in read ? read.text : '');

function parseSchema(text: string): Type | string {
  try {
    return avro.Type.forSchema(JSON.parse(text) as Schema, writerOptions());
  } catch (error) {
    return `expected an Avro schema: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function mappingOf(event: Parameters<typeof eventMappings>[0][number]): EventMapping | string {
  for (const [what, text] of [
    [event.map, event.text],
    ['--key', event.key],
  ] as const) {
    const compiled = text === undefined ? undefined : compileExpression(text, mapBindings);
    const [problem] = compiled?.ok === false ? compiled.problems : [];
    if (problem) return `${what}: ${placeText(problem, text ?? '')}: ${problem.message}`;
  }
  return eventMappings([event])[0] ?? 'expected a map';
}

/** What came of one line. */
interface Tried {
  line: number;
  event?: Record<string, unknown>;
  skipped?: string;
  problem?: string;
  targets: Meaning[];
}

async function tryAll(context: CommandContext, inputs: Inputs): Promise<ExitCode> {
  const {file, samples, mapping, strays, loaded} = inputs;
  const schema = loaded?.config.event.schema;
  const readerSchema = schema === undefined ? readCanonicalSchema() : await readFile(schema, 'utf8');
  const read = compileMapping(mapping, JSON.parse(readerSchema) as Schema);
  const policies = loaded ? policiesOf(loaded) : [];
  const tried: Tried[] = [];
  for (const sample of samples) {
    const {line} = sample;
    if ('message' in sample) {
      tried.push({line, problem: sample.message, targets: []});
      continue;
    }
    const statement = await readSample(sample, mapping, read);
    if (!statement.ok) tried.push({line, problem: statement.failure.message, targets: []});
    else {
      const event = eventOf(statement.value);
      const reason = statement.value.kind === 'unknown' ? statement.value.reason : undefined;
      const targets = await meaningsOf(statement.value, event ? policies : []);
      tried.push({line, ...(event ? {event} : {skipped: reason ?? 'it says nothing'}), targets});
    }
  }
  tell(context, file, strays, tried);
  return strays.length > 0 || tried.some(isWrong) ? 1 : 0;
}

const isWrong = ({problem, targets}: Tried): boolean =>
  problem !== undefined || targets.some(({does}) => does === 'dead letter');

function tell({json, print, complain}: CommandContext, file: string, strays: string[], tried: Tried[]): void {
  if (json) {
    print(JSON.stringify({file, map: strays, lines: tried}, null, 2));
    return;
  }
  for (const stray of strays) complain(stray);
  for (const one of tried) {
    if (one.problem !== undefined) complain(`${file}:${one.line}: ${one.problem}`);
    else if (one.skipped !== undefined) print(`line ${one.line}: skipped: ${one.skipped}`);
    else print(`line ${one.line}: ${JSON.stringify(one.event)}`);
    for (const meaning of one.targets) for (const line of linesOf(meaning)) print(`  ${line}`);
  }
}

function linesOf({target, does, reason, attributes, onlyOnCreate, lists}: Meaning): string[] {
  return [
    `${target}: ${does}${reason === undefined ? '' : `: ${reason}`}`,
    // Of one who leaves they hardly matter, and would only be in the way.
    ...(attributes && does.endsWith('wanted') ? [`  attributes ${JSON.stringify(attributes)}`] : []),
    ...(onlyOnCreate && does.endsWith('wanted') ? [`  only on create ${JSON.stringify(onlyOnCreate)}`] : []),
    ...(lists ? [`  lists ${JSON.stringify(lists)}`] : []),
  ];
}
