import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {afterAll, describe, expect, test} from '@jest/globals';
import {gitCommit} from './build.ts';

const folder = mkdtempSync(join(tmpdir(), 'avro-scim-build-'));
afterAll(() => rmSync(folder, {recursive: true}));

describe('the commit', () => {
  test('is that of the checkout', () => {
    expect(gitCommit()).toMatch(/^[0-9a-f]{40}(-dirty)?$/);
  });

  test('is unknown outside of one, also below a repository of another’s', () => {
    expect(gitCommit(pathToFileURL(`${folder}/`))).toBe('unknown');
    expect(gitCommit(new URL('commands/', import.meta.url))).toBe('unknown');
  });
});
