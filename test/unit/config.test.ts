import { ConfigError, configSchema, describeConfig, readConfig } from '../../src/config';

const faults = (environment: Record<string, string>): string => {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
};

test('an empty environment gives the defaults', () => {
  expect(readConfig({})).toMatchObject({
    CONNECTOR_MAX_JOBS: 100,
    CONNECTOR_JOB_TIMEOUT: 60_000,
    CONNECTOR_HTTP_REST_ENABLED: true,
    CONNECTOR_MANAGEMENT_PORT: 8088,
    CONNECTOR_TENANT_IDS: [],
  });
});

test('an empty variable counts as absent', () => {
  expect(readConfig({ CONNECTOR_MAX_JOBS: ' ' }).CONNECTOR_MAX_JOBS).toBe(100);
});

test.each([
  ['PT30S', 30_000],
  ['30000', 30_000],
  ['pt1m', 60_000],
  ['P1D', 86_400_000],
  ['PT1M30.5S', 90_500],
])('the duration %s is %d ms', (text, ms) => {
  expect(readConfig({ CONNECTOR_JOB_TIMEOUT: text }).CONNECTOR_JOB_TIMEOUT).toBe(ms);
});

test('a wrong value is refused with variable, value and remedy', () => {
  expect(faults({ CONNECTOR_JOB_TIMEOUT: 'soon' })).toBe(
    'CONNECTOR_JOB_TIMEOUT is "soon"; it must be a duration from 5 s to 1440 min, as ISO-8601 (PT30S) or in milliseconds (30000).',
  );
  expect(faults({ CONNECTOR_MAX_JOBS: '-1' })).toBe(
    'CONNECTOR_MAX_JOBS is "-1"; it must be a whole number from 1 to 10000.',
  );
  expect(faults({ CONNECTOR_HTTP_REST_ENABLED: 'maybe' })).toBe(
    'CONNECTOR_HTTP_REST_ENABLED is "maybe"; it must be true or false.',
  );
});

test('all wrong values are named at once', () => {
  expect(faults({ CONNECTOR_MAX_JOBS: 'x', CONNECTOR_LOG_LEVEL: 'loud' }).split('\n')).toHaveLength(2);
});

test('a misspelt variable is refused with the likely name', () => {
  expect(faults({ CONNECTOR_MAX_JOSB: '5' })).toBe(
    'CONNECTOR_MAX_JOSB is not a setting of this worker. Did you mean CONNECTOR_MAX_JOBS?',
  );
});

test('contradictory settings are refused in a sentence naming both', () => {
  expect(faults({ CONNECTOR_OPENAI_TYPE: 'same', CONNECTOR_AZURE_OPENAI_TYPE: 'same' })).toBe(
    'CONNECTOR_OPENAI_TYPE and CONNECTOR_AZURE_OPENAI_TYPE are both "same". Give each its own job type.',
  );
  expect(
    faults({
      CONNECTOR_OPENAI_ENABLED: 'false',
      CONNECTOR_AZURE_OPENAI_ENABLED: 'no',
      CONNECTOR_HTTP_REST_ENABLED: '0',
    }),
  ).toContain('Enable one');
  expect(faults({ CONNECTOR_POLL_TIMEOUT: 'PT10S', CONNECTOR_JOB_TIMEOUT: 'PT10S' })).toContain(
    'must be shorter',
  );
});

test('proxy settings under their official names are left to the REST connector', () => {
  expect(faults({ CONNECTOR_HTTP_PROXY_HOST: 'proxy', CONNECTOR_HTTP_NON_PROXY_HOSTS: '*' })).toBe('');
});

test('every variable has a description', () => {
  expect(describeConfig()).toHaveLength(Object.keys(configSchema.shape).length);
});
