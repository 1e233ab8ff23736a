import {z} from 'zod';
import {filled, hostAndPort, httpUrl, milliseconds, optionalTls} from './common.ts';

const password = {
  username: filled.describe('User name.'),
  password: filled.describe('Password.'),
};

const sasl = z.discriminatedUnion('mechanism', [
  z.strictObject({mechanism: z.literal('plain').describe('SASL PLAIN.'), ...password}),
  z.strictObject({mechanism: z.literal('scram-sha-256').describe('SASL SCRAM with SHA-256.'), ...password}),
  z.strictObject({mechanism: z.literal('scram-sha-512').describe('SASL SCRAM with SHA-512.'), ...password}),
  z.strictObject({
    mechanism: z.literal('oauthbearer').describe('SASL OAUTHBEARER: client credentials.'),
    tokenUrl: httpUrl.describe('Where the token is fetched.'),
    clientId: filled.describe('Client id.'),
    clientSecret: filled.describe('Client secret.'),
    scope: filled.optional().describe('Scope to ask for.'),
  }),
  z.strictObject({
    mechanism: z.literal('aws').describe('Amazon MSK IAM, with the credentials of the environment.'),
    region: filled.describe('AWS region of the cluster.'),
  }),
]);

const saslExamples = [
  {mechanism: 'scram-sha-512', username: 'avro-scim', password: '${env:KAFKA_PASSWORD}'},
  {
    mechanism: 'oauthbearer',
    tokenUrl: 'https://login.example/oauth2/token',
    clientId: 'avro-scim',
    clientSecret: '${file:/run/secrets/kafka}',
    scope: 'kafka',
  },
  {mechanism: 'aws', region: 'eu-central-1'},
];

const isTopic = (text: string): boolean => {
  if (!text.startsWith('/')) return /^[A-Za-z0-9._-]{1,249}$/.test(text);
  if (text.length < 3 || !text.endsWith('/')) return false;
  try {
    new RegExp(text.slice(1, -1));
    return true;
  } catch {
    return false;
  }
};

const topic = z
  .string()
  .refine(isTopic, 'expected the name of a topic, or a regular expression between slashes: /^identity\\./');

/** Brokers and topics. */
export const kafkaSchema = z.strictObject({
  brokers: z
    .array(hostAndPort)
    .min(1, 'expected at least one broker')
    .default(['127.0.0.1:9092'])
    .describe('Brokers to start from, `host:port`.'),
  clientId: filled.default('avro-scim').describe('Name that the brokers’ logs and quotas see.'),
  groupPrefix: filled
    .default('avro-scim')
    .describe('Each target reads as the consumer group `<groupPrefix>.<target>`.'),
  topics: z
    .array(topic)
    .min(1, 'expected at least one topic')
    .default(['identity.events'])
    .describe(
      'Topics to read: names, or patterns between slashes. A pattern never matches the program’s own topics.',
    )
    .meta({examples: [['identity.events', '/^hr\\..*/']]}),
  tls: optionalTls('the brokers'),
  sasl: sasl.optional().describe('How to sign in at the brokers.').meta({examples: saslExamples}),
  sessionTimeoutMs: milliseconds
    .default(30_000)
    .describe('How long a silent replica keeps its partitions before they move to another.'),
});
