import {formsOf, type JsonSchema} from './shape.ts';

/** One setting as people read of it; code stands between backticks. */
export interface Setting {
  /** `auth.basic.username`; a name of one's own choice is `<name>`. */
  name: string;
  type: string;
  isRequired: boolean;
  /** The default; empty when there is none. */
  standard: string;
  describe: string;
}

/** Every setting below a schema, each before those within it. */
export const settingsOf = (shape: JsonSchema, prefix = ''): Setting[] => {
  const forms = formsOf(shape).filter(({type}) => type === 'object');
  const names = new Set(forms.flatMap(({properties = {}}) => Object.keys(properties)));
  const named = [...names].flatMap((name) => {
    const shapes = forms.flatMap(({properties}) => properties?.[name] ?? []);
    const isRequired = forms.every(({required}) => required?.includes(name));
    const one = shapes.length > 1 ? merged(shapes) : (shapes[0] ?? {});
    return [setting(`${prefix}${name}`, one, isRequired), ...settingsOf(one, `${prefix}${name}.`)];
  });
  const free = forms.flatMap(({additionalProperties: any}) =>
    typeof any === 'object' ? settingsOf(any, `${prefix}<name>.`) : [],
  );
  return [...named, ...free];
};

/** A setting that stands in several forms of the one above it: each form has its word on it. */
const merged = (shapes: JsonSchema[]): JsonSchema => {
  const words = new Set(shapes.map(({description}) => description ?? ''));
  return {anyOf: shapes, description: [...words].join(' ')};
};

const setting = (name: string, shape: JsonSchema, isRequired: boolean): Setting => ({
  name,
  type: typeOf(shape),
  isRequired,
  standard: isRequired ? '' : standardOf(shape),
  describe: shape.description ?? '',
});

const standardOf = ({default: value}: JsonSchema): string => {
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
