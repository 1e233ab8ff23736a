import {startScimServer, startVendor, type VendorServer} from '../../test/doubles/start.ts';
import {vendorKinds} from '../../test/doubles/vendors/vendor.ts';
import type {AuditRecord} from '../../src/core/audit.ts';
import {events, type Produced} from '../events.ts';
import type {Figure} from '../figures.ts';
import type {Program} from '../program.ts';
import {newName, type Bench, type Benchmark, type Topic} from '../rig.ts';

/** A vendor's service, as far as this needs it. */
type Service = Pick<VendorServer, 'delay' | 'use' | 'stop'> & {
  config: object;
  requests(): Promise<number>;
};

interface Run {
  service: Service;
  topic: Topic;
  program: Program;
}

const latencyMs = 50;
const goalMs = 2000;
const leaverId = 'leaver';
const credential = 'credential_of_the_bench';

/** SCIMMY for the `scim` connector, and each vendor's double. */
const services: Record<string, () => Promise<Service>> = {
  scim: startScim,
  ...Object.fromEntries(vendorKinds.map((kind) => [kind, () => startService(kind)])),
};

async function startScim(): Promise<Service> {
  const server = await startScimServer('strict', credential);
  return {
    config: {baseUrl: server.url, auth: {bearer: credential}},
    requests: async () =>
      Object.values((await server.state()).requests).reduce((sum, count) => sum + count, 0),
    delay: (delayMs) => server.control({delayMs}),
    use: () => Promise.resolve(),
    stop: () => server.stop(),
  };
}

async function startService(kind: (typeof vendorKinds)[number]): Promise<Service> {
  const vendor = await startVendor(kind, credential);
  // Where AWS's SDK looks first; the program inherits it.
  process.env['AWS_ACCESS_KEY_ID'] = credential;
  process.env['AWS_SECRET_ACCESS_KEY'] = credential;
  return {
    config: vendor.settings(credential),
    requests: async () => (await vendor.state()).requests,
    delay: (ms) => vendor.delay(ms),
    use: (subject) => vendor.use(subject),
    stop: () => vendor.stop(),
  };
}

/** Publishes, and resolves to the requests that it took until everything is decided and nothing is left to tell. */
async function requestsOf({service, topic, program}: Run, records: readonly Produced[]): Promise<number> {
  const before = await service.requests();
  const {settled} = await program.sample();
  await topic.produce(records);
  let last = before;
  let quiet = 0;
  // Members are told a moment after the event that they came with: over is when nothing is asked any more.
  await program.until(
    'settling what was published',
    (sample) => sample.settled >= settled + records.length && sample.parked === 0 && quiet >= quietSamples,
    {
      everyMs: 100,
      async before() {
        const now = await service.requests();
        quiet = now === last ? quiet + 1 : 0;
        last = now;
      },
    },
  );
  return last - before;
}

const quietSamples = 5;

/** From the leave's event to the last step that was read back, in ms. */
async function cutOffMs({service, topic, program}: Run): Promise<number> {
  await service.use(leaverId);
  await service.delay(latencyMs);
  const leave = events.leave(leaverId);
  const begun = Date.now();
  await topic.produce([leave]);
  let record: AuditRecord | undefined;
  await program.until('cutting the leaver off', () => record !== undefined, {
    everyMs: 50,
    deadlineMs: 60_000,
    async before() {
      const records = await program.audit();
      record = records.find(({subject, receipt}) => subject === leaverId && receipt?.complete);
    },
  });
  return Math.max(...(record?.receipt?.steps ?? []).map(({verifiedAt}) => verifiedAt)) - begun;
}

async function measure(bench: Bench, kind: string, start: () => Promise<Service>): Promise<Figure[]> {
  const members = bench.size(1000, 100);
  const service = await start();
  bench.closing(() => service.stop());
  const topic = await bench.topic();
  // What a vendor allows in a minute is not what is measured here.
  const target = {
    connector: kind,
    config: service.config,
    concurrency: 32,
    rate: {requests: 100_000, perSeconds: 1},
  };
  const setting = {topic: topic.name, targetUrl: '', group: newName(), prefix: newName(), target};
  const run = {service, topic, program: await bench.program(setting)};
  const ids = Array.from({length: members}, (_, n) => `member-${n}`);
  const group = `group-of-${members}`;
  // What is read once (what the service can do) is not the joiner's.
  await requestsOf(run, [events.person('first', 0), events.person(leaverId, 0)]);
  const joiner = await requestsOf(run, [events.person('joiner', 0)]);
  // A name is what every service keeps.
  const mover = await requestsOf(run, [events.renamed('joiner', 1)]);
  await requestsOf(
    run,
    ids.map((id) => events.person(id, 0)),
  );
  const all = await requestsOf(run, [events.namedGroup(group, group, ids)]);
  const leaver = await requestsOf(run, [events.leave('joiner')]);
  const ms = await cutOffMs(run);
  await run.program.stop();
  return [
    {name: `${kind}: requests a joiner`, value: joiner, unit: ''},
    {name: `${kind}: requests a mover`, value: mover, unit: ''},
    {name: `${kind}: requests a leaver`, value: leaver, unit: ''},
    {name: `${kind}: requests a group of ${members}`, value: all, unit: ''},
    {
      name: `${kind}: a leaver's last step read back, at ${latencyMs} ms a request`,
      value: ms,
      unit: 'ms',
      most: goalMs,
    },
  ];
}

export const connectors: Benchmark = {
  name: 'connectors',
  what: 'requests a joiner, mover, leaver and group take at each connector, and how soon a leaver is cut off for good',
  async run(bench) {
    const figures: Figure[] = [];
    for (const [kind, start] of Object.entries(services))
      figures.push(...(await measure(bench, kind, start)));
    return figures;
  },
};
