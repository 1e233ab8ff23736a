import {expect, test} from '@jest/globals';
import {pageText} from './html.ts';
import {prose} from './words.ts';

test('what stands between backticks is code, and nothing of it markup', () => {
  expect(pageText(prose('Run `avro-scim check`, correct `<b>`; then retry.'))).toBe(
    'Run <code>avro-scim check</code>, correct <code>&lt;b&gt;</code>; then retry.',
  );
});
