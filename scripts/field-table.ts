import {formsOf, type JsonSchema} from '../src/config/shape.ts';

/** A Markdown table of every setting below a schema: name, type, default, what it is for. */
export const fieldTable = (shape: JsonSchema): string =>
  ['| setting | type | default | what it is for |', '| --- | --- | --- | --- |', ...rows(shape, '')].join(
    '\n',
  );

const rows = (shape: JsonSchema, prefix: string): string[] => {
  const forms = formsOf(shape).filter(({type}) => type === 'object');
  const names = new Set(forms.flatMap(({properties = {}}) => Object.keys(properties)));
  const named = [...names].flatMap((name) => {
    const shapes = forms.flatMap(({properties}) => properties?.[name] ?? []);
    const isRequired = forms.every(({required}) => required?.includes(name));
    const one = shapes.length > 1 ? merged(shapes) : (shapes[0] ?? {});
    return [row(`${prefix}${name}`, one, isRequired), ...rows(one, `${prefix}${name}.`)];
  });
  const free = forms.flatMap(({additionalProperties: any}) =>
    typeof any === 'object' ? rows(any, `${prefix}<name>.`) : [],
  );
  return [...named, ...free];
};

/** A setting that stands in several forms of the one above it: each form has its word on it. */
const merged = (shapes: JsonSchema[]): JsonSchema => {
  const words = new Set(shapes.map(({description}) => description ?? ''));
  return {anyOf: shapes, description: [...words].join(' ')};
};

const row = (path: string, shape: JsonSchema, isRequired: boolean): string =>
  `| ${[`\`${path}\``, typeOf(shape), isRequired ? '(required)' : defaultOf(shape), shape.description ?? ''].map(cell).join(' | ')} |`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const defaultOf = ({default: value}: JsonSchema): string => {
  const isGroup = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return value === undefined || isGroup
    ? ''
    : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
};

const typeOf = (shape: JsonSchema): string => {
  const kinds = formsOf(shape).map((form) => {
    if (form.enum !== undefined) return form.enum.map((value) => `\`${String(value)}\``).join(', ');
    if (form.const !== undefined) return `\`${JSON.stringify(form.const)}\``;
    if (form.type === 'array') return `list of ${typeOf(form.items ?? {})}`;
    if (form.type === 'object') return 'settings';
    return (
      {integer: 'whole number', string: 'text', boolean: 'true or false'}[form.type ?? ''] ??
      form.type ??
      'any'
    );
  });
  return [...new Set(kinds)].join(' or ');
};
