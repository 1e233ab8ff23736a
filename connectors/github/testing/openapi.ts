import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {isObject, textOf, type JsonObject} from '../../../src/core/json.ts';
import type {Json} from '../../../src/core/resource.ts';

/** GitHub's published document of Enterprise Cloud, as the npm package holds it; read when it is first asked. */
let document: JsonObject | undefined;
function doc(): JsonObject {
  const path = createRequire(import.meta.url).resolve('@octokit/openapi/generated/ghec.json');
  document ??= JSON.parse(readFileSync(path, 'utf8')) as JsonObject;
  return document;
}

export interface Operation {
  id: string;
  node: JsonObject;
  parameters: JsonObject[];
}

/** Where the document is wrong or silent, with the reason. */
const knownFaults: {operation: RegExp; fault: RegExp; reason: string}[] = [
  {
    operation: /^enterprise-admin\/update-attribute-for-enterprise-(user|group)$/,
    fault: /^body\.Operations\[\d+\]\.value: expected string$/,
    reason:
      "the schema says text, and the document's own examples send false for active and a list for members and emails",
  },
];

const object = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** What a `$ref` stands for. */
function resolve(node: Json | undefined): JsonObject {
  let at = object(node);
  while (typeof at['$ref'] === 'string') {
    const names = at['$ref'].slice(2).split('/');
    at = names.reduce((inner, name) => object(inner[name]), doc());
  }
  return at;
}

/**
 * The document lists teams by slug, and says in each description that `/organizations/{org_id}/team/{team_id}` is the same
 * operation by id.
 */
export const bySlug = (path: string): string =>
  path.replace(/^\/organizations\/(\d+)\/team\/([^/]+)/, '/orgs/$1/teams/$2');

/** The operation that a request is one of; the template with the most literal parts wins. */
export function operationOf(method: string, path: string): Operation | undefined {
  const parts = bySlug(path).split('/');
  const paths = object(doc()['paths']);
  const fits = Object.keys(paths).filter((template) => {
    const names = template.split('/');
    return (
      names.length === parts.length && names.every((name, at) => name.startsWith('{') || name === parts[at])
    );
  });
  const literal = (template: string): number =>
    template.split('/').filter((name) => !name.startsWith('{')).length;
  const item = object(paths[fits.sort((a, b) => literal(b) - literal(a))[0] ?? '']);
  const node = item[method.toLowerCase()];
  if (!isObject(node)) return undefined;
  const parameters = [...list(item['parameters']), ...list(node['parameters'])].map(resolve);
  return {id: textOf(node['operationId']) ?? '', node, parameters};
}

/** What of a request the document does not allow, its known faults left out. */
export function requestFaults(
  operation: Operation,
  query: URLSearchParams,
  body: Json | undefined,
): string[] {
  const faults = [...queryFaults(operation, query), ...bodyFaults(operation, body)];
  return faults.filter(
    (fault) => !knownFaults.some((known) => known.operation.test(operation.id) && known.fault.test(fault)),
  );
}

function queryFaults({parameters}: Operation, query: URLSearchParams): string[] {
  return [...query].flatMap(([name, text]) => {
    // A list goes as `owner[]=a&owner[]=b`, which the document does not say and GitHub's client libraries do.
    const isList = name.endsWith('[]');
    const parameter = parameters.find(
      (one) => one['in'] === 'query' && one['name'] === (isList ? name.slice(0, -2) : name),
    );
    if (!parameter) return [`query ${name}: unknown`];
    const schema = resolve(parameter['schema']);
    const item = isList ? resolve(schema['items']) : schema;
    const value = item['type'] === 'integer' && /^-?\d+$/.test(text) ? Number(text) : text;
    return faultsOf(item, value, `query ${name}`);
  });
}

function bodyFaults({node}: Operation, body: Json | undefined): string[] {
  const request = resolve(node['requestBody']);
  const schema = object(object(request['content'])['application/json'])['schema'];
  if (schema === undefined) return body === undefined ? [] : ['body: unexpected'];
  if (body === undefined) return request['required'] === true ? ['body: missing'] : [];
  return faultsOf(schema, body, 'body');
}

/** The example of an answer that the document gives, a list's first row: what the double says more than it knows itself. */
export function exampleOf(operation: Operation, status: number): JsonObject {
  const content = object(resolve(object(operation.node['responses'])[String(status)])['content']);
  const [media] = Object.values(content).map(object);
  const [example] = Object.values(object(media?.['examples'])).map(resolve);
  const value = example?.['value'];
  return structuredClone(object(Array.isArray(value) ? value[0] : value));
}

/** Whether the document knows this status of the operation. */
export const isDocumented = ({node}: Operation, status: number): boolean =>
  isObject(object(node['responses'])[String(status)]);

/** JSON Schema as OpenAPI 3.0 has it, as far as the document uses it; a request carries nothing that is unknown. */
function faultsOf(node: Json | undefined, value: Json, at: string): string[] {
  const schema = resolve(node);
  if (value === null)
    return schema['nullable'] === true || schema['type'] === undefined ? [] : [`${at}: null`];
  const faults = list(schema['allOf']).flatMap((part) => faultsOf(part, value, at));
  for (const name of ['anyOf', 'oneOf']) {
    const branches = list(schema[name]);
    if (branches.length > 0 && !branches.some((part) => faultsOf(part, value, at).length === 0))
      faults.push(`${at}: no ${name} fits`);
  }
  const type = textOf(schema['type']);
  if (!isType(type, value)) return [...faults, `${at}: expected ${type ?? 'another type'}`];
  if (Array.isArray(schema['enum']) && !schema['enum'].includes(value)) faults.push(`${at}: not one of enum`);
  if (Array.isArray(value)) faults.push(...listFaults(schema, value, at));
  if (isObject(value)) faults.push(...objectFaults(schema, value, at));
  return faults;
}

function listFaults(schema: JsonObject, value: Json[], at: string): string[] {
  const isSized =
    value.length >= Number(schema['minItems'] ?? 0) && value.length <= Number(schema['maxItems'] ?? Infinity);
  const items = value.flatMap((item, place) => faultsOf(schema['items'], item, `${at}[${place}]`));
  return isSized ? items : [...items, `${at}: number of items`];
}

function objectFaults(schema: JsonObject, value: JsonObject, at: string): string[] {
  const properties = object(schema['properties']);
  const isOpen = Object.keys(properties).length === 0;
  const missing = list(schema['required'])
    .flatMap((name) => textOf(name) ?? [])
    .filter((name) => value[name] === undefined)
    .map((name) => `${at}.${name}: missing`);
  const wrong = Object.entries(value).flatMap(([name, part]) => {
    if (properties[name] !== undefined) return faultsOf(properties[name], part, `${at}.${name}`);
    return isOpen ? [] : [`${at}.${name}: unknown`];
  });
  return [...missing, ...wrong];
}

function isType(type: string | undefined, value: Json): boolean {
  if (type === undefined) return true;
  if (type === 'object') return isObject(value);
  if (type === 'array') return Array.isArray(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}
