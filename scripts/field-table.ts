import {settingsOf, type Setting} from '../src/config/settings.ts';
import type {JsonSchema} from '../src/config/shape.ts';

/** A Markdown table of every setting below a schema: name, type, default, what it is for. */
export const fieldTable = (shape: JsonSchema): string =>
  [
    '| setting | type | default | what it is for |',
    '| --- | --- | --- | --- |',
    ...settingsOf(shape).map(row),
  ].join('\n');

const row = ({name, type, isRequired, standard, describe}: Setting): string =>
  `| ${[`\`${name}\``, type, isRequired ? '(required)' : standard, describe].map(cell).join(' | ')} |`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
