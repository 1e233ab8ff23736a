import express, {type RequestHandler, type Router} from 'express';
import type {Store} from './store.ts';

/** What `POST /_control` takes; each part is optional. */
export interface ControlCommand {
  /** For so many seconds every SCIM request is answered with this; `refuse` breaks the connection. 0 seconds end it. */
  outage?: {answer: 503 | 429 | 500 | 401 | 'refuse'; seconds: number; retryAfterSeconds?: number};
  /** A create or change of a user with this userName gets 400; `reject: false` ends it. */
  reject?: {userName: string; reject?: boolean};
  /** From now on every answer takes so long. */
  delayMs?: number;
  /** Forgets users, groups, refusals and counts. */
  reset?: boolean;
}

/** What `GET /_state` answers. */
export interface ServerState {
  users: Record<string, unknown>[];
  groups: Record<string, unknown>[];
  /** SCIM requests by method and status: `POST 201`. A broken connection counts as `refused`. */
  requests: Record<string, number>;
}

/** The hands that a test and the demo have on the server, and its outages. No credential is asked for here. */
export function createControl(store: Store): {router: Router; outages: RequestHandler} {
  let outage: (NonNullable<ControlCommand['outage']> & {until: number}) | undefined;
  let requests: Record<string, number> = {};
  let delayMs = 0;
  const count = (name: string): void => {
    requests[name] = (requests[name] ?? 0) + 1;
  };

  const outages: RequestHandler = (req, res, next) => {
    const now = outage && Date.now() < outage.until ? outage : undefined;
    if (now?.answer === 'refuse') {
      count('refused');
      req.socket.destroy();
      return;
    }
    res.on('finish', () => count(`${req.method} ${res.statusCode}`));
    if (!now) setTimeout(() => next(), delayMs);
    else {
      if (now.retryAfterSeconds !== undefined) res.setHeader('retry-after', String(now.retryAfterSeconds));
      res.status(now.answer).type('text/plain').send('out of service');
    }
  };

  const router = express.Router();
  router.get('/_state', (_req, res) => {
    const state: ServerState = {
      users: [...store.users.values()],
      groups: [...store.groups.values()],
      requests,
    };
    res.json(state);
  });
  router.post('/_control', express.json(), (req, res) => {
    const command = req.body as ControlCommand;
    if (command.outage) outage = {...command.outage, until: Date.now() + command.outage.seconds * 1000};
    if (command.reject) {
      const name = command.reject.userName.toLowerCase();
      if (command.reject.reject === false) store.rejected.delete(name);
      else store.rejected.add(name);
    }
    delayMs = command.delayMs ?? delayMs;
    if (command.reset) {
      for (const part of [store.users, store.groups, store.rejected]) part.clear();
      requests = {};
      outage = undefined;
    }
    res.status(204).end();
  });
  return {router, outages};
}
