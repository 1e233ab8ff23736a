import {z} from 'zod';
import {isSensitiveKey} from '../core/sensitive.ts';
import type {ConfigDocument} from './document.ts';
import {pathText, type Problem} from './problem.ts';
import {keysAt, type JsonSchema} from './shape.ts';

type Issue = z.core.$ZodIssue;
type Path = PropertyKey[];

/** The mistakes that one schema found, placed in the file. `root` is where the checked value stands in it. */
export const issueProblems = (
  issues: readonly Issue[],
  document: ConfigDocument,
  shape: JsonSchema,
  root: Path = [],
): Problem[] =>
  flatten(issues, []).flatMap((issue) => {
    const path = [...root, ...issue.path];
    if (issue.code !== 'unrecognized_keys') {
      return [{...document.place(path), path: pathText(path), message: message(issue, path, document)}];
    }
    const known = keysAt(shape, issue.path);
    return issue.keys.map((key) => ({
      ...document.place([...path, key], 'key'),
      path: pathText([...path, key]),
      message: `unknown setting; ${known.length > 0 ? `known here: ${known.join(', ')}` : 'none is known here'}`,
    }));
  });

/** Of a choice between forms only the mistakes of the form that was meant are told: the one that fits best. */
const flatten = (issues: readonly Issue[], prefix: Path): Issue[] =>
  issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{...issue, path}];
    const forms = issue.errors.map((errors) => ({errors, misfit: misfit(errors)}));
    const best = forms.reduce((a, b) => (b.misfit < a.misfit ? b : a));
    if (best.misfit < formMisfit) return flatten(best.errors, path);
    const wanted = forms.map(({errors}) => wantedAt(errors)).filter((text) => text !== '');
    return [{code: 'custom', path, message: `expected ${[...new Set(wanted)].join(' or ')}`}];
  });

const formMisfit = 1_000;

/** How little a form of a union resembles what was written: another type altogether weighs most, then wrong names. */
const misfit = (issues: readonly Issue[]): number =>
  issues.reduce((sum, issue) => {
    if (issue.path.length > 0) return sum + (missing(issue) ? 10 : 1);
    if (issue.code === 'unrecognized_keys') return sum + 20 * issue.keys.length;
    return sum + (issue.code === 'invalid_type' || issue.code === 'invalid_value' ? formMisfit : 1);
  }, 0);

const missing = (issue: Issue): boolean => issue.code === 'invalid_type' && issue.input === undefined;

const typeNames: Record<string, string> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  object: 'settings below it',
  record: 'settings below it',
  array: 'a list',
  nonoptional: 'a value',
};

const wantedAt = (issues: readonly Issue[]): string => {
  const issue = issues.find(({path}) => path.length === 0);
  if (issue?.code === 'invalid_type') return typeNames[issue.expected] ?? issue.expected;
  if (issue?.code === 'invalid_value') return issue.values.map(String).join(' or ');
  return issue === undefined ? '' : issue.message.replace(/^expected /, '');
};

const message = (issue: Issue, path: Path, document: ConfigDocument): string => {
  const found = foundText(document.written(path), path);
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${typeNames[issue.expected] ?? issue.expected}, found ${found}`;
    case 'invalid_value':
      return `expected ${issue.values.map(String).join(' or ')}, found ${found}`;
    case 'invalid_union':
      return `expected ${options(issue)}, found ${found}`;
    case 'too_small':
    case 'too_big':
    case 'not_multiple_of':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_element':
    case 'unrecognized_keys':
    case 'custom': {
      const limit = issue.message.startsWith('expected') ? issue.message : limitText(issue);
      return limit.includes(', found') ? limit : `${limit}, found ${found}`;
    }
  }
};

/** The names that a form may go by, where one setting chooses between forms. */
const options = (issue: Issue): string =>
  'options' in issue && Array.isArray(issue.options)
    ? issue.options.map(String).join(' or ')
    : 'another form';

const limitText = (issue: Issue): string => {
  if (issue.code === 'too_small')
    return `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
  if (issue.code === 'too_big')
    return `expected ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`;
  if (issue.code === 'invalid_format')
    return `expected ${issue.format === 'url' ? 'an address' : `a valid ${issue.format}`}`;
  return issue.message.replace(/^Invalid input: /, '');
};

/** What was written, briefly; of a secret only what sort of thing it is. */
const foundText = (value: unknown, path: Path): string => {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'no settings' : 'settings below it';
  const isTemplate = typeof value === 'string' && value.includes('${');
  if (!isTemplate && path.some((part) => isSensitiveKey(String(part))))
    return `a ${typeof value} (not shown)`;
  if (typeof value !== 'string') return JSON.stringify(value);
  if (value.includes('://') && value.includes('@')) return 'an address (not shown)';
  return value.length > 60 ? `"${value.slice(0, 60)}…"` : `"${value}"`;
};
