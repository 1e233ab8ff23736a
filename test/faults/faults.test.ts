import {afterAll, beforeAll, expect, jest, test} from '@jest/globals';
import {eventually} from '../support/eventually.ts';
import {seeded} from '../support/target/faults.ts';
import {createModel, scope, type Model} from './model.ts';
import {openStage, topic, type Stage} from './stage.ts';
import {Crew, misbehave, startLoad, startOperator, storm} from './storm.ts';
import {backwards, differences, doneBy, figuresOf, heldBy, reverted} from './verdict.ts';

/** `npm run test:faults` is the short form; AVRO_SCIM_FAULT_KILLS=200 the long one, and `-- --seed N` says which. */
const kills = Number(process.env['AVRO_SCIM_FAULT_KILLS'] ?? 20);
const seed = jest.getSeed();

jest.setTimeout(120_000 + kills * 15_000);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({scope, guard: {maxLeavers: 8, perMinutes: 1}});
});
afterAll(() => stage.close());

test('whatever fails under load, the target becomes what the events say', async () => {
  const began = performance.now();
  const model = createModel(seeded(seed), {people: 120, members: 100, groups: 20, refused: 4});
  const behave = misbehave(stage, seed);
  const crew = new Crew(stage);
  const operator = startOperator(stage);
  try {
    const first = await begin(model);
    const load = startLoad(stage, model);
    try {
      await Promise.race([storm(stage, load, crew, kills, seeded(seed + 1)), load.over]);
    } finally {
      await load.stop();
    }
    behave();
    await settled(model);
    await operator.stop();
    await crew.end();
    await judge(model, first, load.count.raw);
    const seconds = (performance.now() - began) / 1000;
    report({
      seed,
      kills,
      seconds: Math.round(seconds),
      events: load.count.events,
      approved: operator.approved,
      ...figuresOf(stage.target.requests),
    });
  } catch (error) {
    throw new Error(`seed ${seed}; the end of the log:\n${await stage.said()}`, {cause: error});
  } finally {
    await operator.stop();
    await crew.drop();
  }
});

/** A target that has no commit skips what was overtaken: the storm begins when the first events are committed. */
async function begin(model: Model): Promise<number[]> {
  await stage.publish(Array.from({length: 60}, () => model.next()).filter(({body}) => body !== 'raw'));
  await eventually(() => stage.isDone(), {what: 'the first commit', deadlineMs: 30_000});
  return (await stage.progress()).ends;
}

/** Waits until all is read, nothing is parked, and the target is what it must be. */
async function settled(model: Model): Promise<void> {
  await eventually(
    async () => {
      if (!(await stage.isDone())) throw new Error(JSON.stringify(await stage.progress()));
      const wrong = differences(stage.target, model, doneBy(await stage.audit()));
      if (wrong.length === 0) return true;
      throw new Error(`${JSON.stringify(await stage.progress())} ${wrong.slice(0, 10).join('; ')}`);
    },
    {what: 'the target as the model has it', deadlineMs: 90_000, everyMs: 200},
  );
}

/** `first`: the offset of each partition from which on every event must have been decided. */
async function judge(model: Model, first: number[], raw: number): Promise<void> {
  const audit = await stage.audit();
  expect(differences(stage.target, model, doneBy(audit))).toEqual([]);
  expect(backwards(stage.target.requests, model)).toEqual([]);
  expect(reverted(stage.target.requests, model, heldBy(audit))).toEqual([]);
  const decided = new Set(
    audit.flatMap(({topic: from, partition = 0, offset = -1}) =>
      from === topic && offset >= (first[partition] ?? 0) ? [`${partition}/${offset}`] : [],
    ),
  );
  const {ends} = await stage.progress();
  expect(decided.size).toBe(ends.reduce((sum, end, partition) => sum + end - (first[partition] ?? 0), 0));
  const {letters} = await stage.letters.list({limit: 100_000});
  const unexplained = letters.filter(
    ({kind, subject = '', failure}) =>
      !(kind === 'undecodable' && subject.startsWith('broken')) &&
      !(subject.startsWith('x') && failure.kind === 'rejected'),
  );
  expect(unexplained).toEqual([]);
  expect(letters.filter(({kind}) => kind === 'undecodable')).toHaveLength(raw);
}

/** The figures are what the run is for: they are printed past jest's own frame. */
function report(figures: Record<string, number>): void {
  const line = Object.entries(figures)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  process.stderr.write(`fault run: ${line}\n`);
}
