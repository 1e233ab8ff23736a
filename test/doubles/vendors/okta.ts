import {startOkta} from '../../../connectors/okta/testing/start.ts';
import {subjectsOf, textOf, type OpenVendor} from './vendor.ts';

const ended = ['DEPROVISIONED', 'SUSPENDED'];

/** An Okta org; the credential is an API token. */
export const openOkta: OpenVendor = async (token, port) => {
  const double = await startOkta(token, {}, port);
  const {store} = double.rules;
  const made = () =>
    [...store.users.values()].flatMap(({id, status, profile}) => {
      const subject = textOf(profile['externalId']);
      return subject === '' ? [] : [{id, subject, isActive: !ended.includes(status)}];
    });
  return {
    kind: 'okta',
    url: double.url,
    settings: {orgUrl: double.url, auth: {}},
    credentialAt: 'auth.apiToken',
    state() {
      const people = made();
      const subjects = new Map(people.map(({id, subject}) => [id, subject]));
      const groups = [...store.groups.values()].map(
        ({profile, members}) => [textOf(profile['name']), subjectsOf(members, subjects)] as const,
      );
      return {
        people: Object.fromEntries(people.map(({subject, isActive}) => [subject, isActive])),
        groups: Object.fromEntries(groups),
        requests: double.asked.length,
      };
    },
    delay: (ms) => (double.delayMs = ms),
    use(subject) {
      for (const person of made()) if (person.subject === subject) double.signIn(person.id);
    },
    close: () => double.close(),
  };
};
