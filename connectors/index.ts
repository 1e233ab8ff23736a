import type {Connector} from '../src/core/connector.ts';
import {awsIam} from './aws-iam/index.ts';
import {awsIdentityCenter} from './aws-identity-center/index.ts';
import {githubEnterprise} from './github-enterprise/index.ts';
import {githubOrganization} from './github-organization/index.ts';
import {okta} from './okta/index.ts';
import {scim} from './scim/index.ts';

/** The connectors that come with the program; one line each. */
export const connectors: readonly Connector[] = [
  scim,
  okta,
  githubOrganization,
  githubEnterprise,
  awsIdentityCenter,
  awsIam,
];
