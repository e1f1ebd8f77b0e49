'use strict';

/** Packages that ship ES modules only; Jest 30 on Node 20 needs them compiled. */
const esModulePackages = [
  '@camunda8/orchestration-cluster-api',
  'feelin',
  'min-dash',
  '@bpmn-io',
  'lezer-feel',
  '@lezer',
  'luxon',
  'bpmn-moddle',
  'moddle',
  'moddle-xml',
  'saxen',
];

/** @returns {import('jest').Config} */
const project = (name, options = {}) => ({
  displayName: name,
  testEnvironment: 'node',
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform: {
    '^.+\\.ts$': ['ts-jest', {}],
    '^.+\\.m?js$': [
      'ts-jest',
      {
        tsconfig: {
          allowJs: true,
          module: 'commonjs',
          target: 'es2022',
          isolatedModules: true,
          esModuleInterop: true,
        },
        diagnostics: false,
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModulePackages.join('|')})/)`],
  ...options,
});

/** @type {import('jest').Config} */
module.exports = {
  // How long a test may hang, not how fast it has to be: machines that run other things too are slow at times.
  testTimeout: 30_000,
  projects: [
    project('unit'),
    project('integration'),
    project('e2e', {
      globalSetup: '<rootDir>/test/support/e2e-setup.ts',
      globalTeardown: '<rootDir>/test/support/e2e-teardown.ts',
    }),
  ],
};
