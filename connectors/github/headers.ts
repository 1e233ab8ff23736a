import project from '../../package.json' with {type: 'json'};

/** GitHub refuses requests without a User-Agent; the version is the one whose document the tests hold requests against. */
export const baseHeaders = {
  accept: 'application/vnd.github+json, application/scim+json',
  'user-agent': `avro-scim/${project.version}`,
  'x-github-api-version': '2022-11-28',
} as const;
