/**
 * `npm run doubles`: a double of every vendor that has a connector here, on loopback, until ^C. Prints the targets of a config
 * that leads to them, and how to look into each. `-- --only KIND` (more than once) some of them.
 */
import {parseArgs} from 'node:util';
import {stringify} from 'yaml';
import {openVendor} from '../test/doubles/vendors/index.ts';
import {vendorKinds, type Vendor, type VendorKind} from '../test/doubles/vendors/vendor.ts';

const print = (line = ''): void => void process.stdout.write(`${line}\n`);

/** Each is given its kind's name for a credential: there is nothing to be kept here. */
const credentialOf = (kind: VendorKind): string => `credential-of-${kind}`.replaceAll('-', '_');

function targetOf({kind, settings, credentialAt}: Vendor): object {
  const config = structuredClone(settings);
  if (credentialAt !== undefined) {
    const path = credentialAt.split('.');
    const last = path.pop() ?? '';
    const place = path.reduce((inner, name) => inner[name] as Record<string, unknown>, config);
    place[last] = credentialOf(kind);
  }
  return {connector: kind, config};
}

async function main(kinds: readonly VendorKind[]): Promise<void> {
  const vendors: Vendor[] = [];
  try {
    for (const kind of kinds) vendors.push(await openVendor[kind](credentialOf(kind), 0));
    print('# put these into the config of avro-scim');
    print(
      stringify({targets: Object.fromEntries(vendors.map((one) => [one.kind, targetOf(one)]))}).trimEnd(),
    );
    if (kinds.includes('aws-iam')) {
      print();
      print('# and for aws-iam in its environment');
      print(`# AWS_ACCESS_KEY_ID=${credentialOf('aws-iam')} AWS_SECRET_ACCESS_KEY=any`);
    }
    print();
    print('# ^C ends them');
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    });
  } finally {
    await Promise.all(vendors.map((vendor) => vendor.close()));
  }
}

try {
  const {values} = parseArgs({options: {only: {type: 'string', multiple: true, default: []}}});
  const unknown = values.only.filter((name) => !vendorKinds.some((kind) => kind === name));
  if (unknown.length > 0)
    throw new Error(`no double ${unknown.join(', ')}: there are ${vendorKinds.join(', ')}`);
  const chosen = vendorKinds.filter((kind) => values.only.length === 0 || values.only.includes(kind));
  await main(chosen);
} catch (error) {
  print(
    `${error instanceof Error ? error.message : String(error)}; usage: npm run doubles [-- --only KIND]…`,
  );
  process.exitCode = 2;
}
