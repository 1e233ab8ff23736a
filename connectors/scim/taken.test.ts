import {describe, expect, test} from '@jest/globals';
import {upsert} from '../../src/core/engine/upsert.ts';
import {ok} from '../../src/core/failure.ts';
import {port, type Reply} from './testing/port.ts';
import {options} from './testing/scripted.ts';

const refusal = (scimType: string) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
  status: '400',
  scimType,
  detail: 'One or more of the attribute values are already in use or are reserved.',
});

/** Ada is there; a create of her is refused so. */
const withAda =
  (status: number, scimType: string): Reply =>
  ({method}) => {
    if (method === 'POST') return [status, refusal(scimType)];
    if (method !== 'GET') return [204];
    return [200, {totalResults: 1, Resources: [{id: 'u1', userName: 'ada', active: true}]}];
  };

/** RFC 7644 lists `uniqueness` among what a 400 says (section 3.12, table 9), and a 409 where it speaks of POST (section 3.3). */
describe('a user whose name is taken', () => {
  test.each([400, 409])(
    'is looked for and taken over, where a create is answered with %i',
    async (status) => {
      const {port: made} = port(withAda(status, 'uniqueness'));
      const desired = {userName: 'ada', active: true};
      const done = await upsert({
        port: made.users,
        desired,
        doubt: false,
        lookUps: [{by: 'userName', value: 'ada'}],
        adopt: () => Promise.resolve(ok(undefined)),
        options,
      });
      expect(done).toEqual({ok: true, value: {remoteId: 'u1', did: 'adopted'}});
    },
  );

  test.each([400, 409])('is a conflict, where a change to it is answered with %i', async (status) => {
    const {port: made} = port(({method}) => (method === 'GET' ? [404] : [status, refusal('uniqueness')]));
    const update = {desired: {userName: 'ada'}, changed: ['userName']};
    expect(await made.users.update('u2', update, options)).toEqual({ok: true, value: 'exists'});
  });

  test('is not what another 400 says', async () => {
    const {port: made} = port(withAda(400, 'invalidValue'));
    expect(await made.users.create({userName: 'ada'}, options)).toMatchObject({
      ok: false,
      failure: {kind: 'rejected', cause: '400 invalidValue'},
    });
  });
});
