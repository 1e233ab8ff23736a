import type {Dispatcher} from 'undici';
import {Bag, nowhere, type Placed} from '../core/bag.ts';
import type {HttpAnswer, HttpRequest} from '../core/connector.ts';
import type {Loss} from './failures.ts';

/** How one request ended: answered, whatever the status, or not. */
export type Ended = {answer: HttpAnswer} | {loss: Loss};

const utf8 = new TextDecoder();

/** What is in flight of one sender under one signal: one listener and one timer for all of it. */
export class Flights {
  readonly #deadlineMs: number;
  readonly #running = new Bag<Exchange>();
  #isTimed = false;

  constructor(signal: AbortSignal, deadlineMs: number) {
    this.#deadlineMs = deadlineMs;
    const stop = (): void => {
      for (const one of this.#running.all) one.lose('stopped');
    };
    signal.addEventListener('abort', stop, {once: true});
  }

  /**
   * One request and its whole answer. Settles at the deadline or at a stop even while the request still waits for a
   * connection: when its turn comes it is called off before a byte leaves.
   */
  start(pool: Pick<Dispatcher, 'dispatch'>, request: HttpRequest, maxBytes: number): Promise<Ended> {
    return new Promise((resolve) => {
      const exchange = new Exchange(resolve, this.#running, maxBytes, performance.now() + this.#deadlineMs);
      this.#running.add(exchange);
      if (!this.#isTimed) this.#look(this.#deadlineMs);
      pool.dispatch(dispatchOptions(request), exchange);
    });
  }

  /** All have the same deadline: a timer for the first one to reach it does for all. */
  #look(inMs: number): void {
    this.#isTimed = true;
    setTimeout(() => {
      this.#isTimed = false;
      const now = performance.now();
      let first = Infinity;
      for (const one of this.#running.all) {
        if (one.endsAtMs <= now) one.lose('deadline');
        else first = Math.min(first, one.endsAtMs);
      }
      if (first < Infinity) this.#look(first - now);
    }, Math.ceil(inMs)).unref();
  }
}

function dispatchOptions(request: HttpRequest): Dispatcher.DispatchOptions {
  return {
    path: request.url.pathname + request.url.search,
    method: request.method,
    headers: request.headers ?? {},
    body: request.body ?? null,
  };
}

/** One request under way, as undici tells of it. */
class Exchange implements Dispatcher.DispatchHandler, Placed {
  place = nowhere;
  readonly endsAtMs: number;
  readonly #resolve: (ended: Ended) => void;
  readonly #running: Bag<Exchange>;
  readonly #maxBytes: number;
  /**
   * Itself, and no function that calls it: V8 makes a function that is assigned to a property where it is written in the old
   * space, and all that it refers to, here the whole exchange, lives until that is collected.
   */
  #controller: Dispatcher.DispatchController | undefined;
  #isSent = false;
  #isOver = false;
  #bytes = 0;
  #chunks: Buffer[] = [];
  #headers: HttpAnswer['headers'] = {};
  #status: number | undefined;

  constructor(resolve: (ended: Ended) => void, running: Bag<Exchange>, maxBytes: number, endsAtMs: number) {
    this.#resolve = resolve;
    this.#running = running;
    this.#maxBytes = maxBytes;
    this.endsAtMs = endsAtMs;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) this.#callOff();
    else this.#isSent = true;
  }

  onResponseStart(_: unknown, status: number, headers: HttpAnswer['headers']): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.lose('too-big');
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const chunks = this.#chunks;
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    const text = chunks.length === 0 ? '' : utf8.decode(body);
    this.#end({answer: {status: this.#status ?? 0, headers: this.#headers, text}});
  }

  onResponseError(_: unknown, error: Error): void {
    const code = codeOf(error);
    if (code?.startsWith('UND_ERR_INVALID') || code === 'UND_ERR_NOT_SUPPORTED') this.lose('invalid', code);
    else this.lose(this.#isSent ? 'reset' : 'connect', code);
  }

  /** Ends it without an answer, and calls it off. */
  lose(why: Loss['why'], code?: string): void {
    const status = this.#status;
    const loss = {
      why,
      sent: this.#isSent,
      ...(code ? {code} : {}),
      ...(status === undefined ? {} : {status}),
    };
    this.#end({loss});
    this.#callOff();
  }

  #end(ended: Ended): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#running.remove(this);
    this.#resolve(ended);
  }

  #callOff(): void {
    this.#controller?.abort(new Error('called off'));
  }
}

/** Only codes: an error's message may name more than a log should hold. */
function codeOf(error: Error): string | undefined {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
}
