import {isObject, textOf, type JsonObject} from '../../../src/core/json.ts';
import type {Json} from '../../../src/core/resource.ts';
import document from './openapi.json' with {type: 'json'};

/** The operations of Okta's published document (2026.06.3, Apache-2.0) that the connector uses; prose and links left out. */
const doc = document as unknown as JsonObject;

export interface Operation {
  id: string;
  /** Scopes of which one is enough; the API token needs none. */
  scopes: string[];
  node: JsonObject;
  parameters: JsonObject[];
}

/** Where the document is wrong, with the reason. */
const knownFaults: {fault: RegExp; reason: string}[] = [
  {
    fault: /^body\.profile\.\w+: null$/,
    reason:
      'null is how an attribute is cleared ("Unspecified properties are set to null with PUT"), and every attribute that is ' +
      'not required can be; the document calls some of them nullable and not others (department, employeeNumber)',
  },
  {
    fault: /^answer\[\d+\]\.tokenWindow: pattern$/,
    reason:
      "its pattern takes no duration, not even the document's own example P30D: it has (?:$) where (?!$) is meant",
  },
];

const unknownFaults = (faults: readonly string[]): string[] =>
  faults.filter((fault) => !knownFaults.some((known) => known.fault.test(fault)));

const object = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** What a `$ref` stands for. */
function resolve(node: Json | undefined): JsonObject {
  let at = object(node);
  while (typeof at['$ref'] === 'string') {
    const names = at['$ref'].slice(2).split('/');
    at = names.reduce((inner, name) => object(inner[name]), doc);
  }
  return at;
}

/** The operation that a request is one of; the template with the most literal parts wins. */
export function operationOf(method: string, path: string): Operation | undefined {
  const parts = path.split('/');
  const fits = Object.keys(object(doc['paths'])).filter((template) => {
    const names = template.split('/');
    return (
      names.length === parts.length && names.every((name, at) => name.startsWith('{') || name === parts[at])
    );
  });
  const literal = (template: string): number =>
    template.split('/').filter((name) => !name.startsWith('{')).length;
  const template = fits.sort((a, b) => literal(b) - literal(a))[0];
  const item = object(object(doc['paths'])[template ?? '']);
  const node = item[method.toLowerCase()];
  if (!isObject(node)) return undefined;
  const oauth2 = list(node['security']).flatMap((one) => list(object(one)['oauth2']));
  return {
    id: textOf(node['operationId']) ?? '',
    scopes: oauth2.map(String),
    node,
    parameters: [...list(item['parameters']), ...list(node['parameters'])].map(resolve),
  };
}

/** What of a request the document does not allow, known faults of the document left out. */
export function requestFaults(
  operation: Operation,
  query: URLSearchParams,
  body: Json | undefined,
): string[] {
  const faults: string[] = [];
  const known = operation.parameters.filter((parameter) => parameter['in'] === 'query');
  for (const [name, text] of query) {
    const parameter = known.find((one) => one['name'] === name);
    if (!parameter) faults.push(`query ${name}: unknown`);
    else
      faults.push(
        ...faultsOf(parameter['schema'], coerced(resolve(parameter['schema']), text), `query ${name}`, true),
      );
  }
  for (const {name, required} of known as {name?: string; required?: boolean}[])
    if (required && !query.has(name ?? '')) faults.push(`query ${name}: missing`);
  const content = object(object(operation.node['requestBody'])['content']);
  const schema = object(content['application/json'])['schema'];
  if (schema === undefined && body !== undefined) faults.push('body: unexpected');
  if (schema !== undefined)
    faults.push(...(body === undefined ? ['body: missing'] : faultsOf(schema, body, 'body', true)));
  return unknownFaults(faults);
}

/** What of an answer the document does not allow: the double speaks as Okta does. */
export function answerFaults(operation: Operation, status: number, body: Json | undefined): string[] {
  if (status >= 400) return [];
  const response = object(object(operation.node['responses'])[String(status)]);
  if (Object.keys(response).length === 0) return [`status ${status}: undocumented`];
  const schema = object(object(response['content'])['application/json'])['schema'];
  return schema === undefined ? [] : unknownFaults(faultsOf(schema, body ?? null, 'answer', false));
}

function coerced(schema: JsonObject, text: string): Json {
  if (schema['type'] === 'integer') return /^-?\d+$/.test(text) ? Number(text) : text;
  if (schema['type'] === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

/** JSON Schema as OpenAPI 3.0 has it, as far as the document uses it. A request may not carry what is unknown or read-only. */
function faultsOf(node: Json | undefined, value: Json, at: string, isRequest: boolean): string[] {
  const schema = resolve(node);
  const inner = (part: Json, of = value, where = at): string[] => faultsOf(part, of, where, isRequest);
  if (value === null)
    return schema['nullable'] === true || schema['type'] === undefined ? [] : [`${at}: null`];
  const faults = list(schema['allOf']).flatMap((part) => inner(part));
  for (const name of ['anyOf', 'oneOf']) {
    const branches = list(schema[name]);
    if (branches.length > 0 && !branches.some((part) => inner(part).length === 0))
      faults.push(`${at}: no ${name} fits`);
  }
  if (!isType(schema['type'], value))
    return [...faults, `${at}: expected ${textOf(schema['type']) ?? 'another type'}`];
  if (Array.isArray(schema['enum']) && !schema['enum'].includes(value)) faults.push(`${at}: not one of enum`);
  if (typeof value === 'string') faults.push(...textFaults(schema, value, at));
  if (typeof value === 'number') faults.push(...numberFaults(schema, value, at));
  if (Array.isArray(value) && schema['items'] !== undefined)
    faults.push(...value.flatMap((item, place) => inner(schema['items'] ?? {}, item, `${at}[${place}]`)));
  if (isObject(value)) faults.push(...objectFaults(schema, value, at, isRequest));
  return faults;
}

function objectFaults(schema: JsonObject, value: JsonObject, at: string, isRequest: boolean): string[] {
  const properties = object(schema['properties']);
  const more = schema['additionalProperties'];
  const isOpen =
    more !== undefined || schema['x-okta-extensible'] === true || Object.keys(properties).length === 0;
  const faults = list(schema['required'])
    .flatMap((name) => textOf(name) ?? [])
    .filter((name) => value[name] === undefined)
    .map((name) => `${at}.${name}: missing`);
  for (const [name, part] of Object.entries(value)) {
    const where = `${at}.${name}`;
    const property = properties[name];
    if (property === undefined) {
      if (isRequest && (!isOpen || more === false)) faults.push(`${where}: unknown`);
      if (isObject(more)) faults.push(...faultsOf(more, part, where, isRequest));
    } else if (isRequest && resolve(property)['readOnly'] === true) faults.push(`${where}: read-only`);
    else faults.push(...faultsOf(property, part, where, isRequest));
  }
  return faults;
}

function isType(type: Json | undefined, value: Json): boolean {
  if (type === undefined) return true;
  if (type === 'object') return isObject(value);
  if (type === 'array') return Array.isArray(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

function textFaults(schema: JsonObject, value: string, at: string): string[] {
  const faults: string[] = [];
  if (value.length < Number(schema['minLength'] ?? 0)) faults.push(`${at}: too short`);
  if (value.length > Number(schema['maxLength'] ?? Infinity)) faults.push(`${at}: too long`);
  if (typeof schema['pattern'] === 'string' && !new RegExp(schema['pattern']).test(value))
    faults.push(`${at}: pattern`);
  if (schema['format'] === 'date-time' && Number.isNaN(Date.parse(value))) faults.push(`${at}: date-time`);
  if (schema['format'] === 'email' && !/^[^@\s]+@[^@\s]+$/.test(value)) faults.push(`${at}: email`);
  return faults;
}

function numberFaults(schema: JsonObject, value: number, at: string): string[] {
  const low = Number(schema['minimum'] ?? -Infinity);
  const high = Number(schema['maximum'] ?? Infinity);
  return value < low || value > high ? [`${at}: out of range`] : [];
}
