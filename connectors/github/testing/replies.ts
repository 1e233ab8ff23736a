import type {Json} from '../../../src/core/resource.ts';

const SCIM_ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

export interface Reply {
  status: number;
  body?: Json;
  headers?: Record<string, string>;
}

/** The API's own form of a refusal. */
export const refusal = (status: number, message: string, errors?: Json): Reply => ({
  status,
  body: {
    message,
    ...(errors === undefined ? {} : {errors}),
    documentation_url: 'https://docs.github.com/rest',
    status: String(status),
  },
});

/** SCIM's form (RFC 7644 section 3.12), with the number that GitHub's document says. */
export const scimRefusal = (status: number, detail: string, scimType?: string): Reply => ({
  status,
  body: {schemas: [SCIM_ERROR], ...(scimType ? {scimType} : {}), detail, status},
});

export const notFound = (): Reply => refusal(404, 'Not Found');
export const badCredentials = (): Reply => refusal(401, 'Bad credentials');
export const notAccessible = (by: string): Reply => refusal(403, `Resource not accessible by ${by}`);
/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export const secondaryLimit = (): Reply =>
  refusal(403, 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.');
export const primaryLimit = (): Reply => refusal(403, 'API rate limit exceeded for user ID 1.');

export const validationFailed = (errors: Json): Reply => refusal(422, 'Validation Failed', errors);
