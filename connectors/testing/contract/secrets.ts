import {test} from './cases.ts';
import {expect} from './expect.ts';
import type {HttpRequest} from '../../../src/core/connector.ts';
import {fresh, options, type Answered, type Bench} from './bench.ts';

/** What services and gateways do with what they do not understand: they answer with it. */
const echoes: [string, (credential: string) => string][] = [
  [
    'JSON',
    (credential) =>
      JSON.stringify({detail: `no: ${credential}`, authorization: credential, errorCode: 'E0000001'}),
  ],
  ['a page', (credential) => `<html><pre>authorization: ${credential}</pre></html>`],
];
const statuses = [200, 400, 401, 403, 404, 409, 429, 500];

export function secretContract(on: () => Bench): void {
  test.each(echoes)(
    'a credential that comes back as %s is in no failure and no log line',
    async (_name, text) => {
      const {port, target, newUser, during, said} = on();
      const {id} = await newUser();
      const credentials = new Set<string>();
      for (const status of statuses) {
        const echo = (request: HttpRequest): Answered => {
          const credential = request.headers?.['authorization'] ?? '';
          credentials.add(credential);
          return {status, text: text(credential)};
        };
        await during(echo, async () => {
          await port.check(options().signal);
          await port.users.create(target.user(fresh()), options());
          await port.users.get(id, options());
          await port.users.update(id, {desired: target.user(fresh())}, options());
          await port.users.find({by: 'userName', value: 'x'}, options());
          await port.users.remove(id, options());
          await port.groups.hasMember(id, id, options());
          for (const step of port.cutOffSteps('delete')) {
            await step.act(id, options());
            await step.verify(id, options());
          }
        });
      }
      expect(credentials.size).toBeGreaterThan(0);
      // What was sent has to have come back into what is kept, or nothing is shown by its absence.
      expect(said.some((line) => line.includes('[secret]'))).toBe(true);
      for (const secret of target.secrets) expect(said.filter((line) => line.includes(secret))).toEqual([]);
    },
  );

  test('nor is it in anything that was said since', () => {
    const {said, target} = on();
    expect(said.length).toBeGreaterThan(0);
    for (const secret of target.secrets) expect(said.filter((line) => line.includes(secret))).toEqual([]);
  });
}
