import {Buffer} from 'node:buffer';

/** What must not be told, by a name that may be. */
export type Kept = Readonly<Record<string, string>>;

/** Texts and bytes that were told, by where. */
export type Told = Readonly<Record<string, string | Buffer>>;

/** Where which of them was told, in whatever form: as it is, in an address, in JSON, in hexadecimal or base64. */
export function findLeaks(told: Told, kept: Kept): string[] {
  const forms = Object.entries(kept).map(([name, value]) => [name, formsOf(value)] as const);
  return Object.entries(told).flatMap(([where, text]) => {
    const exact = text.toString('latin1');
    const lower = exact.toLowerCase();
    return forms
      .filter(
        ([, {anyCase, exactly}]) =>
          anyCase.some((one) => lower.includes(one)) || exactly.some((one) => exact.includes(one)),
      )
      .map(([name]) => `${name} in ${where}`);
  });
}

function formsOf(value: string): {anyCase: string[]; exactly: string[]} {
  const bytes = Buffer.from(value);
  const plain = [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), bytes.toString('hex')];
  return {
    anyCase: plain.map((text) => text.toLowerCase()),
    exactly: [0, 1, 2].flatMap((by) => inBase64(bytes, by)),
  };
}

/** As it stands in the middle of something longer: what its neighbours have a share in is left out. */
function inBase64(bytes: Buffer, before: number): string[] {
  const shifted = Buffer.concat([Buffer.alloc(before), bytes]);
  const whole = shifted.subarray(0, shifted.length - (shifted.length % 3)).toString('base64');
  const own = whole.slice(before === 0 ? 0 : 4);
  return own.length < 8 ? [] : [own, own.replaceAll('+', '-').replaceAll('/', '_')];
}
