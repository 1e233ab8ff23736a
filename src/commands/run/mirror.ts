import {setTimeout as delay} from 'node:timers/promises';
import type {Kafka} from 'kafkajs';
import type {Logger} from '../../core/connector.ts';
import {createCopies, type Copies} from '../../stages/dead-letters/copies.ts';

export interface Mirror extends Pick<Copies, 'add'> {
  /** Sends what still waits, within so many ms, and disconnects. Never rejects. */
  close(graceMs: number): Promise<void>;
}

/** Copies of dead letters to their topics, over a producer that connects when the first copy comes. */
export function createKafkaMirror(kafka: Kafka, log: Logger): Mirror {
  const producer = kafka.producer({idempotent: true});
  const copies = createCopies({
    log,
    async send(topic, message) {
      await producer.connect();
      await producer.send({topic, messages: [message]});
    },
  });
  return {
    add: copies.add,
    async close(graceMs) {
      await Promise.race([copies.idle(), delay(graceMs, undefined, {ref: false})]);
      const closed = producer.disconnect().catch((error: unknown) => {
        log.warn({reason: String(error)}, 'the producer of copies did not disconnect in order');
      });
      await Promise.race([closed, delay(graceMs, undefined, {ref: false})]);
    },
  };
}
