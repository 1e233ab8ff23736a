import type {Logger} from '../../core/connector.ts';
import type {MirrorMessage} from './mirror.ts';

/** Sends copies of dead letters one after another, with nobody waiting for them. */
export interface Copies {
  /** Takes one, unless too many wait already: then it is left out, and that is told. */
  add: (topic: string, message: MirrorMessage) => void;
  /** Resolves when what waits is sent, or has failed. */
  idle(): Promise<void>;
}

export interface CopiesOptions {
  send: (topic: string, message: MirrorMessage) => Promise<void>;
  log: Logger;
  /** Copies that wait at most; 1000 unless told. */
  most?: number;
}

/**
 * A letter is safe in Redis before its copy comes here, so a copy that can not be made holds nothing up. Trouble is logged
 * when it begins, and when a copy is made again, with how many were not.
 */
export function createCopies({send, log, most = 1000}: CopiesOptions): Copies {
  const waiting: {topic: string; message: MirrorMessage}[] = [];
  let missing = 0;
  let sending: Promise<void> | undefined;

  const miss = (topic: string, reason: string): void => {
    if (missing === 0)
      log.error({topic, reason}, 'dead letters are not copied to Kafka: they are in Redis alone');
    missing += 1;
  };

  const sendAll = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      try {
        await send(next.topic, next.message);
        if (missing > 0) log.info({missing}, 'dead letters are copied to Kafka again');
        missing = 0;
      } catch (error) {
        miss(next.topic, error instanceof Error ? error.message : String(error));
      }
    }
    sending = undefined;
  };

  return {
    add(topic, message) {
      if (waiting.length >= most) {
        miss(topic, 'too many copies wait');
        return;
      }
      waiting.push({topic, message});
      sending ??= sendAll();
    },
    idle: () => sending ?? Promise.resolve(),
  };
}
