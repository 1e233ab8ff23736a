import {startGithub} from '../../../connectors/github/testing/start.ts';
import {newNumber, type Identity, type Organization} from '../../../connectors/github/testing/store.ts';
import {subjectsOf, textOf, type OpenVendor, type VendorState} from './vendor.ts';

/** A company of any size: GitHub's own 1,000 an hour is a matter of the connector's tests. */
const usersAnHour = 1_000_000;

const subjectOf = ({resource}: Identity): string => textOf(resource['externalId']);
const loginOf = ({login = ''}: Identity): string => login.toLowerCase();

const addKey = (organization: Organization | undefined, login: string): void => {
  organization?.authorizations.push({credential_id: newNumber(), login, credential_type: 'SSH key'});
};

/** The organization acme; the credential is a classic token of an owner. */
export const openGithubOrganization: OpenVendor = async (token, port) => {
  const double = await startGithub({usersAnHour}, port);
  double.credentials.tokens.set(token, ['admin:org']);
  const [acme] = double.store.organizations;
  if (!acme) throw new Error('the double has no organization');
  /** An identity goes with its owner's membership: who had which login is kept. */
  const subjects = new Map<string, string>();
  const note = (): void => {
    for (const identity of acme.identities.values()) subjects.set(loginOf(identity), subjectOf(identity));
  };
  return {
    kind: 'github-organization',
    url: double.url,
    settings: {organization: 'acme', apiUrl: double.url, auth: {}},
    credentialAt: 'auth.token',
    state() {
      note();
      const groups = [...acme.teams.values()].map(
        ({name, members}) => [name, subjectsOf(members.keys(), subjects)] as const,
      );
      return {
        people: Object.fromEntries(
          [...subjects].map(([login, subject]) => [subject, acme.members.has(login)]),
        ),
        groups: Object.fromEntries(groups),
        requests: double.asked.length,
      };
    },
    delay: (ms) => (double.delayMs = ms),
    use(subject) {
      note();
      for (const [login, id] of subjects) {
        if (id !== subject) continue;
        addKey(acme, login);
        acme.personalTokens.push({id: newNumber(), login});
      }
    },
    close: () => double.close(),
  };
};

/** The enterprise acme-inc with managed users; the credential is a classic token of an owner. */
export const openGithubEnterprise: OpenVendor = async (token, port) => {
  const double = await startGithub({usersAnHour}, port);
  double.credentials.tokens.set(token, ['admin:org', 'scim:enterprise', 'admin:enterprise']);
  const {enterprise, organizations} = double.store;
  return {
    kind: 'github-enterprise',
    url: double.url,
    settings: {enterprise: 'acme-inc', organizations: ['acme-dev'], apiUrl: double.url, auth: {}},
    credentialAt: 'auth.token',
    state(): VendorState {
      const all = [...enterprise.identities.values()];
      const subjects = new Map(all.map((identity) => [identity.id, subjectOf(identity)]));
      const groups = [...enterprise.groups.values()].map(
        ({resource, members}) => [textOf(resource['displayName']), subjectsOf(members, subjects)] as const,
      );
      return {
        people: Object.fromEntries(all.map((one) => [subjectOf(one), one.resource['active'] === true])),
        groups: Object.fromEntries(groups),
        requests: double.asked.length,
      };
    },
    delay: (ms) => (double.delayMs = ms),
    use(subject) {
      for (const identity of enterprise.identities.values()) {
        if (subjectOf(identity) !== subject) continue;
        enterprise.withCredentials.add(loginOf(identity));
        addKey(organizations[1], loginOf(identity));
      }
    },
    close: () => double.close(),
  };
};
