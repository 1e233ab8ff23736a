import {targetNames} from './calendar.ts';
import type {Demo} from './setup.ts';

const cli = 'node_modules/.bin/node --disable-warning=TimeoutNegativeWarning src/main.ts';

/** Three commands to try once everything has stopped. */
export const nextSteps: readonly string[] = [
  `npm run demo -- --keep               the same, and it stays for you to look around`,
  `${cli} config example   every setting, with what it is for`,
  `npm test                             unit, integration and fault tests, with services of their own`,
];

/** Where everything answers, three commands to try while it runs (one asks about `subject`), and the one that ends it. */
export function keptLines(demo: Demo, subject: string, endCommand: string): string[] {
  const {services, targets, configFile, adminUrl, folder, topicName} = demo;
  const config = `--config ${configFile}`;
  return [
    'it goes on running:',
    `  Kafka       ${services.kafka.brokers.join(',')}, topic ${topicName}`,
    `  registry    ${services.registry.url}`,
    `  Redis       ${services.redis.url}`,
    ...targetNames.map((name) => `  ${name.padEnd(10)}  ${targets[name].url}`),
    ...demo.vendors.map(({kind, url}) => `  ${kind.padEnd(10)}  ${url}`),
    `  console     ${adminUrl}/ (and /readyz, /metrics)`,
    `  its files   ${folder}: config, log, audit records, each day's events`,
    '',
    'try next:',
    `  ${cli} dead-letters list ${config}`,
    `  ${cli} subject ${subject} ${config}`,
    `  ${cli} publish ${folder}/day-30.jsonl --topic ${topicName} ${config}`,
    '',
    'to end it:',
    `  ${endCommand}`,
  ];
}
