import {conflict, done, invalid, noSuch, paged, refuse, taken, userXml, type Reply} from './answers.ts';
import {credential, device} from './credentials.ts';
import {newUser, type Store, type StoredUser} from './store.ts';

export const isName = (name: string, most: number): boolean =>
  /^[\w+=,.@-]+$/.test(name) && name.length <= most;

export const userNamed = (store: Store, name: string | null): StoredUser | undefined =>
  [...store.users.values()].find((user) => user.name.toLowerCase() === name?.toLowerCase());

/** Whom an action that names a user reaches: IAM is eventually consistent. */
export function shownUser(store: Store, action: string, name: string | null): StoredUser | undefined {
  const user = store.behind.has(action) ? undefined : userNamed(store, name);
  return user && user.shownAt <= store.requests ? user : undefined;
}

function listUsers(store: Store, params: URLSearchParams): Reply {
  const isShown = ({shownAt}: StoredUser): boolean => shownAt <= store.requests;
  const rows = [...store.users.values()]
    .filter(({path}) => path.startsWith(params.get('PathPrefix') ?? '/'))
    .filter((user) => !store.behind.has('ListUsers') && (isShown(user) || user.oldName !== undefined))
    .map((user) => (isShown(user) ? user : {...user, name: user.oldName ?? user.name}));
  return paged(
    'Users',
    rows.map((user) => userXml(user, false)),
    params,
    store.pageSize,
  );
}

/** `Tags.member.1.Key`, … */
function tagsOf(params: URLSearchParams): [string, string][] | undefined {
  const tags: [string, string][] = [];
  for (let i = 1; params.has(`Tags.member.${i}.Key`); i++)
    tags.push([params.get(`Tags.member.${i}.Key`) ?? '', params.get(`Tags.member.${i}.Value`) ?? '']);
  const isFit = (text: string): boolean => /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text) && text.length <= 256;
  return tags.length <= 50 && tags.flat().every(isFit) ? tags : undefined;
}

/** Every action that is about users; nothing for another. */
export function userAction(store: Store, action: string, params: URLSearchParams): Reply | undefined {
  const name = params.get('UserName') ?? '';
  if (action === 'CreateUser') return create(store, name, params);
  if (action === 'ListUsers') return listUsers(store, params);
  if (action === 'DeleteVirtualMFADevice')
    return store.devices.delete(params.get('SerialNumber') ?? '') ? done() : noSuch('device');
  if (!/User|AccessKey|Credential|Certificate|SSH|MFA|LoginProfile/.test(action)) return undefined;
  if (/^(Add|Remove)User/.test(action)) return undefined;
  if (action === 'GetUser' && name === '')
    return store.caller ? done({User: userXml(store.caller)}) : invalid('userName');
  if (!isName(name, 64)) return invalid('userName');
  const user = shownUser(store, action, name);
  if (!user) return noSuch(`user with name ${name}`);
  const reply =
    credential(store, user, action, params) ??
    device(store, user, action, params) ??
    policy(store, user, action, params) ??
    own(store, user, action, params);
  if (reply && 'result' in reply && /^(Delete|Deactivate|Detach)/.test(action))
    user.settledAt = store.requests + store.lag;
  return reply;
}

function create(store: Store, name: string, params: URLSearchParams): Reply {
  const tags = tagsOf(params);
  if (!isName(name, 64)) return invalid('userName');
  if (!tags) return refuse(400, 'InvalidInput', 'The specified value for tags is invalid.');
  if (userNamed(store, name)) return taken(`User with name ${name}`);
  const user = newUser(store, name, params.get('Path') ?? '/');
  user.tags = new Map(tags);
  store.users.set(user.id, user);
  return done({User: userXml(user)});
}

function policy(store: Store, user: StoredUser, action: string, params: URLSearchParams): Reply | undefined {
  const name = params.get('PolicyName') ?? '';
  const arn = params.get('PolicyArn') ?? '';
  switch (action) {
    case 'PutUserPolicy':
      return putPolicy(store, user, name, params.get('PolicyDocument') ?? '');
    case 'GetUserPolicy': {
      const document = user.inline.get(name);
      return document === undefined
        ? noSuch('policy')
        : done({UserName: user.name, PolicyName: name, PolicyDocument: document});
    }
    case 'DeleteUserPolicy':
      return user.inline.delete(name) ? done() : noSuch('policy');
    case 'ListUserPolicies':
      return paged('PolicyNames', [...user.inline.keys()], params, store.pageSize);
    case 'ListAttachedUserPolicies':
      return paged(
        'AttachedPolicies',
        [...user.attached].map((PolicyArn) => ({PolicyArn})),
        params,
        store.pageSize,
      );
    case 'AttachUserPolicy':
      if (!user.attached.has(arn) && user.attached.size >= store.attachedPerUser)
        return overQuota(`PoliciesPerUser: ${store.attachedPerUser}`);
      user.attached.add(arn);
      return done();
    case 'DetachUserPolicy':
      return user.attached.delete(arn) ? done() : noSuch('policy');
  }
  return undefined;
}

const overQuota = (what: string): Reply => refuse(409, 'LimitExceeded', `Cannot exceed quota for ${what}`);

function putPolicy(store: Store, user: StoredUser, name: string, document: string): Reply {
  const sizes = [...user.inline].map(([other, text]) =>
    other === name ? 0 : decodeURIComponent(text).replace(/\s/g, '').length,
  );
  const size = sizes.reduce((sum, one) => sum + one, document.replace(/\s/g, '').length);
  if (size > store.inlinePerUser) return overQuota(`InlinePolicySize: ${store.inlinePerUser}`);
  user.inline.set(name, encodeURIComponent(document));
  return done();
}

function own(store: Store, user: StoredUser, action: string, params: URLSearchParams): Reply | undefined {
  switch (action) {
    case 'GetUser':
      return done({User: userXml(user)});
    case 'UpdateUser': {
      const name = params.get('NewUserName') ?? user.name;
      const other = userNamed(store, name);
      if (!isName(name, 64)) return invalid('newUserName');
      if (other && other !== user) return taken(`User with name ${name}`);
      if (name !== user.name) Object.assign(user, {oldName: user.name, shownAt: store.requests + store.lag});
      user.name = name;
      user.path = params.get('NewPath') ?? user.path;
      return done();
    }
    case 'TagUser': {
      const tags = tagsOf(params);
      if (!tags) return refuse(400, 'InvalidInput', 'The specified value for tags is invalid.');
      for (const [key, value] of tags) user.tags.set(key, value);
      return done();
    }
    case 'UntagUser':
      for (let i = 1; params.has(`TagKeys.member.${i}`); i++)
        user.tags.delete(params.get(`TagKeys.member.${i}`) ?? '');
      return done();
    case 'DeleteUser':
      return remove(store, user);
  }
  return undefined;
}

/** What API_DeleteUser names, each in the way of it. */
function remove(store: Store, user: StoredUser): Reply {
  const inTheWay: [boolean, string][] = [
    [user.hasPassword, 'delete login profile'],
    [user.keys.size > 0, 'delete access keys'],
    [user.certificates.size > 0, 'delete signing certificates'],
    [user.ssh.size > 0, 'delete SSH public keys'],
    [user.services.size > 0, 'delete service-specific credentials'],
    [user.mfa.size > 0, 'deactivate MFA devices'],
    [user.inline.size > 0, 'delete policies'],
    [user.attached.size > 0, 'detach all policies'],
    [[...store.groups.values()].some(({members}) => members.has(user.id)), 'remove users from group'],
    [user.settledAt > store.requests, 'wait'],
  ];
  const first = inTheWay.find(([is]) => is);
  if (first) return conflict(first[1]);
  store.users.delete(user.id);
  return done();
}
