import {setTimeout as delay} from 'node:timers/promises';
import type {Kafka} from 'kafkajs';

const patienceMs = 1500;

/** Resolves when no broker can be connected to, or none answers in time; never where one does. */
export async function untilUnreachable(kafka: Kafka): Promise<void> {
  const admin = kafka.admin({retry: {retries: 0}});
  const answers = admin.connect().then(
    () => true,
    () => false,
  );
  const isReachable = await Promise.race([answers, delay(patienceMs, false, {ref: false})]);
  void answers.then(() => admin.disconnect()).catch(() => undefined);
  if (isReachable) await new Promise(() => undefined);
}
