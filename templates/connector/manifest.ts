import {connectorApi, z, type Manifest} from 'avro-scim/connector';

/** What stands below `config` of a target. */
export const configSchema = z.strictObject({
  baseUrl: z.url({protocol: /^https?$/}).describe('Where Deskbook is: https://desks.example.'),
  token: z.string().min(1).describe('A token of an administrator.'),
});

export type Config = z.output<typeof configSchema>;

export const manifest: Manifest<typeof configSchema> = {
  id: 'deskbook',
  apiVersion: connectorApi,
  summary: 'Deskbook: people, teams, and a cut-off that ends sessions.',
  configSchema,
  capabilities: {users: true, groups: true, deactivate: true, delete: true},
  links: ['https://desks.example/docs/api'],
  cutOff: {ends: ['the account', 'sessions'], leaves: ['a day pass that was printed, until midnight']},
  defaultRate: () => ({requests: 10, perSeconds: 1}),
};
