import type {FastifyRequest} from 'fastify';
import type {Refusal} from '../problem.ts';

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

/** Whether an address to listen at, or the name in a `Host` header, is this machine alone. */
export const isLoopback = (host: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);

/** A `Host` header without its port; empty when it is none. */
export const hostName = (host: string | undefined): string =>
  /^(\[[0-9a-f:.]+\]|[^:[\]]*)(?::\d*)?$/i.exec(host ?? '')?.[1]?.toLowerCase() ?? '';

/**
 * Where nobody signs in, a page of another site must reach nothing here: a name of its own that it lets point at this machine
 * (DNS rebinding) stands in the `Host` header.
 */
export const foreignHost = ({headers}: FastifyRequest): Refusal | undefined =>
  isLoopback(hostName(headers.host))
    ? undefined
    : {
        kind: 'not-allowed',
        detail:
          'Without admin.auth the API answers to localhost, 127.0.0.1 and [::1] alone; the Host header says otherwise.',
      };

/** A write that a page of another site makes this person's browser send is refused: by Fetch Metadata, else by `Origin`. */
export function crossSite({method, headers}: FastifyRequest): Refusal | undefined {
  if (safeMethods.includes(method)) return undefined;
  const {'sec-fetch-site': site, origin, host} = headers;
  if (site === 'same-origin' || site === 'none') return undefined;
  const isForeign = site !== undefined || (origin !== undefined && hostOf(origin) !== host?.toLowerCase());
  return isForeign
    ? {kind: 'not-allowed', detail: 'The request comes from a page of another site.'}
    : undefined;
}

const hostOf = (origin: string): string | undefined =>
  URL.canParse(origin) ? new URL(origin).host : undefined;
