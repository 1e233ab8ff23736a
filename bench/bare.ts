import {Pool} from 'undici';
import type {Kept} from './target.ts';

/**
 * How many requests a second undici reaches by itself: the requests in `kept` over and over, `inFlight` at a time over as
 * many connections, to the same server.
 */
export async function bareRate(
  url: string,
  kept: readonly Kept[],
  count: number,
  inFlight: number,
): Promise<number> {
  const pool = new Pool(new URL(url).origin, {connections: inFlight, pipelining: 1});
  const headers = {'content-type': 'application/scim+json', authorization: 'Bearer bench'};
  let next = 0;
  const send = async (until: number): Promise<void> => {
    while (next < until) {
      const request = kept[next % kept.length];
      next += 1;
      if (request === undefined) throw new Error('there is no request to send again');
      const {method, path, body} = request;
      const answer = await pool.request({method, path, body, headers});
      await answer.body.dump();
    }
  };
  const run = (until: number): Promise<unknown> =>
    Promise.all(Array.from({length: inFlight}, () => send(until)));
  // The connections, and the first compilation.
  await run(Math.ceil(count / 10));
  const begun = performance.now();
  const from = next;
  await run(from + count);
  const seconds = (performance.now() - begun) / 1000;
  await pool.close();
  return count / seconds;
}
