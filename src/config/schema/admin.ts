import {z} from 'zod';
import {roles} from '../../core/role.ts';
import {readTokenLines} from '../../core/token-lines.ts';
import {filled, httpUrl} from './common.ts';

const tokens = z
  .string()
  .transform((text, context) => {
    const {entries, wrongLine} = readTokenLines(text);
    if (wrongLine === undefined) return entries;
    const message = `expected lines of \`name role sha256:…\` as \`avro-scim token new\` prints them; line ${wrongLine} is none`;
    context.addIssue({code: 'custom', message});
    return z.NEVER;
  })
  .describe(
    'Bearer tokens that may sign in: a line each, as `avro-scim token new` prints it. In a file, which is read again when it changes.',
  )
  .meta({examples: ['${file:/run/secrets/avro-scim-tokens}']});

const isLocal = (url: string): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);

const oidc = z.strictObject({
  issuer: httpUrl
    .refine((url) => url.startsWith('https:') || isLocal(url), 'expected an https address')
    .describe('Issuer of the JWTs, as its discovery document and the claim `iss` say it.'),
  audience: filled.describe('What the claim `aud` of a JWT must hold.'),
  roleClaim: filled
    .default('roles')
    .describe('Claim that says who may do what: a text or a list of texts. Dots lead into nested claims.'),
  roles: z
    .record(filled, z.enum(roles))
    .describe('Values of that claim, and the role each gives: `viewer`, `operator` or `approver`.')
    .meta({examples: [{'iam-operators': 'operator', 'iam-approvers': 'approver'}]}),
});

const auth = z
  .strictObject({
    tokens: tokens.optional(),
    oidc: oidc
      .optional()
      .describe('Sign-in with JWTs of an OpenID provider.')
      .meta({
        examples: [
          {
            issuer: 'https://login.example',
            audience: 'avro-scim',
            roleClaim: 'groups',
            roles: {'iam-operators': 'operator', 'iam-approvers': 'approver'},
          },
        ],
      }),
  })
  .refine((given) => given.tokens !== undefined || given.oidc !== undefined, {
    error: 'expected tokens or oidc below it',
  });

/** Health, metrics and the HTTP API. */
export const adminSchema = z.strictObject({
  host: filled
    .default('127.0.0.1')
    .describe(
      'Where health, metrics and the API are served; only this machine unless changed. Elsewhere the API needs `auth`.',
    ),
  port: z.int().min(0).max(65_535).default(9464).describe('Port; 0 takes any free one.'),
  requestsPerMinute: z
    .int()
    .positive()
    .default(1200)
    .describe(
      'Requests to the API that one address may make in a minute; health and metrics are not counted.',
    ),
  auth: auth
    .optional()
    .describe(
      'Who may use the API. Absent: it is read-only, shows no personal data, and answers this machine alone.',
    )
    .meta({examples: [{tokens: '${file:/run/secrets/avro-scim-tokens}'}]}),
});
