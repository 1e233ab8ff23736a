/** Tests are ES modules in TypeScript: run through `npm test`, which gives Node its flag for them. */
const base = {
  testEnvironment: 'node',
  // A build has a package.json of the same name.
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {parser: {syntax: 'typescript'}, target: 'es2024', experimental: {keepImportAttributes: true}},
        module: {type: 'es6'},
      },
    ],
  },
};

/** What runs on real services may be tried again where the environment says so. */
const again = {setupFilesAfterEnv: ['<rootDir>/test/support/again.ts']};

export default {
  // Real services on a busy machine: a condition that is met late is not a failure.
  testTimeout: 60_000,
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/{src,connectors,scripts,test/unit,test/support}/**/*.test.ts'],
    },
    {...base, displayName: 'deploy', testMatch: ['<rootDir>/test/deploy/**/*.test.ts']},
    {...base, ...again, displayName: 'integration', testMatch: ['<rootDir>/test/integration/**/*.test.ts']},
    {...base, ...again, displayName: 'faults', testMatch: ['<rootDir>/test/faults/**/*.test.ts']},
  ],
};
