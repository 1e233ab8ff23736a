import {DENY, EXTERNAL_ID} from '../../../connectors/aws-iam/tags.ts';
import {startIam} from '../../../connectors/aws-iam/testing/start.ts';
import {equip} from '../../../connectors/aws-iam/testing/store.ts';
import {startIdentityCenter} from '../../../connectors/aws-identity-center/testing/start.ts';
import {subjectsOf, textOf, type OpenVendor} from './vendor.ts';

/** An Identity Center; the credential is one of its two tokens. */
export const openIdentityCenter: OpenVendor = async (token, port) => {
  const double = await startIdentityCenter(token, {}, port);
  const {store} = double;
  return {
    kind: 'aws-identity-center',
    url: double.url,
    settings: {endpoint: double.url},
    credentialAt: 'token',
    state() {
      const users = [...store.users.values()].map(({id, body}) => ({
        id,
        subject: textOf(body['externalId']),
        isActive: body['active'] === true,
      }));
      const subjects = new Map(users.map(({id, subject}) => [id, subject]));
      const groups = [...store.groups.values()].map(
        ({body, members}) => [textOf(body['displayName']), subjectsOf(members, subjects)] as const,
      );
      return {
        people: Object.fromEntries(users.map(({subject, isActive}) => [subject, isActive])),
        groups: Object.fromEntries(groups),
        requests: double.asked.length,
      };
    },
    delay: (ms) => (double.delayMs = ms),
    // The endpoint knows of no session.
    use: () => undefined,
    close: () => double.close(),
  };
};

/** An account's IAM; the credential is the id of an access key, which AWS's SDK finds in the environment. */
export const openIam: OpenVendor = async (accessKey, port) => {
  const double = await startIam(accessKey, {}, port);
  const {store} = double;
  const made = () =>
    [...store.users.values()].flatMap((user) => {
      const subject = user.tags.get(EXTERNAL_ID);
      return subject === undefined ? [] : [{user, subject}];
    });
  return {
    kind: 'aws-iam',
    url: double.url,
    settings: {endpoint: double.url},
    state() {
      const subjects = new Map(made().map(({user, subject}) => [user.id, subject]));
      const groups = [...store.groups.values()].map(
        ({name, members}) => [name, subjectsOf(members, subjects)] as const,
      );
      return {
        people: Object.fromEntries(made().map(({user, subject}) => [subject, !user.inline.has(DENY)])),
        groups: Object.fromEntries(groups),
        requests: double.asked.length,
      };
    },
    delay: (ms) => (double.delayMs = ms),
    use(subject) {
      for (const one of made()) if (one.subject === subject) equip(store, one.user);
    },
    close: () => double.close(),
  };
};
