import {settingsOf, type Setting} from '../../config/settings.ts';
import {shapeOf} from '../../config/shape.ts';
import type {Manifest} from '../../core/connector.ts';
import {tableOf} from '../stored/table.ts';
import type {Known} from './known.ts';

/** What there is to say of one connector. */
export interface Described {
  id: string;
  from: string;
  summary: string;
  capabilities: string[];
  /** The rate where the target's config sets none, in words. */
  rate: string;
  cutOff: {ends: readonly string[]; leaves: readonly string[]};
  links: readonly string[];
  settings: Setting[];
}

/** A connector in words, from its manifest alone: nothing is asked, and no settings are needed. */
export const described = ({connector: {manifest}, from}: Known): Described => ({
  id: manifest.id,
  from,
  summary: manifest.summary,
  capabilities: capabilitiesOf(manifest),
  rate: rateOf(manifest),
  cutOff: manifest.cutOff ?? {ends: [], leaves: []},
  links: manifest.links,
  settings: settingsOf(shapeOf(manifest.configSchema)).map(plain),
});

/** What it can do, a word each. */
export const capabilitiesOf = ({capabilities}: Manifest): string[] =>
  Object.entries(capabilities).flatMap(([name, can]) => (can ? [name] : []));

const rateOf = ({defaultRate}: Pick<Manifest, 'defaultRate'>): string => {
  if (defaultRate === undefined) return 'as fast as the service answers';
  if (defaultRate.length > 0) return 'follows from the settings';
  const rate = defaultRate(undefined);
  return rate === undefined
    ? 'as fast as the service answers'
    : `${rate.requests} requests in ${rate.perSeconds} s`;
};

/** Backticks are for documents. */
const plain = (setting: Setting): Setting => ({
  ...setting,
  type: setting.type.replaceAll('`', ''),
  standard: setting.standard.replaceAll('`', ''),
  describe: setting.describe.replaceAll('`', ''),
});

/** The same as lines for a terminal. */
export const linesOf = ({settings, cutOff, ...one}: Described): string[] => {
  const facts: [string, readonly string[]][] = [
    ['from', [one.from]],
    ['can', [one.capabilities.join(', ')]],
    ['rate', [`${one.rate}, unless the target has a rate of its own`]],
    ['a cut-off ends', cutOff.ends],
    ['it can not end', cutOff.leaves],
    ['see', one.links],
  ];
  const rows = settings.map(({name, type, isRequired, standard, describe}) => [
    name,
    type,
    isRequired ? '(required)' : standard,
    describe,
  ]);
  return [
    `${one.id}: ${one.summary}`,
    '',
    ...facts.flatMap(([name, texts]) =>
      texts.map((text, at) => `${(at === 0 ? name : '').padEnd('a cut-off ends'.length)}  ${text}`),
    ),
    '',
    ...tableOf(['setting', 'type', 'default', 'what it is for'], rows),
  ];
};
