import {afterAll, beforeAll, describe, expect, jest, test} from '@jest/globals';
import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';

const main = join(import.meta.dirname, 'main.ts');

const run = async (args: string[], env: Record<string, string> = {}) => {
  const child = spawn(process.execPath, [main, ...args], {env, stdio: ['ignore', 'pipe', 'pipe']});
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return {code: child.exitCode, out, err};
};

// Each test starts a Node of its own, which takes its time on a busy machine.
jest.setTimeout(60_000);

describe('the command line', () => {
  let folder: string;
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const target =
    'targets: {wiki: {connector: scim, config: {baseUrl: "http://127.0.0.1:1", auth: {bearer: t0ken}}}}\n';
  /** Services at a port where nothing listens. */
  const nowhere = `kafka: {brokers: ["127.0.0.1:1"]}\nregistry: {url: "http://127.0.0.1:1"}\nredis: {url: "redis://127.0.0.1:1"}\n`;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'avro-scim-main-'));
  });
  afterAll(() => rmSync(folder, {recursive: true}));

  test('prints its version with the commit, and its help, with 0', async () => {
    const {code, out, err} = await run(['--version']);
    expect({code, err}).toEqual({code: 0, err: ''});
    const [, commit] = /^\d+\.\d+\.\d+ \(commit ([0-9a-f]{40})(?:-dirty)?\)\n$/.exec(out) ?? [];
    expect(`${commit}\n`).toBe(execFileSync('git', ['rev-parse', 'HEAD'], {encoding: 'utf8'}));
    expect(await run(['--help'])).toMatchObject({code: 0, out: expect.stringContaining('check')});
  });

  test.each([
    [['no-such-command']],
    [['check', '--no-such-option']],
    [['config', 'no-such']],
    [[]],
    [['config']],
  ])('wrong use ends with 2: %j', async (args) => {
    const {code, out, err} = await run(args);
    expect({code, out}).toEqual({code: 2, out: ''});
    expect(err).toContain('avro-scim');
  });

  test('a wrong config ends with 2 and tells every mistake with its place', async () => {
    const path = file('wrong.yaml', 'admin: {port: x, extra: 1}\n');
    const {code, err} = await run(['check', '--offline', '--config', path]);
    expect(code).toBe(2);
    expect(err.trim().split('\n')).toEqual([
      expect.stringContaining(`${path}:1:1: targets:`),
      expect.stringContaining(`${path}:1:15: admin.port:`),
      expect.stringContaining(`${path}:1:18: admin.extra:`),
    ]);
  });

  test('and as JSON, with the file named by the environment', async () => {
    const path = file('json.yaml', 'targets: {}\n');
    const {code, out, err} = await run(['check', '--json'], {AVRO_SCIM_CONFIG: path});
    expect({code, err}).toEqual({code: 2, err: ''});
    expect(JSON.parse(out)).toMatchObject({file: path, problems: [{line: 1, column: 1, path: 'targets'}]});
  });

  test('a right config ends with 0', async () => {
    const {code, out} = await run(['check', '--offline', '--config', file('right.yaml', target)]);
    expect(code).toBe(0);
    expect(out).toContain('1 target(s)');
  });

  test('services that do not answer: a line each, and 3', async () => {
    const {code, out} = await run(['check', '--json', '--config', file('nowhere.yaml', target + nowhere)]);
    const {checks} = JSON.parse(out) as {checks: {check: string; verdict: string}[]};
    expect(checks.filter(({verdict}) => verdict === 'unreachable').map(({check}) => check)).toEqual([
      'kafka',
      'registry',
      'redis',
      'target wiki',
    ]);
    expect(code).toBe(3);
    expect(out).not.toContain('t0ken');
  });

  test('a signal ends what a command waits for', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const services = `kafka: {brokers: ["${address}"]}\nregistry: {url: "http://${address}", timeoutMs: 60000}\n`;
    const path = file('silent.yaml', `${target}${services}redis: {url: "redis://127.0.0.1:1"}\n`);
    const child = spawn(process.execPath, [main, 'check', '--config', path], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(silent, 'connection');
    child.kill('SIGTERM');
    const [out] = await Promise.all([text(child.stdout), once(child, 'close')]);
    silent.close();
    expect({code: child.exitCode, signal: child.signalCode}).toEqual({code: 3, signal: null});
    expect(out).toMatch(/unreachable +registry +stopped/);
  });

  /** Sends the process a signal when it begins to read its commands. */
  const stopped = `data:text/javascript,${encodeURIComponent(`
    import {registerHooks} from 'node:module';
    registerHooks({resolve: (name, context, next) => {
      if (name.endsWith('/commands/index.ts')) process.kill(process.pid, 'SIGTERM');
      return next(name, context);
    }});`)}`;

  test.each([
    ['run', 0],
    ['check', 1],
  ])('a signal before the modules are there ends %s at once, with %d', async (command, code) => {
    const args = [command, '--config', file('early.yaml', target + nowhere)];
    const child = spawn(process.execPath, ['--import', stopped, main, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [out] = await Promise.all([text(child.stdout), once(child, 'close')]);
    expect({out, code: child.exitCode, signal: child.signalCode}).toEqual({out: '', code, signal: null});
  });

  test('an option counts wherever it stands, also before the command that it is for', async () => {
    const path = file('order.yaml', target + nowhere);
    const {code, err} = await run(['subject', '--target', 'desk', 'replay', 'u1', '--config', path]);
    expect({code, err}).toEqual({code: 2, err: expect.stringContaining('desk')});
  });

  test('a shell that completes is told the targets of a config, and of none nothing', async () => {
    const path = file('half.yaml', 'targets: {wiki: {}, desk: , "$(touch x)": {}}\nkafka: {');
    expect(await run(['completion', 'targets', '--config', path])).toEqual({
      ...{code: 0, out: 'wiki\ndesk\n', err: ''},
    });
    const none = await run(['completion', 'targets', '--config', join(folder, 'none.yaml')]);
    expect(none).toEqual({code: 0, out: '', err: ''});
  });

  test('the example and the schema are printed without a config', async () => {
    expect(await run(['config', 'example'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('\ntargets:\n'),
    });
    expect(JSON.parse((await run(['config', 'example', '--json'])).out)).toMatchObject({
      admin: {port: 9464},
      targets: {'hr-wiki': {connector: 'scim'}},
    });
    const {code, out} = await run(['config', 'schema']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({type: 'object', required: ['targets']});
  });
});
