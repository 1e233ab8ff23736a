import type {ApiPorts} from '../../../admin/api/ports.ts';
import {refused, type Answer} from '../../../admin/api/problem.ts';
import {
  auditRecordSchema,
  type AuditFilter,
  type AuditPage,
  type AuditView,
} from '../../../admin/api/schema/audit.ts';
import type {Page, Paging} from '../../../admin/api/schema/common.ts';
import type {LoadedConfig} from '../../../config/load.ts';
import {searchAudit, type FoundRecord, type SearchBounds} from '../../../stages/audit/index.ts';
import {createKafka} from '../../../stages/source/client.ts';
import {openConfigured} from '../../audit/source.ts';
import type {Note} from './acts.ts';
import {isoOf, unheard} from './views.ts';

const mostAtOnce = 4;
/** Of a file or a topic so much is read for one answer: the newest. The command line reads all of it. */
export const bounds: SearchBounds = {lastBytes: 256 * 1024 * 1024, lastMessages: 500_000, ms: 15_000};

/** The audit over the API. */
export function auditPort(note: Note, loaded: () => LoadedConfig): ApiPorts['audit'] {
  let running = 0;
  return async (filter, paging, {reveal}) => {
    if (reveal) {
      const {target = '', subject} = filter;
      const noted = await note(reveal, [{action: 'audit shown unmasked', target, subject}]);
      if (!noted.ok) return noted;
    }
    if (running >= mostAtOnce)
      return refused({kind: 'unavailable', detail: `${mostAtOnce} searches run already.`});
    running += 1;
    try {
      return await search(loaded(), filter, paging, reveal !== undefined);
    } finally {
      running -= 1;
    }
  };
}

/** Before which moment, and how many of that very one were shown already. */
interface Where {
  at: number;
  skip: number;
}

async function search(
  {config}: LoadedConfig,
  filter: AuditFilter,
  {cursor, limit}: Paging,
  reveal: boolean,
): Promise<Answer<AuditPage>> {
  const where = cursor === undefined ? undefined : read(cursor);
  if (cursor !== undefined && !where) return refused(badCursor);
  const opened = openConfigured(config, () => createKafka(config.kafka, {log: unheard, retries: 1}));
  if (!opened) return refused(toTheLog);
  const readFrom = config.audit.topic === undefined ? 'file' : 'topic';
  const {since, until, ...of} = filter;
  const span = {sinceMs: since, untilMs: Math.min(until ?? Infinity, where?.at ?? Infinity)};
  const skip = where?.skip ?? 0;
  try {
    const most = limit + skip + 1;
    const {records, stopped} = await searchAudit(opened.source, {...of, ...span, limit: most, bounds});
    const page = pageOf(records, {...where, skip, limit, reveal});
    return {ok: true, value: {...page, readFrom, ...(stopped !== undefined && {stopped})}};
  } catch (error) {
    return failedReading(error, readFrom);
  } finally {
    opened.close();
  }
}

/** The newest first; those of the cursor's moment that were shown stand at the end of what was found. */
function pageOf(
  found: readonly FoundRecord[],
  {at, skip, limit, reveal}: {at?: number; skip: number; limit: number; reveal: boolean},
): Page<AuditView> {
  const left = found.slice(0, found.length - skip);
  const shown = left.slice(-limit);
  const items = shown.toReversed().map((one) => viewOf(one, reveal));
  const last = shown[0]?.record.at;
  if (left.length <= limit || last === undefined) return {items};
  const same = shown.filter(({record}) => record.at === last).length;
  return {items, next: write({at: last, skip: last === at ? skip + same : same})};
}

const write = ({at, skip}: Where): string => Buffer.from(`${at} ${skip}`).toString('base64url');

function read(cursor: string): Where | undefined {
  const [, at, skip] = /^(\d{1,16}) (\d{1,6})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  return at === undefined ? undefined : {at: Number(at), skip: Number(skip)};
}

const badCursor = {
  kind: 'bad-request',
  detail: 'The cursor is none that this list has given.',
  errors: [{at: 'querystring.cursor', message: 'expected `next` of the page before, with the same filter'}],
} as const;

const toTheLog = {
  kind: 'wrong-state',
  detail: 'The audit goes to the log, where it can not be searched: set audit.topic or audit.file.',
  state: 'no audit topic or file',
} as const;

function failedReading(error: unknown, readFrom: AuditPage['readFrom']): Answer<AuditPage> {
  const {code, message} = error as NodeJS.ErrnoException;
  // Nothing was written there yet.
  if (code === 'ENOENT') return {ok: true, value: {items: [], readFrom}};
  return refused({kind: 'unavailable', service: 'audit', detail: `The audit can not be read: ${message}.`});
}

const masked = '[masked]';

/** What somebody has changed may be of any form: of that no more is shown than that it is there. */
function viewOf({record, place, isWhole}: FoundRecord, reveal: boolean): AuditView {
  const {id, at, occurredAt, receipt, values, ...rest} = record;
  const where = {id, at: isoOf(at), place: `${place.lane}:${place.isByte ? 'byte ' : ''}${place.at}`};
  const isHidden = values !== undefined && record.hashKey === undefined && !reveal;
  const view = auditRecordSchema.safeParse({
    ...rest,
    ...where,
    ...(isWhole !== undefined && {isWhole}),
    ...(occurredAt !== undefined && {occurredAt: isoOf(occurredAt)}),
    ...(values && {
      values: isHidden ? Object.fromEntries(Object.keys(values).map((name) => [name, masked])) : values,
    }),
    ...(receipt && {receipt: receiptView(receipt)}),
  });
  return view.success ? view.data : {...where, id: typeof id === 'string' ? id : 'none', isWhole: false};
}

function receiptView({steps, ...receipt}: NonNullable<FoundRecord['record']['receipt']>): unknown {
  if (!Array.isArray(steps)) return undefined;
  return {
    ...receipt,
    steps: steps.map(({verifiedAt, ...step}) => ({...step, verifiedAt: isoOf(verifiedAt)})),
  };
}
