import {anything, plainValue, recordShape, type Shape} from './expression.ts';

/** A record of texts. */
const texts = (...names: string[]): Record<string, Shape> =>
  Object.fromEntries(names.map((name) => [name, plainValue]));

const typedValue = recordShape(texts('value', 'display', 'type', 'primary'));

/** The fields of an event's user (`schemas/identity-event.avsc`): what an expression of a mapping reads. */
export const userShape: Shape = recordShape({
  ...texts('id', 'userName', 'active', 'externalId', 'displayName', 'nickName', 'profileUrl', 'title'),
  ...texts('userType', 'preferredLanguage', 'locale', 'timezone', 'groups'),
  name: recordShape(
    texts('formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix'),
  ),
  emails: typedValue,
  phoneNumbers: typedValue,
  photos: typedValue,
  ims: typedValue,
  roles: typedValue,
  entitlements: typedValue,
  addresses: recordShape(
    texts(
      ...['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country', 'type', 'primary'],
    ),
  ),
  enterprise: recordShape(
    texts('employeeNumber', 'costCenter', 'organization', 'division', 'department', 'managerId'),
  ),
  attributes: anything,
});

/** The fields of an event's group. */
export const groupShape: Shape = recordShape(texts('id', 'displayName', 'externalId', 'members'));
