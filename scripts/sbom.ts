/**
 * Prints the package's bill of materials: what it depends on to run, as CycloneDX JSON, from package-lock.json by npm itself.
 *   npm run --silent sbom > avro-scim.cdx.json
 */
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import project from '../package.json' with {type: 'json'};
import {buildText, readBuild} from '../src/build.ts';
import {licenceOf, productionPackages, readLock} from './licences.ts';

/** Of CycloneDX 1.5, as much as is looked at here. */
export interface Bom {
  bomFormat: string;
  metadata: {component: Component};
  components: Component[];
}

interface Component {
  name: string;
  version: string;
  purl: string;
  licenses?: {license: {id: string}}[];
  properties?: {name: string; value: string}[];
}

/** What npm says, with what it leaves out: the commit, and licences that the lock file lacks. */
export function billOfMaterials(): Bom {
  const bom = JSON.parse(askNpm()) as Bom;
  const {component} = bom.metadata;
  component.name = project.name;
  component.properties = [{name: 'avro-scim:build', value: buildText(readBuild())}];
  const licences = new Map(productionPackages().map((one) => [`${one.name}@${one.version}`, licenceOf(one)]));
  for (const one of bom.components) {
    const id = licences.get(`${one.name}@${one.version}`);
    if (id !== undefined) one.licenses ??= [{license: {id}}];
  }
  return bom;
}

/**
 * Asked of a copy that knows nothing of the packages for developing: told to leave them out, npm leaves out too what the
 * program itself needs of them.
 */
function askNpm(): string {
  const folder = mkdtempSync(join(tmpdir(), 'avro-scim-sbom-'));
  const write = (name: string, value: object): void =>
    writeFileSync(join(folder, name), JSON.stringify(value));
  try {
    const own = {...project, devDependencies: {}};
    const lock = readLock();
    const entries = Object.entries(lock.packages).filter(([, {dev}]) => dev !== true);
    write('package.json', own);
    write('package-lock.json', {...lock, packages: {...Object.fromEntries(entries), '': own}});
    const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];
    return execFileSync('npm', args, {cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024});
  } finally {
    rmSync(folder, {recursive: true});
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.stdout.write(`${JSON.stringify(billOfMaterials(), null, 2)}\n`);
