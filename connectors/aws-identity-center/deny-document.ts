import {z} from 'zod';
import {parseJson} from '../../src/core/json.ts';

/** Who is denied, by id, and to which day (`20261125`): by then all that the person had opened has ended by itself. */
export type Denied = ReadonlyMap<string, string>;

const condition = 'identitystore:UserId';
/** A condition needs a value; this is nobody's id. */
const nobody = 'nobody';
const prefix = 'AvroScimUntil';
const never = '99991231';

const statement = (day: string, ids: string[]) => ({
  Sid: `${prefix}${day}`,
  Effect: 'Deny',
  Action: '*',
  Resource: '*',
  Condition: {StringEquals: {[condition]: ids}},
});

/** The whole policy, a statement a day; it holds nothing else (AWS: "Deny user access", by the id in the identity store). */
export function toDocument(denied: Denied): string {
  const byDay = Map.groupBy(denied, ([, day]) => day);
  const statements = [...byDay]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([day, rows]) => statement(day, rows.map(([id]) => id).sort()));
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.length > 0 ? statements : [statement(never, [nobody])],
  });
}

const ids = z.union([z.string().transform((id) => [id]), z.array(z.string())]);
const documentSchema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(
    z.strictObject({
      Sid: z.string().regex(new RegExp(`^${prefix}\\d{8}$`)),
      Effect: z.literal('Deny'),
      Action: z.literal('*'),
      Resource: z.literal('*'),
      Condition: z.strictObject({StringEquals: z.strictObject({[condition]: ids})}),
    }),
  ),
});

/** The same back, as IAM gives it; nothing when the policy holds anything else. */
export function fromDocument(encoded: string): Denied | undefined {
  const parsed = documentSchema.safeParse(parseJson(decoded(encoded)));
  if (!parsed.success) return undefined;
  const rows = parsed.data.Statement.flatMap(({Sid, Condition}) =>
    Object.values(Condition.StringEquals)
      .flat()
      .map((id) => [id, Sid.slice(prefix.length)] as const),
  );
  return new Map(rows.filter(([id]) => id !== nobody));
}

function decoded(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return '';
  }
}
