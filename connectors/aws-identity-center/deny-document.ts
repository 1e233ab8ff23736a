import {z} from 'zod';
import {parseJson} from '../../src/core/json.ts';

/** Who is denied, by id, and to which day (`20261125`): by then all that the person had opened has ended by itself. */
export type Denied = ReadonlyMap<string, string>;

/** One version of the policy. */
export interface Written {
  denied: Denied;
  /** The newest version that its writer had read; absent in one that a person made. */
  after?: number;
}

const condition = 'identitystore:UserId';
/** A condition needs a value; this is nobody's id. */
const nobody = 'nobody';
const prefix = 'AvroScimUntil';
const never = '99991231';

const statement = (sid: string, ids: string[]) => ({
  Sid: sid,
  Effect: 'Deny',
  Action: '*',
  Resource: '*',
  Condition: {StringEquals: {[condition]: ids}},
});

/**
 * The whole policy, a statement a day; it holds nothing else (AWS: "Deny user access", by the id in the identity store). The
 * first statement's name says after which version it was written.
 */
export function toDocument({denied, after}: Written): string {
  const byDay = Map.groupBy(denied, ([, day]) => day);
  const days = [...byDay].sort(([one], [other]) => one.localeCompare(other));
  const rows = days.map(([day, those]) => [day, those.map(([id]) => id).sort()] as const);
  const written = after === undefined ? '' : `After${after}`;
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: (rows.length > 0 ? rows : [[never, [nobody]] as const]).map(([day, those], at) =>
      statement(`${prefix}${day}${at === 0 ? written : ''}`, [...those]),
    ),
  });
}

const sidPattern = new RegExp(`^${prefix}(\\d{8})(?:After(\\d+))?$`);
const ids = z.union([z.string().transform((id) => [id]), z.array(z.string())]);
const documentSchema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(
    z.strictObject({
      Sid: z.string().regex(sidPattern),
      Effect: z.literal('Deny'),
      Action: z.literal('*'),
      Resource: z.literal('*'),
      Condition: z.strictObject({StringEquals: z.strictObject({[condition]: ids})}),
    }),
  ),
});

/** The same back, as IAM gives it; nothing when the policy holds anything else. */
export function fromDocument(encoded: string): Written | undefined {
  const parsed = documentSchema.safeParse(parseJson(decoded(encoded)));
  if (!parsed.success) return undefined;
  const statements = parsed.data.Statement.map(({Sid, Condition}) => {
    const [, day = never, after] = sidPattern.exec(Sid) ?? [];
    return {day, after, those: Object.values(Condition.StringEquals).flat()};
  });
  const rows = statements.flatMap(({day, those}) => those.map((id) => [id, day] as const));
  const after = statements[0]?.after;
  return {
    denied: new Map(rows.filter(([id]) => id !== nobody)),
    ...(after === undefined ? {} : {after: Number(after)}),
  };
}

function decoded(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return '';
  }
}
