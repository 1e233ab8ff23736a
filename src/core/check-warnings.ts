/** Far less than makes a vendor refuse what was signed here, far more than a healthy clock is off. */
const clockSkewMs = 60_000;
const loopback = ['127.0.0.1', 'localhost', '[::1]'];

/** Of a clock here that is `skewMs` ahead of the service's (`AWS`, `Okta`). */
export const clockWarnings = (skewMs: number, service: string): string[] =>
  Math.abs(skewMs) > clockSkewMs
    ? [`the clock here is ${Math.round(skewMs / 1000)} s ahead of ${service}'s (negative: behind)`]
    : [];

/** Of an address without TLS: what travels, as `the token travels`. */
export function clearTextWarnings(address: string, travels = 'the credential travels'): string[] {
  const {protocol, hostname} = new URL(address);
  return protocol === 'http:' && !loopback.includes(hostname)
    ? [`the address is http: ${travels} in the clear`]
    : [];
}
