import {readSubject, type KnownSubject} from '../stages/state/subject.ts';
import type {Command} from './command.ts';
import {shown} from './stored/mask.ts';
import {targetOption, withStored} from './stored/open.ts';
import {timeOf} from './stored/table.ts';

/** `subject ID`: what is known of one subject at each target. */
export const subject: Command = {
  name: 'subject',
  describe: 'what is known of one subject: at each target its state, lane, cut-off, hold, dead letters',
  arguments: [{name: '<id>', describe: 'the subject’s id: the Kafka key of its events'}],
  options: [targetOption, {flags: '--reveal', describe: 'show bodies, headers and bytes as they are'}],
  run: async (context) => {
    const [id = ''] = context.arguments;
    const reveal = context.options['reveal'] === true;
    return withStored(context, async (stores) => {
      const known = await Promise.all(
        stores.map(async (stored) => ({target: stored.target, ...(await readSubject(stored, id))})),
      );
      if (context.json)
        context.print(
          JSON.stringify({subject: id, targets: known.map((one) => masked(one, reveal))}, null, 2),
        );
      else for (const one of known) for (const line of linesOf(one)) context.print(line);
      return 0;
    });
  },
};

const masked = (known: KnownSubject, reveal: boolean): object => ({
  ...known,
  lane: known.lane.map((entry) => shown(entry, reveal)),
  letters: known.letters.map((letter) => shown(letter, reveal)),
  ...(known.held && {held: shown(known.held, reveal)}),
});

function linesOf(known: KnownSubject & {target: string}): string[] {
  const {state, lane, letters, held, cutOffBegunAt, waitsForGroups, waitsForManager, laneDueAt, mark} = known;
  return [
    `${known.target}: ${state === undefined ? 'nothing was decided yet' : stateLine(state)}`,
    ...(state && state.groups.length > 0 ? [`  groups: ${state.groups.join(', ')}`] : []),
    ...(waitsForGroups.length > 0 ? [`  waits to enter: ${waitsForGroups.join(', ')}`] : []),
    ...(waitsForManager === undefined ? [] : [`  waits for its manager: ${waitsForManager}`]),
    ...(known.isLeased ? ['  in work now'] : []),
    ...(cutOffBegunAt === undefined ? [] : [`  cut-off open since ${timeOf(cutOffBegunAt)}`]),
    ...(mark === undefined ? [] : [markLine(mark)]),
    ...(held === undefined
      ? []
      : [`  ${held.isBarred ? 'held until that is lifted' : 'a leave is held'}: ${held.id}`]),
    ...(laneDueAt === undefined ? [] : [`  lane of ${lane.length}, tried again ${timeOf(laneDueAt)}`]),
    ...lane.map(
      (entry) => `    ${entry.id}  ${entry.kind}  attempts ${entry.attempts}  ${entry.failure?.cause ?? ''}`,
    ),
    ...letters.map((letter) => `  dead letter ${letter.id}  ${letter.kind}  ${letter.failure.cause}`),
  ];
}

function markLine({at, by, reason}: NonNullable<KnownSubject['mark']>): string {
  return `  cut off by hand since ${timeOf(at)} by ${by}${reason === undefined ? '' : `: ${reason}`}`;
}

function stateLine(state: NonNullable<KnownSubject['state']>): string {
  const account = state.remoteId === undefined ? 'no account' : `account ${state.remoteId}`;
  const words = [
    state.kind,
    account,
    ...(state.active ? ['active'] : []),
    ...(state.unwanted ? ['not wanted'] : []),
  ];
  return [
    ...words,
    ...(state.inDoubt ? ['in doubt'] : []),
    ...(state.isProtected ? ['protected'] : []),
    `as of ${timeOf(state.position.occurredAt)}`,
  ].join(', ');
}
