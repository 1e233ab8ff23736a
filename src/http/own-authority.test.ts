import {execFile} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {makeCertificates} from '../../test/support/certificates.ts';

let folder: string;
const server = createServer();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'own-authority-'));
  makeCertificates(folder);
  const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');
  server.setSecureContext({key: textOf('server.key'), cert: textOf('server.pem')});
  server.on('request', (_request, response) => void response.end('{}'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
  rmSync(folder, {recursive: true});
});

/** What a process of its own, with this environment, has of the server: Node reads the variable at its start. */
async function asked(env: Record<string, string>): Promise<unknown> {
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const program = `
    import {createSender} from ${JSON.stringify(join(import.meta.dirname, '../http.ts'))};
    const settings = {target: 'wiki', connections: 1, deadlineMs: 5000, maxAnswerBytes: 1000, now: Date.now};
    const sender = createSender(settings);
    const signal = new AbortController().signal;
    const answer = await sender.send({url: new URL(${JSON.stringify(url)}), method: 'GET', operation: 'check', signal});
    console.log(answer.ok ? answer.value.status : answer.failure.cause);
    await sender.close();`;
  const {stdout} = await promisify(execFile)(
    process.execPath,
    ['--input-type=module-typescript', '--eval', program],
    {
      env: {PATH: process.env['PATH'], ...env},
    },
  );
  return stdout.trim();
}

test('a target behind an authority of one’s own is trusted where NODE_EXTRA_CA_CERTS names it', async () => {
  expect(await asked({NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem')})).toBe('200');
  expect(await asked({})).toMatch(/CERT|VERIFY|SIGNATURE/);
});
