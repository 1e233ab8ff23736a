import {setTimeout as delay} from 'node:timers/promises';
import {drawFaults, type FaultShare} from '../support/target/faults.ts';
import {refusedTitle, type Model} from './model.ts';
import type {Program} from './program.ts';
import {asked, type Stage} from './stage.ts';

const shares: FaultShare[] = [
  {share: 0.02, fault: {kind: 'answer', status: 500, body: ''}},
  {share: 0.003, fault: {kind: 'answer', status: 429, headers: {'retry-after': '1'}, body: ''}},
  {share: 0.003, fault: {kind: 'answer', status: 503, body: ''}},
  {share: 0.02, fault: {kind: 'reset'}},
  {share: 0.03, fault: {kind: 'lost'}},
  {share: 0.001, fault: {kind: 'silent'}},
];

/** Makes the target refuse what it always refuses, and misbehave by the seed; resolves what ends the latter. */
export function misbehave({target}: Stage, seed: number): () => void {
  target.hook(({method, body}) =>
    method !== 'GET' && body.includes(`"${refusedTitle}"`)
      ? {kind: 'answer', status: 400, body: '{"scimType":"invalidValue"}'}
      : undefined,
  );
  return target.hook(drawFaults(seed, shares));
}

const batch = 20;
const pauseMs = 100;

export interface Load {
  count: {events: number; raw: number};
  /** Rejects when the broker does not take an event. */
  over: Promise<void>;
  stop(): Promise<void>;
  /** Publishes nothing while this is done. */
  hold(work: () => Promise<void>): Promise<void>;
}

/** Publishes until it is told to stop. `hold` lets nothing be under way while the broker is away. */
export function startLoad(stage: Stage, model: Model): Load {
  const end = new AbortController();
  let held: Promise<undefined> | undefined;
  let sending: Promise<unknown> = Promise.resolve(undefined);
  const count = {events: 0, raw: 0};
  const over = (async () => {
    while (!end.signal.aborted) {
      await held;
      const events = Array.from({length: batch}, () => model.next());
      count.events += events.length;
      count.raw += events.filter(({body}) => body === 'raw').length;
      sending = stage.publish(events);
      await sending;
      await delay(pauseMs);
    }
  })();
  return {
    count,
    over,
    stop: () => {
      end.abort();
      return over;
    },
    async hold(work: () => Promise<void>) {
      const {promise, resolve} = Promise.withResolvers<undefined>();
      held = promise;
      await sending;
      try {
        await work();
      } finally {
        held = undefined;
        resolve(undefined);
      }
    },
  };
}

/** Looks at what the guard holds as long as it works, and approves it. */
export interface Operator {
  approved: number;
  stop(): Promise<void>;
}

const lookEveryMs = 300;

export function startOperator(stage: Stage): Operator {
  const end = new AbortController();
  const operator = {approved: 0, stop: () => Promise.resolve()};
  const over = (async () => {
    while (!end.signal.aborted) {
      operator.approved += await stage.approve();
      await delay(lookEveryMs);
    }
  })();
  operator.stop = () => {
    end.abort();
    return over;
  };
  return operator;
}

/** What else goes wrong beside the kills, by the number of the round. */
const troubles: ((stage: Stage, load: Load, crew: Crew) => Promise<void> | undefined)[] = [
  (_stage, _load, crew) => {
    crew.join();
    return undefined;
  },
  async ({store}) => store.restart({signal: 'SIGKILL'}),
  async ({registry}) => {
    registry.cut();
    await delay(1500);
    registry.join();
  },
  async (_stage, _load, crew) => crew.leave(),
  async ({broker}, load) => load.hold(() => broker.restart()),
  async ({store}) => {
    await store.stop();
    await delay(1000);
    await store.start();
  },
];

/** The replicas that run now. */
export class Crew {
  readonly #stage: Stage;
  readonly #members: Program[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
    this.join();
  }

  join(): void {
    this.#members.push(this.#stage.start());
  }

  /** The oldest ends as an operator ends it; another takes its place when it was the last. */
  async leave(): Promise<void> {
    const member = this.#members.shift();
    if (this.#members.length === 0) this.join();
    await dismiss(member);
  }

  async kill(random: () => number): Promise<void> {
    const [member] = this.#members.splice(Math.floor(random() * this.#members.length), 1);
    await member?.end('SIGKILL');
    this.join();
  }

  async end(): Promise<void> {
    await Promise.all(this.#members.splice(0).map(dismiss));
  }

  /** Whatever is left, at once. */
  async drop(): Promise<void> {
    await Promise.all(this.#members.splice(0).map((member) => member.end('SIGKILL')));
  }
}

async function dismiss(member: Program | undefined): Promise<void> {
  await member?.up;
  const code = await member?.end('SIGTERM');
  if (code !== 0) throw new Error(`avro-scim was asked to end, and ended with ${String(code)}`);
}

const everyRounds = 2;
const longestWaitMs = 1000;

/** `kills` times: waits for work to be done, then kills a replica at a random moment; every second time something else fails too. */
export async function storm(
  stage: Stage,
  load: Load,
  crew: Crew,
  kills: number,
  random: () => number,
): Promise<void> {
  for (let round = 0; round < kills; round += 1) {
    await asked(stage.target, `round ${round}: the target is asked again`);
    await delay(random() * longestWaitMs);
    const trouble = round % everyRounds === 0 ? troubles[(round / everyRounds) % troubles.length] : undefined;
    await Promise.all([crew.kill(random), trouble?.(stage, load, crew)]);
  }
}
