import {readFileSync} from 'node:fs';
import {join} from 'node:path';

/** One that is installed with the program, on some platform at least. */
export interface ProductionPackage {
  name: string;
  version: string;
  /** As its package.json says (SPDX); absent where that says nothing. */
  licence?: string;
}

/** What may be passed on with the program: each asks for its notice to be kept, and nothing of the program's own code. */
export const allowed: ReadonlySet<string> = new Set([
  ...['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'Unlicense'],
]);

/** Whose package.json says nothing: by the licence file that is in the package, read by a person. */
const readByHand: Readonly<Record<string, string>> = {
  '@kafkajs/confluent-schema-registry': 'MIT',
  '@msgpackr-extract/msgpackr-extract-darwin-arm64': 'MIT',
  '@msgpackr-extract/msgpackr-extract-darwin-x64': 'MIT',
  '@msgpackr-extract/msgpackr-extract-linux-arm': 'MIT',
  '@msgpackr-extract/msgpackr-extract-win32-x64': 'MIT',
};

/** The licence that a package is under; undefined where nobody knows. */
export const licenceOf = ({name, licence}: ProductionPackage): string | undefined =>
  licence ?? readByHand[name];

/** Of package-lock.json, as much as is looked at here. */
export interface Lock {
  packages: Record<string, {name?: string; version: string; license?: string; dev?: boolean}>;
}

/** The repository's package-lock.json. */
export const readLock = (): Lock =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8')) as Lock;

/** All that package-lock.json would install without the packages for developing. */
export function productionPackages(): ProductionPackage[] {
  const {packages} = readLock();
  return Object.entries(packages).flatMap(([path, {name, version, license, dev}]) =>
    path === '' || dev === true
      ? []
      : [
          {
            name: name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
            version,
            ...(license === undefined ? {} : {licence: license}),
          },
        ],
  );
}
