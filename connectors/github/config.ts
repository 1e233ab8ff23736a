import {z} from 'zod';
import {secretSchema} from '../../src/core/secret.ts';

const appSchema = z.strictObject({
  id: z.string().min(1).describe('client id of the GitHub App, or its App id'),
  privateKey: secretSchema.describe(
    'private key (PEM) as GitHub gives it; a list of two while it is rotated',
  ),
  installationId: z.int().positive().describe('number at the end of the address of the installation'),
});

/** How GitHub is told who asks: a token, an App, or both. */
export const authSchema = z
  .strictObject({
    token: secretSchema
      .optional()
      .describe('personal access token (classic); a list of two while it is rotated'),
    app: appSchema
      .optional()
      .describe('GitHub App; with a token beside it, the token is used for SCIM and links of teams alone'),
  })
  .refine(({token, app}) => token !== undefined || app !== undefined, {
    error: 'expected token, app, or both',
  });

const isOrigin = (url: URL | null): boolean =>
  url !== null && url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;

export const apiUrlSchema = z
  .url({protocol: /^https?$/})
  .refine((text) => isOrigin(URL.parse(text)), {
    error: 'expected an address without path, query and credentials',
  })
  .default('https://api.github.com')
  .describe('the API: with data residency https://api.SUBDOMAIN.ghe.com');

/** A name as it stands in GitHub's addresses. */
export const slugSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, {error: 'expected a name as in the address'});

export interface GithubConfig {
  apiUrl: string;
  auth: z.output<typeof authSchema>;
}
