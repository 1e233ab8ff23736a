import type {ServiceError} from '../../testing/contract.ts';

const said = (message: string, more: object = {}): string =>
  JSON.stringify({message, documentation_url: 'https://docs.github.com/rest', ...more});
const scimError = (status: number, scimType: string): string =>
  JSON.stringify({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status,
    scimType,
    detail: 'in words',
  });

/** https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api and the document's ScimError. */
export const errors: ServiceError[] = [
  {answer: {status: 400, text: scimError(400, 'invalidValue')}, failure: {kind: 'rejected', status: 400}},
  {answer: {status: 401, text: said('Bad credentials')}, failure: {kind: 'unauthorized', status: 401}},
  {
    answer: {status: 403, text: said('Resource not accessible by integration')},
    failure: {kind: 'unauthorized', status: 403},
  },
  {
    answer: {
      status: 403,
      text: said('You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'),
      headers: {'retry-after': '60'},
    },
    failure: {kind: 'throttled', retryAfterMs: 60_000},
  },
  {
    answer: {status: 422, text: said('Validation Failed', {errors: [{code: 'invalid', field: 'name'}]})},
    failure: {kind: 'rejected', status: 422},
  },
  {answer: {status: 502, text: '<html>Unicorn!</html>'}, failure: {kind: 'unavailable', status: 502}},
];
