import {openIam, openIdentityCenter} from './aws.ts';
import {openGithubEnterprise, openGithubOrganization} from './github.ts';
import {openOkta} from './okta.ts';
import type {OpenVendor, VendorKind} from './vendor.ts';

/** Every vendor's double, by the id of its connector. */
export const openVendor: Record<VendorKind, OpenVendor> = {
  okta: openOkta,
  'github-organization': openGithubOrganization,
  'github-enterprise': openGithubEnterprise,
  'aws-identity-center': openIdentityCenter,
  'aws-iam': openIam,
};
