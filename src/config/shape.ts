import {z} from 'zod';

/** The parts of JSON Schema that zod writes for a config. */
export interface JsonSchema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  description?: string;
  examples?: unknown[];
  pattern?: string;
  format?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** A zod schema as JSON Schema of what a person writes (before defaults and transforms). */
export const shapeOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, {
    io: 'input',
    reused: 'inline',
    unrepresentable: 'any',
    // zod leaves the examples of what is transformed out; ours are what a person writes.
    override: ({zodSchema, jsonSchema}) => {
      const examples = z.globalRegistry.get(zodSchema)?.['examples'];
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  }) as JsonSchema;

/** The forms that a setting can take: one, or the branches of a union. */
export const formsOf = (shape: JsonSchema): JsonSchema[] => {
  const forms = shape.anyOf ?? shape.oneOf;
  return forms === undefined ? [shape] : forms.flatMap(formsOf);
};

/** The forms that what stands one step below some forms can take. */
export const below = (forms: readonly JsonSchema[], part: PropertyKey): JsonSchema[] =>
  forms.flatMap((form) => {
    const other = typeof form.additionalProperties === 'object' ? form.additionalProperties : undefined;
    const next = typeof part === 'number' ? form.items : (form.properties?.[String(part)] ?? other);
    return next === undefined ? [] : formsOf(next);
  });

/** The names that may stand below a path. */
export const keysAt = (shape: JsonSchema, path: readonly PropertyKey[]): string[] => {
  const forms = path.reduce<JsonSchema[]>(below, formsOf(shape));
  return [...new Set(forms.flatMap((form) => Object.keys(form.properties ?? {})))];
};

const template = {type: 'string', pattern: '\\$\\{(env|file):'};

/** The same, but a template may stand wherever a number, a boolean or a text of a certain form does. */
export const withTemplates = (shape: JsonSchema): JsonSchema => {
  const every = (shapes: Record<string, JsonSchema>) =>
    Object.fromEntries(Object.entries(shapes).map(([name, one]) => [name, withTemplates(one)]));
  const whole: JsonSchema = {
    ...shape,
    ...(shape.properties && {properties: every(shape.properties)}),
    ...(shape.items && {items: withTemplates(shape.items)}),
    ...(shape.anyOf && {anyOf: shape.anyOf.map(withTemplates)}),
    ...(shape.oneOf && {anyOf: shape.oneOf.map(withTemplates)}),
    ...(typeof shape.additionalProperties === 'object' && {
      additionalProperties: withTemplates(shape.additionalProperties),
    }),
  };
  if (shape.oneOf) delete whole.oneOf;
  const isStrict =
    ['integer', 'number', 'boolean'].includes(shape.type ?? '') ||
    shape.pattern !== undefined ||
    shape.format !== undefined;
  if (!isStrict && shape.enum === undefined) return whole;
  const {description, examples, ...rest} = whole;
  return {
    ...(description !== undefined && {description}),
    ...(examples && {examples}),
    anyOf: [rest, template],
  };
};
