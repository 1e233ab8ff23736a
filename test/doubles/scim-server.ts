import express, {type RequestHandler} from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';
import type {AddressInfo} from 'node:net';
import {parseArgs} from 'node:util';
import {createControl} from './control.ts';
import {declareStore, type Temper} from './store.ts';

/*
 * A SCIM server on SCIMMY, in a process of its own: `node test/doubles/scim-server.ts --port 0 --temper strict --token t`
 * prints {"url": …} and serves SCIM below it until SIGTERM; `/_control` and `/_state` are control.ts's.
 */

const {values} = parseArgs({
  options: {
    host: {type: 'string', default: '127.0.0.1'},
    port: {type: 'string', default: '0'},
    temper: {type: 'string', default: 'strict'},
    token: {type: 'string', default: ''},
  },
});
if (values.temper !== 'strict' && values.temper !== 'sloppy')
  throw new TypeError(`--temper: expected strict or sloppy, found ${values.temper}`);
const temper: Temper = values.temper;

const store = declareStore(temper);
const {router, outages} = createControl(store);
const app = express().disable('x-powered-by').disable('etag');
app.use(router);
app.use('/scim/v2', outages);
app.use('/scim/v2', temper === 'strict' ? locations : quirks);
app.use('/scim/v2', new SCIMMYRouters({type: 'bearer', handler: authenticate}));
SCIMMY.Config.set({patch: temper === 'strict', bulk: false});
const server = app.listen(Number(values.port), values.host, () => {
  const {port} = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({url: `http://${values.host}:${port}/scim/v2`})}\n`);
});
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });

function authenticate(req: express.Request): string {
  if (req.header('authorization') !== `Bearer ${values.token}`) throw new Error('The token is not right');
  return 'avro-scim';
}

/** A 201 says where (RFC 7644 section 3.3); SCIMMY leaves that out. */
function locations(...[req, res, next]: Parameters<RequestHandler>): void {
  const send = res.json.bind(res);
  res.json = (body: {id?: string} | undefined) => {
    if (res.statusCode === 201 && body?.id) res.location(`${req.originalUrl}/${body.id}`);
    return send(body);
  };
  next();
}

/** No PATCH, members only when they are asked for, and a page for people where nothing is. */
function quirks(...[req, res, next]: Parameters<RequestHandler>): void {
  if (req.method === 'PATCH') {
    res.status(501).json({error: {message: 'PATCH is not for sale'}});
    return;
  }
  const send = res.json.bind(res);
  res.json = (body: unknown) => {
    if (res.statusCode === 404) return res.type('text/html').send('<html><body>Nothing here</body></html>');
    const isPlainRead = req.method === 'GET' && req.query['attributes'] === undefined;
    return send(isPlainRead ? withoutMembers(body) : body);
  };
  next();
}

/** SCIMMY's resources can not be changed: a copy without what is hidden. */
const withoutMembers = (body: unknown): unknown =>
  JSON.parse(JSON.stringify(body, (name, value: unknown) => (name === 'members' ? undefined : value)));
