import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {randomUUID} from 'node:crypto';
import {stringify} from 'yaml';
import {startScimServer, type ScimServer} from '../../test/doubles/start.ts';
import {openFolder, type Closing} from '../services/folder.ts';
import {startServices} from '../services/index.ts';
import {freePort} from '../services/ports.ts';
import {createTopic} from '../services/topic.ts';
import type {Mounts} from './container.ts';

/** The main job's surroundings: real services, a target, and the folders that the container is given. */
export interface Job {
  target: ScimServer;
  topic: string;
  adminUrl: string;
  mounts: Mounts;
}

const user = (id: string, active: boolean): object => ({id, userName: `${id}@example.com`, active});

const event = (key: string, body: object): string =>
  JSON.stringify({
    key,
    value: {eventId: randomUUID(), occurredAt: Date.now(), source: 'image-check', ...body},
  });

/** Starts services and target, and writes config, secret and events: one joins, one joins and leaves. */
export async function openJob(log: (line: string) => void, closing: Closing): Promise<Job> {
  const services = await startServices({log});
  closing(() => services.stop());
  const name = `image-check-${randomUUID().slice(0, 8)}`;
  const topic = await createTopic(services, `${name}.events`, 1);
  closing(() => topic.close());
  const target = await startScimServer('strict', randomUUID());
  closing(() => target.stop());
  const folder = await openFolder('avro-scim-image-', closing);
  const port = await freePort();
  const at = (part: string): string => {
    mkdirSync(join(folder, part), {recursive: true});
    return join(folder, part);
  };
  const config = {
    kafka: {
      brokers: services.kafka.brokers,
      clientId: name,
      groupPrefix: name,
      topics: [`${name}.events`],
    },
    registry: {url: services.registry.url},
    redis: {url: services.redis.url, prefix: name},
    admin: {port},
    audit: {file: '/var/lib/avro-scim/audit.jsonl'},
    targets: {
      wiki: {
        connector: 'scim',
        config: {baseUrl: target.url, auth: {bearer: '${file:/run/secrets/wiki}'}},
      },
    },
  };
  writeFileSync(join(at('config'), 'avro-scim.yaml'), stringify(config));
  writeFileSync(join(at('secrets'), 'wiki'), target.token);
  const events = [
    event('u1', {user: user('u1', true)}),
    event('u2', {user: user('u2', true)}),
    event('u2', {user: user('u2', false)}),
  ];
  writeFileSync(join(folder, 'config', 'events.jsonl'), `${events.join('\n')}\n`);
  return {
    target,
    topic: `${name}.events`,
    adminUrl: `http://127.0.0.1:${port}`,
    mounts: {
      readOnly: {'/etc/avro-scim': join(folder, 'config'), '/run/secrets': join(folder, 'secrets')},
      writable: {'/var/lib/avro-scim': at('audit')},
    },
  };
}
