import type {Attributes} from '../../src/core/resource.ts';

/** A person with what every service demands; `key` makes it another one. */
export const contractUser = (key: string): Attributes => ({
  userName: `user.${key}@example.com`,
  externalId: `subject-${key}`,
  active: true,
  displayName: `User ${key}`,
  title: null,
  name: {givenName: 'User', familyName: key, middleName: null},
  emails: [{value: `user.${key}@example.com`, type: 'work', primary: true}],
  phoneNumbers: [],
});
