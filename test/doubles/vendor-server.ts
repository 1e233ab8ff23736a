import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {parseArgs} from 'node:util';
import {openVendor} from './vendors/index.ts';
import {vendorKinds, type Vendor} from './vendors/vendor.ts';

/*
 * A vendor's double in a process of its own: `node test/doubles/vendor-server.ts --kind okta --credential t --port 0` prints
 * {"url", "controlUrl", "settings", "credentialAt"} and serves until SIGTERM. At controlUrl, `GET /state` answers what it
 * holds, `POST /delay?ms=50` makes each answer take so long, `POST /use?subject=u1` has a person leave sessions or keys.
 */

const {values} = parseArgs({
  options: {
    kind: {type: 'string', default: ''},
    credential: {type: 'string', default: ''},
    port: {type: 'string', default: '0'},
  },
});
const kind = vendorKinds.find((name) => name === values.kind);
if (kind === undefined)
  throw new TypeError(`--kind: expected one of ${vendorKinds.join(', ')}, found ${values.kind}`);
const vendor = await openVendor[kind](values.credential, Number(values.port));
const control = createServer((request, response) => answer(vendor, request, response));
control.listen(0, '127.0.0.1', () => {
  const {url, settings, credentialAt} = vendor;
  const controlUrl = `http://127.0.0.1:${(control.address() as AddressInfo).port}`;
  process.stdout.write(`${JSON.stringify({url, controlUrl, settings, credentialAt})}\n`);
});
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    void vendor.close();
    control.close();
    control.closeAllConnections();
  });

function answer(double: Vendor, request: IncomingMessage, response: ServerResponse): void {
  const {pathname, searchParams} = new URL(request.url ?? '/', 'http://control');
  const asked = `${request.method} ${pathname}`;
  if (asked === 'GET /state') {
    response.writeHead(200, {'content-type': 'application/json'});
    response.end(JSON.stringify(double.state()));
    return;
  }
  if (asked === 'POST /delay') double.delay(Number(searchParams.get('ms')));
  if (asked === 'POST /use') double.use(searchParams.get('subject') ?? '');
  response.writeHead(asked === 'POST /delay' || asked === 'POST /use' ? 204 : 404).end();
}
