import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {beforeAll, describe, expect, test} from '@jest/globals';
import {Ajv} from 'ajv';
import formats from 'ajv-formats';
import project from '../package.json' with {type: 'json'};
import {allowed, licenceOf, productionPackages} from './licences.ts';
import {billOfMaterials, type Bom} from './sbom.ts';

describe('the licences of what is installed with the program', () => {
  const packages = productionPackages();

  test('there are some, by themselves and below others', () => {
    const names = new Set(packages.map(({name}) => name));
    expect([...names]).toEqual(expect.arrayContaining(Object.keys(project.dependencies)));
    expect(names.size).toBeGreaterThan(150);
    for (const dev of ['typescript', 'jest', 'eslint']) expect(names).not.toContain(dev);
  });

  test('are all among those that were looked at', () => {
    const odd = packages.filter((one) => !allowed.has(licenceOf(one) ?? ''));
    expect(odd).toEqual([]);
  });

  test('a licence that nobody has looked at is noticed', () => {
    expect(allowed).not.toContain('GPL-3.0');
    expect(licenceOf({name: 'new', version: '1.0.0'})).toBeUndefined();
  });
});

/** CycloneDX's own schemas. */
function validator() {
  const schemas = join(
    dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')),
    'res/schema',
  );
  // They name each other as files beside one another.
  const read = (name: string): object => {
    const file = `${name}.SNAPSHOT.schema.json`;
    const schema = JSON.parse(readFileSync(join(schemas, file), 'utf8')) as object;
    return {...schema, $id: `http://cyclonedx.org/schema/${file}`};
  };
  const ajv = new Ajv({strict: false, schemas: [read('spdx'), read('jsf-0.82')]});
  formats.default(ajv);
  // Of another draft's formats: an address with letters beyond ASCII.
  ajv.addFormat('iri-reference', true);
  ajv.addFormat('idn-email', true);
  const validate = ajv.compile(read('bom-1.5'));
  return (bom: unknown): unknown[] => (validate(bom) ? [] : (validate.errors ?? []));
}

describe('the bill of materials', () => {
  let bom: Bom;
  beforeAll(() => {
    bom = billOfMaterials();
  });

  test('is what CycloneDX defines', () => {
    const errorsOf = validator();
    expect(errorsOf(bom)).toEqual([]);
    expect(errorsOf({...bom, bomFormat: 'other'})).not.toEqual([]);
    expect(errorsOf({...bom, components: [{name: 'x'}]})).not.toEqual([]);
  });

  test('names the program with its commit, and each package that it runs on with its licence', () => {
    expect(bom.metadata.component).toMatchObject({
      name: 'avro-scim',
      version: project.version,
      purl: `pkg:npm/avro-scim@${project.version}`,
      properties: [{name: 'avro-scim:build', value: expect.stringMatching(/commit [0-9a-f]{40}/)}],
    });
    const named = new Set(bom.components.map(({name, version}) => `${name}@${version}`));
    const wanted = new Set(productionPackages().map(({name, version}) => `${name}@${version}`));
    expect([...wanted.symmetricDifference(named)]).toEqual([]);
    expect(bom.components.filter(({licenses}) => licenses === undefined)).toEqual([]);
  });
});
