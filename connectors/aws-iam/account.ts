import type {Group, User} from '@aws-sdk/client-iam';
import type {ConnectorContext} from '../../src/core/connector.ts';
import {createAws, type Aws} from './aws.ts';
import {createDirectory, groupKind, userKind, type Directory} from './directory.ts';
import type {IamConfig} from './manifest.ts';

/** One AWS account: how to ask it, and who is who in it. */
export interface Account {
  aws: Aws;
  config: () => IamConfig;
  users: Directory<User>;
  groups: Directory<Group>;
}

/** An account from its config, which is read at each use. */
export function createAccount(context: ConnectorContext<IamConfig>): Account {
  const {config} = context;
  const aws = createAws(context);
  const path = () => config().path;
  return {
    aws,
    config,
    users: createDirectory(userKind(aws), path, context.now),
    groups: createDirectory(groupKind(aws), path, context.now),
  };
}
