import type {Group, User} from '@aws-sdk/client-iam';
import type {ConnectorContext} from '../../src/core/connector.ts';
import {createAws, type Aws} from './aws.ts';
import {createGroupDirectory, createUserDirectory, type Directory} from './directory.ts';
import type {IamConfig} from './manifest.ts';

/** One AWS account: how to ask it, and who is who in it. */
export interface Account {
  aws: Aws;
  users: Directory<User>;
  groups: Directory<Group>;
}

/** An account from its config, which is read at each use. */
export function createAccount(context: ConnectorContext<IamConfig>): Account {
  const aws = createAws(context);
  return {aws, users: createUserDirectory(aws), groups: createGroupDirectory(aws)};
}
