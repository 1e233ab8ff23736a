import type {TargetPort} from '../../../src/core/port.ts';
import type {Remote} from '../../../src/core/resource.ts';
import {made, options, scriptedPort, sendingPort, value} from '../../testing/rig.ts';
import type {Script} from '../../testing/scripted.ts';
import {awsIam} from '../index.ts';
import {configSchema, type IamConfig} from '../manifest.ts';
import {startIam, type IamDouble} from './start.ts';
import type {Store, StoredUser} from './store.ts';

export {options, value};

export interface Rig {
  double: IamDouble;
  port: TargetPort;
  clock: {now: number};
  /** Another replica: the same account, with nothing remembered. */
  another(): TargetPort;
  newUser(name?: string): Promise<Remote>;
  newGroup(name: string): Promise<string>;
  stored(id: string): StoredUser;
  /** What this asks of IAM. */
  asking(run: () => Promise<unknown>): Promise<string[]>;
  close(): Promise<void>;
}

/** Where the default chain looks first. */
export function useCredential(accessKey = 'AKIATEST'): void {
  process.env['AWS_ACCESS_KEY_ID'] = accessKey;
  process.env['AWS_SECRET_ACCESS_KEY'] = 'of-a-test';
}

let people = 0;
export const person = (name: string) => ({
  userName: name,
  externalId: `subject-${name}`,
  active: true,
  displayName: `Person ${name}`,
});

/** The connector at an account of its own. */
export async function openRig(settings: object = {}, rules: Partial<Store> = {}): Promise<Rig> {
  useCredential();
  const double = await startIam('AKIATEST', rules);
  const config: IamConfig = configSchema.parse({endpoint: double.url, ...settings});
  const clock = {now: Date.now()};
  const opened: ReturnType<typeof sendingPort>[] = [];
  const another = (): TargetPort => {
    const sending = sendingPort(
      awsIam,
      () => config,
      () => clock.now,
    );
    opened.push(sending);
    return sending.port;
  };
  const port = another();
  return {
    double,
    port,
    clock,
    another,
    newUser: async (name = `person${++people}`) =>
      made(value(await port.users.create(person(name), options))),
    newGroup: async (displayName) => made(value(await port.groups.create({displayName}, options))).id,
    stored(id) {
      const user = double.store.users.get(id);
      if (!user) throw new Error(`there is no user ${id}`);
      return user;
    },
    async asking(run) {
      const before = double.asked.length;
      await run();
      return double.asked.slice(before);
    },
    async close() {
      for (const sending of opened) await sending.close();
      await double.close();
    },
  };
}

/** A connector whose account is a function of the request. */
export function scripted(reply: Script, settings: object = {}) {
  useCredential();
  return scriptedPort(awsIam, () => configSchema.parse(settings), reply);
}
