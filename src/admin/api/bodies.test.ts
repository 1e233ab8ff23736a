import {expect, test} from '@jest/globals';
import {as, asked, rig} from './testing/rig.ts';

const post = {method: 'POST', headers: as('operator')} as const;

test('an action whose fields may all be absent needs no body', async () => {
  const app = rig();
  const preview = await app.inject({...post, url: '/api/v1/dead-letter-groups/wiki/abc/preview'});
  expect([preview.statusCode, preview.json()]).toMatchObject([200, {token: 'seen'}]);
  const paused = await app.inject({...post, url: '/api/v1/targets/wiki/pause'});
  expect([paused.statusCode, app.calls.at(-1)]).toEqual([200, ['paused', 'wiki', asked('operator')]]);
});

test('one that needs a field says which, without a body and with null for one', async () => {
  const app = rig();
  const url = '/api/v1/dead-letter-groups/wiki/abc/retry';
  const bare = await app.inject({...post, url});
  expect([bare.statusCode, bare.json()]).toMatchObject([400, {errors: [{at: 'body.token'}]}]);
  const headers = {...as('operator'), 'content-type': 'application/json'};
  const none = await app.inject({
    method: 'POST',
    url: '/api/v1/targets/wiki/pause',
    headers,
    payload: 'null',
  });
  expect(none.statusCode).toBe(400);
  expect(app.calls).toEqual([]);
});

test('the document says which bodies may be absent', async () => {
  const {paths} = (await rig().inject('/api/openapi.json')).json<{
    paths: Record<string, {post?: {requestBody?: {required?: boolean}}}>;
  }>();
  const required = (path: string) => paths[`/api/v1/${path}`]?.post?.requestBody?.required;
  expect(required('targets/{target}/pause')).toBe(false);
  expect(required('dead-letter-groups/{target}/{group}/preview')).toBe(false);
  expect(required('dead-letter-groups/{target}/{group}/retry')).toBe(true);
  expect(required('dead-letters/retry')).toBe(true);
});
