import {createErasures, type Erasable} from '../../stages/erasures/index.ts';
import {quietKafka} from '../audit/choose.ts';
import type {Command, CommandContext, ExitCode} from '../command.ts';
import {ask} from '../stored/confirm.ts';
import {targetOption, withStored, type Stored} from '../stored/open.ts';
import {printable} from '../stored/table.ts';
import {buryCopies, type Buried} from './bury.ts';
import {eraseAt, refusalOf, type Erased} from './erase-at.ts';
import {buriedLines, foundLine, resultLine} from './erase-lines.ts';

/** `subject erase`: what is kept of one person's data goes, at the targets and among the copies of dead letters. */
export const subjectErase: Command = {
  name: 'subject erase',
  describe:
    'erase what is kept of one person: bytes, answers and fingerprints; the fence against older events stays',
  arguments: [{name: '<id>', describe: 'the subject’s id: the Kafka key of its events'}],
  options: [
    targetOption,
    {flags: '--reason <text>', describe: 'why, for the audit, without the person’s data; needed'},
    {flags: '--force', describe: 'although the person has access, or a cut-off is not finished'},
    {flags: '--yes', describe: 'do not ask'},
  ],
  run: (context) => {
    const [id = ''] = context.arguments;
    const {reason} = context.options;
    if (id === '' || typeof reason !== 'string' || reason.trim() === '') {
      context.complain('subject erase: expected the id of a subject, and --reason: it is for the audit');
      return Promise.resolve(2);
    }
    return withStored(context, async (stores, loaded) => {
      const {mirror, suffix} = loaded.config.deadLetters;
      const found = await Promise.all(stores.map((stored) => createErasures(stored).look(id)));
      const isForced = context.options['force'] === true;
      if (!context.json) tellFound(context, stores, found, mirror ? suffix : undefined);
      const stands = found.filter((one) => refusalOf(one, isForced) === undefined).length;
      if (stands > 0 && !(await ask(context, `erase ${id} at ${stands} target(s)`))) return 2;
      const results: Erased[] = [];
      for (const stored of stores)
        results.push(await eraseAt(stored, id, {reason, isForced, signal: context.signal}));
      const isAllowed = results.some(({result}) => result !== 'refused' && result !== 'busy');
      const copies =
        mirror && isAllowed ? await buryCopies(quietKafka(loaded), loaded.config, id) : undefined;
      return tell(context, id, results, copies);
    });
  },
};

function tellFound(
  {print, options}: CommandContext,
  stores: readonly Stored[],
  found: readonly Erasable[],
  suffix: string | undefined,
): void {
  stores.forEach(({target}, i) => {
    const one = found[i];
    if (one) print(printable(foundLine(target, one, refusalOf(one, options['force'] === true))));
  });
  const isRefused = found.every((one) => refusalOf(one, options['force'] === true) !== undefined);
  if (suffix !== undefined && !isRefused) print(`Kafka: a tombstone for its key in each topic *${suffix}`);
}

function tell(
  {json, print, complain}: CommandContext,
  subject: string,
  results: readonly Erased[],
  copies: Buried | undefined,
): ExitCode {
  if (json) print(JSON.stringify({subject, results, ...(copies && {copies})}, null, 2));
  else {
    for (const one of results) print(printable(resultLine(one)));
    if (copies) for (const line of buriedLines(copies)) print(line);
  }
  if (copies?.unreachable !== undefined) {
    complain(`Kafka does not answer: the copies of dead letters stay; the same command goes on with them`);
    return 3;
  }
  return results.some(({result}) => result !== 'erased' && result !== 'nothing') ? 1 : 0;
}
