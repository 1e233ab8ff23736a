import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from '@jest/globals';
import project from '../package.json' with {type: 'json'};
import {baseOf} from './image-check/base.ts';

const root = join(import.meta.dirname, '..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const dockerfile = textOf('Dockerfile');
const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);

describe('the Dockerfile', () => {
  test('stands on one pinned Node that the program runs on, and ends in nothing but what was laid out', () => {
    expect(new Set(images.slice(0, -1))).toEqual(new Set(['${BASE_IMAGE}']));
    expect(images.at(-1)).toBe('scratch');
    const [major = 0] = baseOf(dockerfile).node.split('.').map(Number);
    expect(major).toBeGreaterThanOrEqual(Number(/\d+/.exec(project.engines.node)?.[0]));
  });

  test('runs the program itself as process 1, as a user by number, and is told to stop by SIGTERM', () => {
    expect(dockerfile).toMatch(/^ENTRYPOINT \["node", .*"\/app\/dist\/src\/main\.js"\]$/m);
    expect(dockerfile).toMatch(/^USER \d+:\d+$/m);
    expect(dockerfile).toMatch(/^STOPSIGNAL SIGTERM$/m);
    expect(dockerfile).toContain(`CMD ["node", "--eval", "fetch(`);
  });

  test('says the version of the package', () => {
    expect(/^ARG VERSION=(.*)$/m.exec(dockerfile)?.[1]).toBe(project.version);
    // The chart pulls it by that, unless told otherwise.
    expect(textOf('docs/image.md')).toContain(`docker push registry.example/avro-scim:${project.version}\n`);
  });

  test('Node is given the options that the package gives it', () => {
    const [shebang = ''] = textOf('src/main.ts').split('\n');
    for (const [option] of shebang.matchAll(/--\S+/g)) expect(dockerfile).toContain(`"${option}"`);
  });

  test('.dockerignore lets in what is there, and all that npm packs', () => {
    const letIn = [...textOf('.dockerignore').matchAll(/^!([^*\n]+)$/gm)].map(([, path = '']) => path);
    expect(letIn.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const packed = project.files.filter((path) => !path.startsWith('dist'));
    expect(letIn).toEqual(expect.arrayContaining(packed));
  });
});
