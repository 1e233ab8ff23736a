import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from '@jest/globals';
import {generate} from './generate.ts';

test('nothing generated is stale: npm run generate writes it', async () => {
  for (const [path, text] of await generate()) {
    expect({path, text: readFileSync(join(import.meta.dirname, '..', path), 'utf8')}).toEqual({path, text});
  }
});
