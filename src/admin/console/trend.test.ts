import {expect, test} from '@jest/globals';
import {pageText} from './html.ts';
import {trendBars} from './trend.ts';

test('a bar an hour, as tall as it has letters, and the same in words', () => {
  const text = pageText(trendBars([0, 1, 1000, 500]));
  expect([...text.matchAll(/height="(\d+)"/g)].map(([, height]) => height)).toEqual(['1', '2', '20', '10']);
  expect(text).toContain('aria-label="1,501 in the last 4 hours, 500 in the last one"');
});
