import {expect, test} from '@jest/globals';
import fc from 'fast-check';
import {address, html, pageText} from './html.ts';

test('text is escaped wherever it stands; markup is not, twice', () => {
  const name = '<script>alert("1")</script>';
  const inner = html`<b title="${name}">${name}</b>`;
  const escaped = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;';
  expect(pageText(html`<p>${[inner, undefined, false, 3]}</p>`)).toBe(
    `<p><b title="${escaped}">${escaped}</b>3</p>`,
  );
});

test('no text makes markup, or ends an attribute', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const [inside = ''] = pageText(html`${text}`).split('never');
      expect(inside).not.toMatch(/[<>"']/);
    }),
  );
});

test('an address has what is given, encoded', () => {
  expect(address('/subject', {id: 'a b&c', target: undefined, cause: ''})).toBe('/subject?id=a+b%26c');
  expect(address('/lanes')).toBe('/lanes');
});
