/** What fields a value has, as far as its schema says. A list has the shape of its items: so a path of JSONata reads it. */
export type Shape = {is: 'record'; fields: ReadonlyMap<string, Shape>} | {is: 'any'} | {is: 'value'};

export const anything: Shape = {is: 'any'};
export const plainValue: Shape = {is: 'value'};

/** A record of these fields. */
export const recordShape = (fields: Readonly<Record<string, Shape>>): Shape => ({
  is: 'record',
  fields: new Map(Object.entries(fields)),
});

interface AvroRecord {
  type: 'record' | 'error';
  name: string;
  namespace?: string;
  fields: {name: string; type: unknown}[];
}

/** The shape of what an Avro schema (parsed from JSON) describes. A union of several kinds, and a map, may hold anything. */
export function shapeOfAvro(schema: unknown, named = new Map<string, Shape>()): Shape {
  if (Array.isArray(schema)) {
    const kinds = schema.filter((branch) => branch !== 'null');
    return kinds.length === 1 ? shapeOfAvro(kinds[0], named) : anything;
  }
  if (typeof schema === 'string') return named.get(schema) ?? named.get(lastName(schema)) ?? plainValue;
  if (typeof schema !== 'object' || schema === null || !('type' in schema)) return anything;
  if (isRecord(schema)) return recordOf(schema, named);
  if (schema.type === 'array' && 'items' in schema) return shapeOfAvro(schema.items, named);
  if (schema.type === 'map') return anything;
  if (typeof schema.type === 'object') return shapeOfAvro(schema.type, named);
  return plainValue;
}

const isRecord = (schema: object): schema is AvroRecord =>
  'type' in schema && (schema.type === 'record' || schema.type === 'error') && 'fields' in schema;

const lastName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

function recordOf({name, fields}: AvroRecord, named: Map<string, Shape>): Shape {
  const shapes = new Map<string, Shape>();
  const shape: Shape = {is: 'record', fields: shapes};
  // Before its fields: one of them may hold such a record again.
  named.set(lastName(name), shape);
  for (const field of fields) shapes.set(field.name, shapeOfAvro(field.type, named));
  return shape;
}
