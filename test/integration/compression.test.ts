import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals';
import {CompressionTypes, type Consumer} from 'kafkajs';
import {kafkaJars} from '../../scripts/services/downloads.ts';
import {createKafka} from '../../src/stages/source/client.ts';
import {openKafka, type TestKafka} from '../support/kafka.ts';
import {services} from '../support/services.ts';

const codecs = {
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
} as const;
type CodecName = keyof typeof codecs;
const names = Object.keys(codecs) as CodecName[];

const silent = {debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined};
const client = () => createKafka({brokers: services().brokers, clientId: 'test'}, {log: silent});

/** More than one block of snappy-java's 32 kB, and of LZ4's 64 kB. */
const values = Array.from({length: 4_000}, (_, index) => `event ${index} ${'of one subject '.repeat(3)}`);

let kafka: TestKafka;
beforeAll(async () => {
  kafka = await openKafka();
});
afterAll(() => kafka.close());

async function readAll(topic: string): Promise<string[]> {
  const consumer: Consumer = client().consumer({groupId: topic, allowAutoTopicCreation: false});
  const read: string[] = [];
  try {
    await consumer.connect();
    await consumer.subscribe({topics: [topic], fromBeginning: true});
    const done = Promise.withResolvers<undefined>();
    await consumer.run({
      eachMessage: ({message}) => {
        read.push(message.value?.toString() ?? '');
        if (read.length === values.length) done.resolve(undefined);
        return Promise.resolve();
      },
    });
    consumer.on(consumer.events.CRASH, ({payload}) => done.reject(payload.error));
    await done.promise;
  } finally {
    await consumer.disconnect();
  }
  return read;
}

describe.each(names)('%s', (name) => {
  test('as KafkaJS writes it', async () => {
    const topic = await kafka.newTopic();
    const producer = client().producer({allowAutoTopicCreation: false});
    await producer.connect();
    await producer.send({topic, compression: codecs[name], messages: values.map((value) => ({value}))});
    await producer.disconnect();
    expect(await readAll(topic)).toEqual(values);
  });
});

const hasJava = spawnSync('java', ['-version']).status === 0;

/** Kafka's own console producer, with values on its standard input. */
async function produceWithJava(jars: string, name: CodecName, topic: string): Promise<void> {
  const address = ['--bootstrap-server', services().brokers.join(','), '--topic', topic];
  const batches = ['--compression-codec', name, '--batch-size', '500000', '--timeout', '500'];
  const java = [
    '-Xmx128m',
    '-XX:TieredStopAtLevel=1',
    '-cp',
    `${jars}/*`,
    'org.apache.kafka.tools.ConsoleProducer',
  ];
  const child = spawn('java', [...java, ...address, ...batches], {stdio: ['pipe', 'ignore', 'pipe']});
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  child.stdin.end(values.join('\n'));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(complaints);
}

/** Where no Java is, its client can not write: the services then run in containers. */
const describeWithJava: (name: string, block: () => void) => void = hasJava ? describe : () => undefined;

describeWithJava("as Java's client writes it", () => {
  let jars = '';
  beforeAll(async () => {
    jars = await kafkaJars(() => undefined);
  }, 300_000);

  test.each(names)(
    '%s',
    async (name) => {
      const topic = await kafka.newTopic();
      await produceWithJava(jars, name, topic);
      expect(await readAll(topic)).toEqual(values);
    },
    60_000,
  );
});
