import {beforeAll, describe, expect, test} from '@jest/globals';
import {renderChart, type ChartValues} from '../../scripts/chart/helm.ts';
import {deployPackages} from '../../scripts/services/downloads.ts';
import {say} from './rig.ts';
import {configWithout, full, least, over} from './values.ts';

beforeAll(() => deployPackages(say), 300_000);

describe('what is refused', () => {
  const refused: [string, ChartValues, string][] = [
    ['nothing said', {}, 'config.targets: expected at least one target'],
    [
      'no brokers',
      {...least, config: configWithout('kafka')},
      "config.kafka.brokers: expected the brokers' addresses",
    ],
    ['no registry', over(least, {config: {registry: {url: ''}}}), "at '/config/registry/url'"],
    [
      'no Redis',
      {...least, config: configWithout('redis')},
      'config.redis.url: expected the address of Redis',
    ],
    ['two Redis', over(least, {bundledRedis: {enabled: true}}), 'config.redis: expected no address'],
    ['a loopback', over(least, {config: {admin: {host: '127.0.0.1'}}}), 'config.admin.host: expected none'],
    [
      'a port of chance',
      over(least, {config: {admin: {port: 0}}}),
      'config.admin.port: expected a number above 0',
    ],
    [
      'grace elsewhere',
      over(least, {config: {shutdown: {graceMs: '${env:G}'}}}),
      'config.shutdown.graceMs: expected a number',
    ],
    [
      'a stranger',
      {...least, targets: ['okta']},
      'targets: expected names of config.targets (wiki), found okta',
    ],
    ['no Secret', {...least, secrets: []}, 'config: the file /run/secrets/wiki/token is mounted by none'],
    [
      'a password in the config',
      over(least, {config: {registry: {auth: {basic: {username: 'a', password: 'written'}}}}}),
      'config.registry.auth.basic.password: expected ${file:/run/secrets/NAME/KEY} or ${env:NAME} in place of a secret',
    ],
    [
      'a password in an address',
      over(least, {config: {redis: {url: 'rediss://avro-scim:written@redis.example:6380/0'}}}),
      'config.redis.url: expected ${file:',
    ],
    [
      'one of two tokens',
      over(least, {
        config: {targets: {wiki: {config: {auth: {bearer: ['${file:/run/secrets/wiki/token}', 'written']}}}}},
      }),
      'config.targets.wiki.config.auth.bearer.1: expected ${file:',
    ],
    [
      'a key of TLS',
      over(least, {config: {kafka: {tls: {key: 'written'}}}}),
      'config.kafka.tls.key: expected ${file:',
    ],
    [
      'a folder twice',
      {...least, secrets: [{name: 'wiki'}, {name: 'other', path: 'wiki'}]},
      'secrets: expected each folder once, found /run/secrets/wiki again',
    ],
    [
      'the config as a file',
      {...least, files: {'avro-scim.yaml': ''}},
      'files: expected no file avro-scim.yaml',
    ],
    [
      'a port that nobody says',
      over(least, {
        networkPolicy: {enabled: true},
        config: {redis: {url: '${file:/run/secrets/wiki/token}'}},
      }),
      'networkPolicy.ports: expected the ports of config.redis.url',
    ],
    [
      'KEDA without brokers',
      over(full, {config: {kafka: {brokers: ['${env:BROKER}']}}}),
      'config.kafka.brokers: expected it written out, since autoscaling.kind is keda',
    ],
    [
      'a name that no Service may have',
      {...least, fullnameOverride: '2026.scim', service: {enabled: true}},
      'fullnameOverride: expected a name that begins with a letter and has no dots, found 2026.scim: a Service is called by it',
    ],
    [
      'audit on the root',
      over(least, {config: {audit: {file: '/audit.jsonl'}}}),
      'config.audit.file: expected a path below one of extraVolumeMounts',
    ],
    [
      'fewer at most',
      over(full, {autoscaling: {maxReplicas: 1}}),
      'autoscaling.maxReplicas: expected at least minReplicas (2), found 1',
    ],
    ['a text of a number', {...least, replicas: 'two'}, "at '/replicas': got string, want integer"],
    [
      'a mode that is none',
      {...least, mode: 'daemon'},
      "at '/mode': value must be one of 'deployment', 'sidecar'",
    ],
    ['a value that is none', {...least, replicaCount: 3}, "additional properties 'replicaCount' not allowed"],
    [
      'a setting that is none',
      over(least, {config: {kafka: {broker: 'a:1'}}}),
      "at '/config/kafka': additional properties 'broker' not allowed",
    ],
    [
      'a broker without a port',
      over(least, {config: {kafka: {brokers: ['kafka']}}}),
      "at '/config/kafka/brokers/0'",
    ],
    [
      'a connector’s mistake',
      over(least, {config: {targets: {wiki: {config: {baseUri: 'x'}}}}}),
      "at '/config/targets/wiki/config",
    ],
    ['a Secret outside', {...least, secrets: [{name: 'wiki', path: '../etc'}]}, "at '/secrets/0/path'"],
    [
      'a role that is none',
      over(least, {serviceAccount: {aws: {roleArn: 'avro-scim'}}}),
      "at '/serviceAccount/aws/roleArn'",
    ],
  ];

  test('each is told with its path', async () => {
    const answers = await renderChart(refused.map(([, values]) => ({values})));
    const told = answers.map(({refused: text}, index) => [refused[index]?.[0], text]);
    expect(told).toEqual(refused.map(([what, , text]) => [what, expect.stringContaining(text)]));
  });

  test('a setting may come from a file or the environment all the same', async () => {
    const values = over(least, {
      config: {
        registry: {url: '${env:REGISTRY_URL}'},
        redis: {url: '${file:/run/secrets/redis/url}'},
        log: {level: '${env:LEVEL}'},
        // An expression, and hashes: neither is a secret.
        events: [{schema: 'com.acme.Employee', map: 'employee.jsonata', key: 'employeeId'}],
        admin: {auth: {tokens: 'ada operator sha256:0'}},
      },
      secrets: [{name: 'wiki'}, {name: 'redis'}],
    });
    expect(await renderChart([{values}])).toMatchObject([{manifests: {}}]);
  });
});
