import {describe, expect, test} from '@jest/globals';
import {loadConfig} from './load.ts';
import {good, load, problemsOf} from './testing/load.ts';

describe('a config that is right', () => {
  test('has the defaults, and a target its own settings over the top-level ones', () => {
    const loaded = load(
      good('    retry: {maxAgeHours: 1}\n    window: {maxBytes: 1MiB}\nretry: {baseDelayMs: 7}\n'),
    );
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.config.kafka.brokers).toEqual(['127.0.0.1:9092']);
    expect(loaded.config.window.maxBytes).toBe(64 * 2 ** 20);
    const target = loaded.config.targets['wiki'];
    expect(target).toMatchObject({
      name: 'wiki',
      concurrency: 16,
      retry: {maxAgeHours: 1, baseDelayMs: 7, maxDelayMs: 3_600_000},
      window: {maxChanges: 100_000, maxBytes: 2 ** 20},
      config: {pageSize: 100},
    });
  });

  test('takes templates from the environment and from files, as numbers and booleans too', () => {
    const text = good('kafka: {clientId: "a-${env:NAME}-$${env:NAME}"}\nadmin: {port: "${env:PORT}"}\n')
      .replace('t0ken', '"${file:secrets/wiki}"')
      .concat('redis: {allowVolatile: "${env:VOLATILE}", prefix: "${file:prefix}"}\n');
    const loaded = load(
      text,
      {NAME: 'name1', PORT: '8080', VOLATILE: 'true'},
      {'/etc/secrets/wiki': 'from-file\n', '/etc/prefix': 'p'},
    );
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.config.kafka.clientId).toBe('a-name1-${env:NAME}');
    expect(loaded.config.admin.port).toBe(8080);
    expect(loaded.config.redis.allowVolatile).toBe(true);
    expect(loaded.config.targets['wiki']?.config).toMatchObject({auth: {bearer: 'from-file'}});
    expect(loaded.files).toEqual(['/etc/secrets/wiki', '/etc/prefix']);
    expect(loaded.config.targets['wiki']?.secretFiles).toEqual(['/etc/secrets/wiki']);
    expect(loaded.secrets).toEqual(expect.arrayContaining(['name1', '8080', 'from-file']));
  });

  test('knows what is secret although it was written into the file', () => {
    const loaded = load(good('redis: {url: "redis://u:p%40ss@r.example/0"}\n'));
    expect(loaded.ok && loaded.secrets).toEqual(['t0ken', 'p%40ss', 'p@ss']);
  });

  test('may leave a name with nothing after it', () => {
    expect(load(good('kafka:\n')).ok).toBe(true);
  });
});

describe('mistakes are told with line, column, what was expected and what was found', () => {
  test.each([
    [
      'an unknown key',
      good('shutdown: {gracems: 1}\n'),
      'f:5:12: shutdown.gracems: unknown setting; known here: graceMs',
    ],
    ['a wrong type', good('admin:\n  port: ten\n'), 'f:6:9: admin.port: expected a number, found "ten"'],
    [
      'a fraction',
      good('    concurrency: 1.5\n'),
      'f:5:18: targets.wiki.concurrency: expected a whole number, found 1.5',
    ],
    [
      'too small',
      good('    concurrency: 0\n'),
      'f:5:18: targets.wiki.concurrency: expected more than 0, found 0',
    ],
    [
      'an enum',
      good('log: {level: loud}\n'),
      'f:5:14: log.level: expected debug or info or warn or error, found "loud"',
    ],
    [
      'a size',
      good('window: {maxBytes: lots}\n'),
      'f:5:20: window.maxBytes: expected a size: a whole number, or one with a unit as in 64MiB, found "lots"',
    ],
    [
      'an item of a list',
      good('kafka: {brokers: [a:1, "http://b:2"]}\n'),
      'f:5:24: kafka.brokers[1]: expected host:port, without a scheme, found "http://b:2"',
    ],
    [
      'a choice of forms',
      good('kafka: {tls: 3}\n'),
      'f:5:14: kafka.tls: expected true or false or settings below it, found 3',
    ],
    [
      'a choice by name',
      good('kafka: {sasl: {mechanism: gssapi}}\n'),
      'f:5:27: kafka.sasl.mechanism: expected plain or scram-sha-256 or scram-sha-512 or oauthbearer or aws, found "gssapi"',
    ],
    [
      'the form that was meant',
      good('registry: {auth: {basic: {username: u}}}\n'),
      'f:5:19: registry.auth.basic.password: expected a text, found nothing',
    ],
    [
      'both forms',
      good('    onLeave: archive\n'),
      'f:5:14: targets.wiki.onLeave: expected deactivate or delete or settings below it, found "archive"',
    ],
    [
      'a missing variable',
      good('kafka: {clientId: "${env:NONE}"}\n'),
      'f:5:19: kafka.clientId: the environment variable NONE is not set',
    ],
    [
      'a missing file',
      good('kafka: {clientId: "${file:/none}"}\n'),
      'f:5:19: kafka.clientId: the file /none can not be read (ENOENT)',
    ],
    [
      'an unknown template',
      good('kafka: {clientId: "${NAME}"}\n'),
      'f:5:19: kafka.clientId: expected ${env:NAME} or ${file:/path}, found ${NAME} (write $${ for a plain ${)',
    ],
    [
      'two targets with one name',
      good('  wiki:\n    connector: scim\n'),
      'f:5:3: the name wiki is used twice: each may stand once',
    ],
    [
      'an unknown connector',
      good('').replace('scim', 'skim'),
      'f:3:16: targets.wiki.connector: expected the name of a connector (scim), found "skim"',
    ],
    [
      'the connector’s settings',
      good('').replace('https://wiki.example/scim', 'wiki'),
      'f:4:23: targets.wiki.config.baseUrl: expected an address, found "wiki"',
    ],
    [
      'a target’s name',
      good('').replace('wiki:', 'my wiki:'),
      'f:2:3: targets.my wiki: expected a name of letters, digits, dots, hyphens and underscores',
    ],
    [
      'a mapping’s path that there is not',
      good('').replace('connector: scim', 'connector: scim\n    attributes: {usrType: {omit: true}}'),
      'f:4:18: targets.wiki.attributes.usrType: expected the path of a user’s attribute: the nearest is userType',
    ],
    [
      'what a mapping takes',
      good('').replace('connector: scim', 'connector: scim\n    attributes: {nickName: {from: displyName}}'),
      'f:4:35: targets.wiki.attributes.nickName.from: expected a path of the default mapping or attributes.<name>, found "displyName": the nearest is displayName',
    ],
    ['no targets', 'targets: {}\n', 'f:1:1: targets: expected at least one target, found no settings'],
    ['an empty file', '', 'f:1:1: expected settings below it, found nothing'],
    [
      'both ways to Redis',
      good('redis:\n  sentinel: {name: m, nodes: ["a:1"]}\n  cluster: {nodes: ["b:1"]}\n'),
      'f:5:1: redis: expected sentinel or cluster, found both',
    ],
  ])('%s', (_name, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  test('all of them at once, in the order of the lines', () => {
    const text = `kafka: {brokers: [], extra: 1}
admin: {port: x}
targets:
  a b:
    connector: scim
    concurrency: none
    config: {baseUrl: https://a.example, auth: {bearer: "\${env:GONE}"}, more: 1}
  c: {connector: scim, config: {baseUrl: https://a.example, auth: {bearer: 123456}}}
  c: {connector: scim, config: {}}
`;
    expect(problemsOf(text).map((line) => line.replace(/^f:(\d+):\d+: /, '$1 '))).toEqual([
      expect.stringMatching(/^1 kafka.brokers: /),
      expect.stringMatching(/^1 kafka.extra: /),
      expect.stringMatching(/^2 admin.port: /),
      expect.stringMatching(/^4 targets.a b: /),
      expect.stringMatching(/^6 targets.a b.concurrency: /),
      expect.stringMatching(/^7 targets.a b.config.auth.bearer: /),
      expect.stringMatching(/^7 targets.a b.config.more: /),
      expect.stringMatching(/^8 targets.c.config.auth.bearer: /),
      expect.stringMatching(/^9 the name c is used twice/),
    ]);
  });

  test('a secret of the wrong type is not shown', () => {
    const [problem] = problemsOf(good('').replace('t0ken', '123456'));
    expect(problem).toBe(
      'f:4:65: targets.wiki.config.auth.bearer: expected a text, found a number (not shown)',
    );
  });

  test('text that is no YAML', () => {
    expect(problemsOf('targets: [\n')[0]).toMatch(/^f:\d+:\d+: not YAML: /);
  });

  test('a file that is not there', () => {
    const loaded = loadConfig({path: '/none/such.yaml', env: {}, manifests: []});
    expect(loaded.ok ? [] : loaded.problems.map(({message}) => message)).toEqual([
      expect.stringContaining('can not be read'),
    ]);
  });
});
