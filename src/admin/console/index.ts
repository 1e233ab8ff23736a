import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {isLoopback} from '../api/auth/browser.ts';
import {createOidcVerifier} from '../api/auth/oidc.ts';
import {sessionToken} from '../api/auth/session-cookie.ts';
import {principalOf} from '../api/context.ts';
import {addGuards} from '../api/guards.ts';
import type {ApiOptions} from '../api/index.ts';
import {otherMethods} from '../api/other-methods.ts';
import {refuse} from '../api/problem.ts';
import {addAssets} from './assets.ts';
import {csrfOf, isOwnForm} from './csrf.ts';
import {addForms, fieldsOf} from './fields.ts';
import type {History} from './history.ts';
import {html} from './html.ts';
import {layout} from './layout.ts';
import {act, ask} from './pages/act.ts';
import {audit} from './pages/audit.ts';
import {cause, causes} from './pages/causes.ts';
import {holds} from './pages/holds.ts';
import {lanes} from './pages/lanes.ts';
import {letter, letterShown} from './pages/letter.ts';
import {letters} from './pages/letters.ts';
import {retry} from './pages/retry.ts';
import {overview} from './pages/overview.ts';
import {subject, subjectShown} from './pages/subject.ts';
import {target} from './pages/target.ts';
import type {ConsolePorts} from './ports.ts';
import {addSession, addSignInFirst} from './session.ts';
import {may, refusalView, type Page, type Seen, type View} from './view.ts';

export interface ConsoleOptions {
  ports: ConsolePorts;
  history: History;
}

const pages: Readonly<Record<string, Page>> = {
  '/': overview,
  '/target': target,
  '/dead-letters': causes,
  '/dead-letters/cause': cause,
  '/dead-letters/retry': retry,
  '/dead-letters/list': letters,
  '/dead-letters/letter': letter,
  '/subject': subject,
  '/lanes': lanes,
  '/holds': holds,
  '/audit': audit,
};

/** Pages with what is personal: asked for by a form, for operators. */
const shownPages: Readonly<Record<string, Page>> = {
  '/dead-letters/letter/show': letterShown,
  '/subject/show': subjectShown,
};

/** The console at `/`, over the API's ports and its own. It is there where the API is. */
export function addConsole(
  app: FastifyInstance,
  host: string,
  {api, ...options}: ConsoleOptions & {api: ApiOptions},
): void {
  const {auth, verifier = createOidcVerifier()} = api;
  if (auth() === undefined && !isLoopback(host)) {
    app.all('/', (_, reply) =>
      refuse(reply, {
        kind: 'not-allowed',
        detail: 'The console is off: set admin.auth, or let admin.host be 127.0.0.1.',
      }),
    );
    return;
  }
  app.register(async (scope) => {
    await addGuards(scope, api);
    addForms(scope);
    // Forms are to say which page they come from; other sites still learn nothing.
    scope.addHook('onSend', async (_, reply) => void reply.header('referrer-policy', 'same-origin'));
    const refuseOthers = otherMethods(scope);
    const parts = {auth, verifier, send};
    addSignInFirst(scope, parts);
    addSession(scope, parts);
    addPages(scope, (request) => seenBy(request, {...options, api}));
    refuseOthers();
  });
  app.register((scope, _, done) => {
    const refuseOthers = otherMethods(scope);
    addAssets(scope);
    refuseOthers();
    done();
  });
  addUnknown(app);
}

const unknown: View = {
  title: 'Unknown',
  status: 404,
  body: html`<h1>There is no such page</h1>
    <p><a href="/">Overview</a></p>`,
};

/** A mistyped address is told to a browser as a page, from which one can go on; to anybody else as a problem. */
function addUnknown(app: FastifyInstance): void {
  app.get('/*', {schema: {hide: true}}, (request, reply) => {
    const {accept = ''} = request.headers;
    if (request.url.startsWith('/api/') || !accept.includes('text/html')) {
      reply.callNotFound();
      return reply;
    }
    return send(request, reply, unknown);
  });
}

const sessionOf = ({headers}: FastifyRequest): string | undefined => sessionToken(headers.cookie);

const seenBy = (
  request: FastifyRequest,
  {api, ports, history}: ConsoleOptions & {api: ApiOptions},
): Seen => ({
  ...{api: api.ports, own: ports, history, now: Date.now()},
  fields: fieldsOf(request.query, request.body),
  who: principalOf(request),
  csrf: csrfOf(sessionOf(request)),
});

function send(request: FastifyRequest, reply: FastifyReply, view: View): FastifyReply {
  const {status = 200} = view;
  const [path = '/'] = request.url.split('?');
  const who = request.principal ?? undefined;
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .send(layout(view, {path, who, csrf: csrfOf(sessionOf(request))}));
}

function addPages(app: FastifyInstance, seenOf: (request: FastifyRequest) => Seen): void {
  for (const [url, page] of Object.entries(pages))
    app.get(url, async (request, reply) => send(request, reply, await page(seenOf(request))));
  for (const [url, page] of Object.entries(shownPages))
    app.post(url, async (request, reply) => {
      const seen = seenOf(request);
      const view =
        foreign(request, seen) ??
        (may(seen, 'operator') ? await page(seen) : refusalView('Personal data', needsOperator));
      return send(request, reply, view);
    });
  app.get<{Params: {name: string}}>('/act/:name', async (request, reply) =>
    send(request, reply, await ask(request.params.name, seenOf(request))),
  );
  app.post<{Params: {name: string}}>('/act/:name', async (request, reply) => {
    const seen = seenOf(request);
    return send(request, reply, foreign(request, seen) ?? (await act(request.params.name, seen)));
  });
}

const needsOperator = {
  kind: 'not-allowed',
  detail: 'Personal data is shown to operators.',
  role: 'operator',
} as const;

/** A form that this session was not shown is not heard. */
function foreign(request: FastifyRequest, {fields}: Seen): View | undefined {
  if (isOwnForm(sessionOf(request), fields['csrf'])) return undefined;
  const detail =
    'The form is not of this session: go back, load the page again, and send it anew. Nothing was done.';
  return refusalView('Not done', {kind: 'not-allowed', detail});
}
