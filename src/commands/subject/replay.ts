import {typed} from '../../core/typed.ts';
import {createLog, createRedactor} from '../../log.ts';
import {createPauses} from '../../stages/pauses/index.ts';
import {createKafka} from '../../stages/source/client.ts';
import {createReadBack} from '../../stages/source/read-back.ts';
import {replaySubject, type Replayed} from '../../target/replay.ts';
import type {Command, CommandContext, ExitCode} from '../command.ts';
import {actionOf} from '../stored/action.ts';
import {reasonOf, reasonOption} from '../stored/reason.ts';
import {targetOption, withStored, type Stored} from '../stored/open.ts';

/** `subject replay`: the last event that was decided for a subject is told to the target again. */
export const subjectReplay: Command = {
  name: 'subject replay',
  describe:
    'tell a target the last event of a subject again, read from Kafka, although nothing seems to differ',
  arguments: [{name: '<id>', describe: 'the subject’s id: the Kafka key of its events'}],
  options: [targetOption, reasonOption],
  run: (context) =>
    withStored(context, async (stores, {config}) => {
      const log = createLog({
        ...{level: 'error', redactor: createRedactor()},
        destination: {write: () => undefined},
      });
      const kafka = createKafka(config.kafka, {log, retries: 1});
      const readBack = createReadBack(kafka, config.kafka.groupPrefix);
      const [id = ''] = context.arguments;
      const all: Replayed[] = [];
      for (const stored of stores) {
        const asked = (record: string): Promise<void> =>
          stored.audit.act([
            actionOf('subject replayed', {
              ...{target: stored.target, subject: id, about: {event: record}},
              ...reasonOf(context),
            }),
          ]);
        all.push(await replaySubject({...stored, readBack, asked}, id, context.signal));
      }
      await print(context, stores, all);
      return exitCodeOf(all);
    }),
};

async function print(
  {json, print: line}: CommandContext,
  stores: readonly Stored[],
  all: readonly Replayed[],
): Promise<void> {
  if (json) {
    line(JSON.stringify({results: all}, null, 2));
    return;
  }
  for (const one of all) line(`${one.target}: ${textOf(one)}`);
  for (const stored of stores) {
    const isParked = all.some(({target, result}) => target === stored.target && result === 'replayed');
    if (isParked && (await createPauses(stored).read()) !== undefined)
      line(`${stored.target} is paused: it waits until avro-scim target resume ${stored.target}`);
  }
}

function textOf(one: Replayed): string {
  switch (one.result) {
    case 'replayed':
      return `${one.record} stands in its lane and is told again; ${typed('subject', one.subject)} shows what comes of it`;
    case 'unknown':
      return 'no event of it was decided here';
    case 'refused':
    case 'unreachable':
      return `not replayed: ${one.reason}`;
    default:
      return one satisfies never;
  }
}

/** 3 when Kafka did not answer for one of them; 1 when one was refused, or nobody knows the subject. */
function exitCodeOf(all: readonly Replayed[]): ExitCode {
  if (all.some(({result}) => result === 'refused')) return 1;
  if (all.some(({result}) => result === 'unreachable')) return 3;
  return all.some(({result}) => result === 'replayed') ? 0 : 1;
}
