import {z} from 'zod';

const unitBytes: Record<string, number> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};
const size = /^([0-9]+) ?(B|kB|KB|MB|GB|KiB|MiB|GiB)?$/;

/** `64MiB`, `512 kB` or a plain number of bytes, as bytes; `undefined` when it is none of these. */
export const parseBytes = (text: string): number | undefined => {
  const match = size.exec(text);
  const unit = unitBytes[(match?.[2] ?? '').toLowerCase()];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
};

/** A size in bytes, written as a number or with a unit. */
export const bytes = z
  .union([
    z.int().positive(),
    z.string().regex(size, 'expected a size: a whole number, or one with a unit as in 64MiB'),
  ])
  .transform((value) => (typeof value === 'number' ? value : (parseBytes(value) ?? 0)));

/** A whole number of at least one. */
export const count = z.int().positive();

/** A duration in milliseconds, up to what a timer of Node can wait. */
export const milliseconds = z.int().positive().max(2_147_483_647);

/** An absolute http or https address. */
export const httpUrl = z.url({protocol: /^https?$/, error: 'expected an http or https address'});

/** `host:port`; an IPv6 address stands in brackets. */
export const hostAndPort = z
  .string()
  .regex(/^(\[[0-9A-Fa-f:.]+\]|[^\s:/[\]]+):[0-9]{1,5}$/, 'expected host:port, without a scheme');

/** A text that says something. */
export const filled = z.string().min(1, 'expected a text that is not empty');

/** TLS towards one service: `true` for the system's authorities, or an authority and a certificate of one's own. */
export const tls = z.union([
  z.boolean(),
  z.strictObject({
    ca: filled.optional().describe('Certificate authority to trust instead of the system’s, PEM.'),
    cert: filled.optional().describe('Client certificate, PEM.'),
    key: filled.optional().describe('Private key of the client certificate, PEM.'),
    passphrase: filled.optional().describe('Passphrase of the private key.'),
    serverName: filled
      .optional()
      .describe('Name to expect in the server’s certificate, when it is not the host.'),
  }),
]);

const tlsExamples = [true, {ca: '${file:/run/secrets/ca.pem}'}];

/** The `tls` setting of a service. */
export const optionalTls = (service: string) =>
  tls.optional().describe(`TLS towards ${service}.`).meta({examples: tlsExamples});
