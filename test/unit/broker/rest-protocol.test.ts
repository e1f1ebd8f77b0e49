import { knownJson } from '../../../src/json/text';
import {
  activationCall,
  commandCall,
  extensionCall,
  readJobs,
  readRefusal,
  type RestCall,
} from '../../../src/broker/rest-protocol';
import { faultsByClusterSchema } from '../../support/cluster-api-schemas';

const requestSchemas: Readonly<Record<string, string>> = {
  'POST /v2/jobs/activation': 'zJobActivationRequest',
  'POST /v2/jobs/*/completion': 'zJobCompletionRequest',
  'POST /v2/jobs/*/failure': 'zJobFailRequest',
  'POST /v2/jobs/*/error': 'zJobErrorRequest',
  'PATCH /v2/jobs/*': 'zJobUpdateRequest',
};

/** The request's faults by the schemas of Camunda's own client; an empty list when it is valid. */
function faultsOf({ method, path, body }: RestCall): unknown[] {
  const schema = requestSchemas[`${method} ${path.replace(/\/\d+/, '/*')}`];
  return schema === undefined
    ? [`${method} ${path} is no request about jobs`]
    : faultsByClusterSchema(schema, JSON.parse(body));
}

const activation = {
  type: 't',
  worker: 'w',
  timeoutMs: 60_000,
  maxJobs: 32,
  fetchVariables: ['a'],
  tenantIds: [],
};

describe('requests are valid by the schemas of the client', () => {
  test.each<[string, RestCall]>([
    ['activation', activationCall(activation, 5_000)],
    ['activation for tenants', activationCall({ ...activation, tenantIds: ['a', 'b'] }, 5_000)],
    ['completion', commandCall('1', { kind: 'complete', variables: knownJson('{"a":1}') })],
    [
      'failure',
      commandCall('1', {
        kind: 'fail',
        retries: 2,
        backoffMs: 5,
        errorMessage: 'm',
        variables: knownJson('{"a":1}'),
      }),
    ],
    [
      'BPMN error',
      commandCall('1', { kind: 'throwError', errorCode: 'c', errorMessage: 'm', variables: knownJson('{}') }),
    ],
    [
      'BPMN error without message',
      commandCall('1', { kind: 'throwError', errorCode: 'c', variables: knownJson('{}') }),
    ],
    ['extension', extensionCall('1', 60_000)],
  ])('%s', (_name, call) => {
    expect(faultsOf(call)).toEqual([]);
  });
});

describe('a command', () => {
  test('carries its variables digit by digit', () => {
    const { body } = commandCall('1', {
      kind: 'complete',
      variables: knownJson('{"n":12345678901234567890,"d":1.0}'),
    });
    expect(body).toBe('{"variables":{"n":12345678901234567890,"d":1.0}}');
  });

  test('always says how many retries are left', () => {
    const { body } = commandCall('1', {
      kind: 'fail',
      retries: 0,
      backoffMs: 0,
      errorMessage: '',
      variables: knownJson('{}'),
    });
    expect(JSON.parse(body)).toMatchObject({ retries: 0 });
  });

  test('has no lone surrogates in its texts', () => {
    const { body } = commandCall('1', {
      kind: 'fail',
      retries: 1,
      backoffMs: 0,
      errorMessage: 'a\ud800b',
      variables: knownJson('{}'),
    });
    expect(body).toContain('a\ufffdb');
  });
});

describe('jobs are read', () => {
  test('as Zeebe 8.6.0 writes them: `key` as a number beyond 2^53 is not rounded', () => {
    const [job] = readJobs(
      '{"jobs":[{"key":9007199254740993,"type":"t","processInstanceKey":9007199254740995,"processDefinitionKey":7,"processDefinitionId":"p","elementId":"e","elementInstanceKey":8,"retries":3,"customHeaders":{"h":"x"},"variables":{"n":9007199254740993,"s":"}]\\"{","d":1.0},"tenantId":"<default>"}]}',
    );
    expect(job).toEqual({
      key: '9007199254740993',
      type: 't',
      processInstanceKey: '9007199254740995',
      processDefinitionKey: '7',
      processDefinitionId: 'p',
      elementId: 'e',
      elementInstanceKey: '8',
      retries: 3,
      customHeaders: { h: 'x' },
      variables: knownJson('{"n":9007199254740993,"s":"}]\\"{","d":1.0}'),
      tenantId: '<default>',
    });
  });

  test('as 8.8 writes them: `jobKey` as text, unknown members ignored', () => {
    const [job] = readJobs(
      '{ "jobs": [ { "jobKey": "2251799813685249", "kind": "BPMN_ELEMENT", "tags": [], "userTask": null, "type": "t", "retries": 1, "variables": {}, "customHeaders": {} } ] }',
    );
    expect(job).toMatchObject({
      key: '2251799813685249',
      type: 't',
      retries: 1,
      variables: knownJson('{}'),
      customHeaders: {},
    });
  });

  test('as none when the answer holds none', () => {
    expect(readJobs('{"jobs":[]}')).toEqual([]);
    expect(readJobs('{}')).toEqual([]);
  });

  test.each(['', 'null', '<html>', '{"jobs":[{"type":"t"}]}', '{"jobs":[{"key":1'])(
    'not at all from %j',
    (text) => {
      expect(() => readJobs(text)).toThrow(/answer to a poll cannot be read/);
    },
  );
});

describe('a refusal', () => {
  const problem = (title: string, detail = '') => JSON.stringify({ type: 'about:blank', title, detail });
  test.each([
    [404, problem('NOT_FOUND'), 'not-found'],
    [409, problem('INVALID_STATE'), 'invalid-state'],
    [
      400,
      problem('INVALID_ARGUMENT', 'Expected to update the job deadline, but it is not active'),
      'invalid-state',
    ],
    [400, problem('INVALID_ARGUMENT', 'No errorCode provided'), 'invalid'],
    [401, '', 'unauthorized'],
    [403, problem('FORBIDDEN'), 'unauthorized'],
    [413, '', 'too-large'],
    [500, problem('INTERNAL_SERVER_ERROR', 'EXCEEDED_BATCH_RECORD_SIZE'), 'too-large'],
    [500, problem('MALFORMED_REQUEST', 'Request size is above configured maxMessageSize.'), 'too-large'],
    [429, problem('RESOURCE_EXHAUSTED'), 'back-pressure'],
    [
      500,
      problem(
        'java.lang.RuntimeException',
        "no jobs available and at least one broker returned 'RESOURCE_EXHAUSTED'",
      ),
      'back-pressure',
    ],
    [503, problem('RESOURCE_EXHAUSTED'), 'back-pressure'],
    [503, problem('PartitionNotFoundException'), 'unavailable'],
    [504, problem('java.util.concurrent.TimeoutException'), 'unavailable'],
    [502, '<html>bad gateway</html>', 'unavailable'],
    [500, problem('INTERNAL_ERROR', 'Processing paused for partition'), 'unavailable'],
    [
      415,
      JSON.stringify({ timestamp: 'now', status: 415, error: 'Unsupported Media Type', path: '/' }),
      'invalid',
    ],
    [503, 'null', 'unavailable'],
  ])('%s %s is %s', (status, body, kind) => {
    expect(readRefusal(status, body)).toMatchObject({ kind, status });
  });
});
