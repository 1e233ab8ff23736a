import type {ConnectorContext} from '../../src/core/connector.ts';
import {ok, type Result} from '../../src/core/failure.ts';
import {isObject, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {createClient, type Ask} from './client.ts';
import type {ScimConfig} from './manifest.ts';
import {profileOf, type Profile} from './profile.ts';

/** One SCIM service: how to ask it, what its profile says, and what it says of itself. */
export interface Service {
  ask: Ask;
  profile(): Profile;
  /** Whether an update is a PUT: as the profile says, or as the service does where the profile leaves it open. */
  usesPut(options: CallOptions): Promise<Result<boolean>>;
  /** Whether a removal of a member was seen to work since the start. */
  removals: {work: boolean};
  /** ServiceProviderConfig (RFC 7643 section 5), read anew; `undefined` where there is none. A hint: the profile wins. */
  describe(options: CallOptions): Promise<Result<JsonObject | undefined>>;
}

const absent = [400, 403, 404, 405, 501];

/** A service from its config, which is read at each use. Failures are those of `ask`. */
export function createService(context: ConnectorContext<ScimConfig>): Service {
  const ask = createClient(context);
  const profile = (): Profile => profileOf(context.config().profile);
  let described: {config: JsonObject | undefined} | undefined;
  let pending: Promise<Result<JsonObject | undefined>> | undefined;

  const read = async (options: CallOptions): Promise<Result<JsonObject | undefined>> => {
    const answered = await ask(
      {method: 'GET', path: '/ServiceProviderConfig', operation: 'read capabilities', accept: absent},
      options,
    );
    if (!answered.ok) return answered;
    described = {config: answered.value.status < 300 ? answered.value.body : undefined};
    return ok(described.config);
  };

  return {
    ask,
    profile,
    removals: {work: false},
    describe: read,
    async usesPut(options) {
      const {update} = profile();
      if (update !== 'auto') return ok(update === 'put');
      if (described) return ok(supports(described.config, 'patch') === false);
      // Many changes may ask at once, and the answer is the same for all of them.
      pending ??= read(options).finally(() => (pending = undefined));
      const answered = await pending;
      return answered.ok ? ok(supports(answered.value, 'patch') === false) : answered;
    },
  };
}

/** What a service says of one of its features; `undefined` where it says nothing. */
export function supports(config: JsonObject | undefined, feature: string): boolean | undefined {
  const said = config?.[feature];
  const supported = isObject(said) ? said['supported'] : undefined;
  return typeof supported === 'boolean' ? supported : undefined;
}
