import type {JsonObject} from '../../../src/core/json.ts';

/** An answer of the double. */
export interface Reply {
  status: number;
  body?: JsonObject | JsonObject[];
  headers?: Record<string, string | string[]>;
}

/** Okta's error body (https://developer.okta.com/docs/reference/error-codes/). */
export function refusal(status: number, code: string, summary: string, causes: string[] = []): Reply {
  const errorCauses = causes.map((errorSummary) => ({errorSummary}));
  const errorId = `oae${crypto.randomUUID().replaceAll('-', '').slice(0, 22)}`;
  return {status, body: {errorCode: code, errorSummary: summary, errorLink: code, errorId, errorCauses}};
}

export const invalid = (attribute: string, ...causes: string[]): Reply =>
  refusal(400, 'E0000001', `Api validation failed: ${attribute}`, causes);
export const taken = (attribute: string): Reply =>
  invalid(attribute, `${attribute}: An object with this field already exists in the current organization`);
export const badToken = (): Reply => refusal(401, 'E0000011', 'Invalid token provided');
export const forbidden = (): Reply =>
  refusal(403, 'E0000006', 'You do not have permission to perform the requested action');
export const notFound = (id: string, kind: string): Reply =>
  refusal(404, 'E0000007', `Not found: Resource not found: ${id} (${kind})`);
export const wrongStatus = (): Reply =>
  refusal(403, 'E0000038', "This operation is not allowed in the user's current status.");
export const alreadyActive = (): Reply =>
  refusal(403, 'E0000016', 'Activation failed because the user is already active');
export const stillActivating = (): Reply =>
  refusal(409, 'E0000112', 'Cannot update this user because they are still being activated.');
export const badSearch = (): Reply => refusal(400, 'E0000031', 'Invalid search criteria.');
export const tooMany = (): Reply =>
  refusal(429, 'E0000047', 'API call exceeded rate limit due to too many requests.');
