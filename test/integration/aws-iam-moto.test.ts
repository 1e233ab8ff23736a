import {IAM} from '@aws-sdk/client-iam';
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals';
import {useCredential} from '../../connectors/aws-iam/testing/rig.ts';
import {awsIam} from '../../connectors/aws-iam/index.ts';
import {configSchema} from '../../connectors/aws-iam/manifest.ts';
import {startMoto} from '../../scripts/services/moto.ts';
import type {SendRequest} from '../../src/core/connector.ts';
import {cutOff} from '../../src/core/engine/cut-off.ts';
import {ok, type Result} from '../../src/core/failure.ts';
import type {TargetPort} from '../../src/core/port.ts';
import {createSender, type Sender} from '../../src/http.ts';

const options = {signal: new AbortController().signal};
const silent = (): void => undefined;
const log = {debug: silent, info: silent, warn: silent, error: silent};
const say = (line: string): void => void process.stderr.write(`${line}\n`);

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

/** moto has no such credentials: it answers that the action is not there. */
const noServiceCredentials =
  '<ListServiceSpecificCredentialsResponse><ListServiceSpecificCredentialsResult><ServiceSpecificCredentials/>' +
  '<IsTruncated>false</IsTruncated></ListServiceSpecificCredentialsResult></ListServiceSpecificCredentialsResponse>';

// What moto does not enforce (DeleteConflict, quotas, delays) is the double's, in connectors/aws-iam.
describe('aws-iam, against an IAM that somebody else wrote', () => {
  let moto: {url: string; close: () => Promise<void>} | undefined;
  let sender: Sender | undefined;
  let admin: IAM;
  let port: TargetPort;
  beforeAll(async () => {
    useCredential();
    moto = await startMoto(say);
    const made = createSender({
      target: 'moto',
      connections: 2,
      deadlineMs: 20_000,
      maxAnswerBytes: 1_000_000,
      now: Date.now,
    });
    sender = made;
    const withCredentials: SendRequest = (request) =>
      request.operation === 'ListServiceSpecificCredentials'
        ? Promise.resolve(ok({status: 200, headers: {}, text: noServiceCredentials}))
        : made.send(request);
    const config = configSchema.parse({endpoint: moto.url, path: '/people/'});
    port = awsIam.create({target: 'moto', config: () => config, send: withCredentials, log, now: Date.now});
    admin = new IAM({region: 'us-east-1', endpoint: moto.url});
  }, 300_000);
  afterAll(async () => {
    admin.destroy();
    await sender?.close();
    await moto?.close();
  });

  const join = async (userName: string): Promise<string> => {
    const person = {userName, externalId: `subject-${userName}`, active: true, displayName: 'Person'};
    const made = value(await port.users.create(person, options));
    if (made === 'exists') throw new Error('there is one already');
    return made.id;
  };
  const equip = async (UserName: string): Promise<void> => {
    await admin.createAccessKey({UserName});
    await admin.createLoginProfile({UserName, Password: crypto.randomUUID()});
    const document = {
      Version: '2012-10-17',
      Statement: [{Effect: 'Allow', Action: 's3:GetObject', Resource: '*'}],
    };
    const PolicyDocument = JSON.stringify(document);
    await admin.putUserPolicy({UserName, PolicyName: 'own', PolicyDocument});
    const {Policy} = await admin.createPolicy({PolicyName: `of-${UserName}`, PolicyDocument});
    await admin.attachUserPolicy({UserName, PolicyArn: Policy?.Arn});
  };

  test('a joiner and a mover', async () => {
    const id = await join('ada');
    expect(value(await port.users.create({userName: 'ada'}, options))).toBe('exists');
    const found = await port.users.find({by: 'externalId', value: 'subject-ada'}, options);
    expect(value(found)).toMatchObject({id, attributes: {userName: 'ada', active: true}});
    // moto forgets the tags of who is renamed, IAM does not: the name is looked at last.
    for (const desired of [{displayName: 'Ada Byron'}, {userName: 'ada.byron'}]) {
      const update = {desired, changed: Object.keys(desired)};
      expect(value(await port.users.update(id, update, options))).toBe('updated');
      expect(value(await port.users.get(id, options))?.attributes).toMatchObject(desired);
    }
    expect(value(await port.check(options.signal)).summary).toContain('account 123456789012');
  });

  test('a leaver who comes back', async () => {
    const id = await join('bob');
    await equip('bob');
    const {receipt, failure} = await cutOff(port.cutOffSteps('deactivate'), id, options, Date.now);
    expect(failure).toBeUndefined();
    expect(receipt).toMatchObject({complete: true, missing: false});
    const {AccessKeyMetadata = []} = await admin.listAccessKeys({UserName: 'bob'});
    expect(AccessKeyMetadata.map(({Status}) => Status)).toEqual(['Inactive']);
    expect(value(await port.users.get(id, options))?.attributes['active']).toBe(false);
    const back = {desired: {active: true}, changed: ['active']};
    expect(value(await port.users.update(id, back, options))).toBe('updated');
    expect(value(await port.users.get(id, options))?.attributes['active']).toBe(true);
  });

  test('one who is deleted', async () => {
    const id = await join('eve');
    await equip('eve');
    const {receipt, failure} = await cutOff(port.cutOffSteps('delete'), id, options, Date.now);
    expect(failure).toBeUndefined();
    expect(receipt.complete).toBe(true);
    const {Users = []} = await admin.listUsers({});
    expect(Users.map(({UserName}) => UserName)).not.toContain('eve');
  });

  test('a group', async () => {
    const made = value(await port.groups.create({displayName: 'engineers'}, options));
    if (made === 'exists') throw new Error('there is one already');
    const [first, second] = [await join('kim'), await join('lee')];
    const change = {add: [first, second], remove: []};
    expect(value(await port.groups.changeMembers(made.id, change, options))).toBe('changed');
    const renamed = {desired: {displayName: 'builders'}, changed: ['displayName']};
    expect(value(await port.groups.update(made.id, renamed, options))).toBe('updated');
    const out = {add: [], remove: [first]};
    for (let i = 0; i < 2; i++)
      expect(value(await port.groups.changeMembers(made.id, out, options))).toBe('changed');
    expect(value(await port.groups.hasMember(made.id, first, options))).toBe(false);
    expect(value(await port.groups.hasMember(made.id, second, options))).toBe(true);
    expect(value(await port.groups.remove(made.id, options))).toBe('removed');
  });
});
