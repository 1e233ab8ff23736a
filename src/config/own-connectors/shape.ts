import {z} from 'zod';
import {connectorApi, type Manifest} from '../../core/connector.ts';
import {pathText} from '../problem.ts';
import {shapeOf} from '../shape.ts';

const filled = z.string().min(1, 'expected a text that is not empty');
const aFunction = z.custom((value) => typeof value === 'function', 'expected a function');

/** Settings are checked, and described to people, by the schema: it must be one that this program's zod can read. */
const isReadable = (value: unknown): boolean => {
  if (!(value instanceof Object) || !('_zod' in value)) return false;
  try {
    return shapeOf(value as z.ZodType).type === 'object';
  } catch {
    return false;
  }
};

const connectorShape = (taken: readonly string[]) => {
  const manifest: Record<keyof Manifest, z.ZodType> = {
    id: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected small letters, digits and hyphens')
      .refine((id) => !taken.includes(id), 'expected a name that no connector of the program has'),
    apiVersion: z.literal(connectorApi, {
      error: ({input}) =>
        `expected ${connectorApi}, what this program offers; found ${input === undefined ? 'nothing' : JSON.stringify(input)}`,
    }),
    summary: filled,
    configSchema: z.custom(isReadable, 'expected the schema of an object, by the `z` of avro-scim/connector'),
    capabilities: z.strictObject({
      users: z.boolean(),
      groups: z.boolean(),
      deactivate: z.boolean(),
      delete: z.boolean(),
    }),
    links: z.array(z.url()),
    ownPaths: filled.optional(),
    tenantOf: aFunction.optional(),
    hasGroups: aFunction.optional(),
    keepsExternalId: aFunction.optional(),
    keepsUsers: aFunction.optional(),
    endsAccounts: aFunction.optional(),
    cutOff: z.strictObject({ends: z.array(filled), leaves: z.array(filled)}).optional(),
    defaultRate: aFunction.optional(),
  };
  return z.object({manifest: z.strictObject(manifest), create: aFunction});
};

/** What is not as `Connector` says, a text each; none for a connector. */
export const shapeProblems = (exported: unknown, taken: readonly string[]): string[] => {
  const parsed = connectorShape(taken).safeParse(exported);
  return (parsed.error?.issues ?? []).map(({path, message}) => {
    const at = path.length === 0 ? 'the connector' : pathText(path);
    return `${at}: ${message.replace('Invalid input: ', '').replace(', received ', ', found ')}`;
  });
};
