import { ConnectorError, inputError } from '../../../src/errors';
import { handleJob } from '../../../src/job/handle-job';
import { javaManner } from '../../../src/java/manner';
import type { Connector, JobCommand, JobPorts } from '../../../src/job/job';
import { buildConnector, buildJob, buildPorts } from '../../support/job-builders';

type Headers = Readonly<Record<string, string>>;

const response = '{"status":200,"body":{"n":12345678901234567890,"a":1.0}}';
const compatible = { manner: javaManner };

async function succeed(
  headers: Headers,
  text = response,
  ports: Partial<JobPorts> = {},
): Promise<JobCommand> {
  const job = buildJob({ customHeaders: headers });
  const { command } = await handleJob(
    job,
    buildConnector(() => text, compatible),
    buildPorts(ports),
  );
  return command;
}

async function failWith(
  error: unknown,
  headers: Headers = {},
  ports: Partial<JobPorts> = {},
  connector: Partial<Connector> = compatible,
): Promise<JobCommand> {
  const thrower = buildConnector(() => {
    throw error as Error;
  }, connector);
  const { command } = await handleJob(buildJob({ customHeaders: headers }), thrower, buildPorts(ports));
  return command;
}

function variablesOf(command: JobCommand): unknown {
  return JSON.parse(command.variables);
}

const boom = new ConnectorError('Boom', { code: '500', variables: '{"response":{"body":"b"}}' });

describe('a failure for which the task chose a BPMN error', () => {
  const refused = new ConnectorError('No.', { code: '200', cause: 'REFUSED', bpmnErrorCode: 'REFUSED' });

  it('throws it with the error as a variable', async () => {
    const command = await failWith(refused, {}, {}, {});
    expect(command).toMatchObject({ kind: 'throwError', errorCode: 'REFUSED', errorMessage: 'No.' });
    expect(variablesOf(command)).toMatchObject({ error: { cause: 'REFUSED', message: 'No.' } });
  });

  it('leaves the last word to the error expression', async () => {
    const command = await failWith(refused, { errorExpression: '=bpmnError("OTHER", "x")' }, {}, {});
    expect(command).toMatchObject({ kind: 'throwError', errorCode: 'OTHER' });
  });
});

describe('a successful job', () => {
  it('completes without variables when it asks for none', async () => {
    expect(await succeed({})).toEqual({ kind: 'complete', variables: '{}' });
  });

  it('puts the whole response into the result variable, no digit lost', async () => {
    expect(await succeed({ resultVariable: 'r' })).toEqual({
      kind: 'complete',
      variables: `{"r":${response}}`,
    });
  });

  it('puts the entries of the result expression on top', async () => {
    const command = await succeed({ resultVariable: 'r', resultExpression: '={r: status, x: body.a}' });
    expect(variablesOf(command)).toEqual({ r: 200, x: 1 });
  });

  it('shows the response by its members and as a whole', async () => {
    const command = await succeed({ resultExpression: '={same: response.body = body}' });
    expect(variablesOf(command)).toEqual({ same: true });
  });

  it.each(['', ' \n'])('treats the blank headers %j as absent', async (blank) => {
    const command = await succeed({ resultVariable: blank, resultExpression: blank, errorExpression: blank });
    expect(command).toEqual({ kind: 'complete', variables: '{}' });
  });

  it('turns a number that the engine cannot hold into one that it can', async () => {
    const command = await succeed({ resultVariable: 'r' }, '{"n":10000000000000000000000000}');
    expect(command.variables).toBe('{"r":{"n":1.0E25}}');
  });

  it('fails without retries when its variables are too large', async () => {
    const command = await succeed({ resultVariable: 'r' }, `{"body":"${'x'.repeat(1_572_865)}"}`);
    expect(command).toMatchObject({ kind: 'fail', retries: 0 });
    expect(command).toHaveProperty('errorMessage', expect.stringContaining('1.5 MB safe variable size'));
  });

  it('gives its expressions the clock and the chance of its ports', async () => {
    const ports = { now: () => 1999, random: () => 0 };
    const command = await succeed(
      {
        resultExpression: '={at: now(), random: random number()}',
        errorExpression: '=if date(now()).year > 1970 then bpmnError("late", "") else null',
      },
      response,
      ports,
    );
    expect(command.kind).toBe('complete');
    expect(variablesOf(command)).toEqual({
      at: expect.stringMatching(/^19(70-01-01|69-12-31)T/) as string,
      random: 0,
    });
  });

  it('reports what FEEL turned into null', async () => {
    const warnings: string[] = [];
    await succeed({ resultExpression: '={x: body.nope}' }, response, {
      onWarning: (warning) => warnings.push(warning),
    });
    expect(warnings).toEqual([expect.stringContaining('resultExpression')]);
  });

  it.each([
    ['={x: ', 2],
    ['=assert(1, false)', 2],
    ['=[1]', 0],
    ['="text"', 0],
    ['={x: "camunda.function.type"}', 0],
  ])('with the result expression %s fails with %d retries', async (resultExpression, retries) => {
    const command = await succeed({ resultExpression, retryBackoff: 'PT5S' });
    expect(command).toMatchObject({ kind: 'fail', retries, backoffMs: 5000 });
  });
});

describe('a failed job', () => {
  it('has the error as variable, and its data in the message', async () => {
    const command = await failWith(boom, { retryBackoff: 'PT1M' });
    expect(command).toMatchObject({
      kind: 'fail',
      retries: 2,
      backoffMs: 60_000,
      errorMessage:
        'Boom | Error variables: {error={type=io.camunda.connector.api.error.ConnectorException, message=Boom, code=500, variables={response={body=b}}}}',
    });
    expect(variablesOf(command)).toEqual({
      error: {
        type: 'io.camunda.connector.api.error.ConnectorException',
        code: '500',
        message: 'Boom',
        variables: { response: { body: 'b' } },
      },
    });
  });

  it('of the typed family names its cause and has a plain message', async () => {
    const error = new ConnectorError('Boom', { code: '429', cause: 'RATE_LIMITED' });
    const command = await failWith(error, {}, {}, {});
    expect(command).toHaveProperty('errorMessage', 'Boom');
    expect(variablesOf(command)).toMatchObject({ error: { code: '429', cause: 'RATE_LIMITED' } });
  });

  it('is postponed at no cost as long as that is allowed', async () => {
    const error = new ConnectorError('Later', { retry: { kind: 'postpone', waitMs: 4000 } });
    expect(await failWith(error)).toMatchObject({ retries: 3, backoffMs: 4400 });
    expect(await failWith(error, {}, { mayPostpone: () => false })).toMatchObject({ retries: 2 });
    const unknown = (): Promise<never> => Promise.reject(new Error('the count is away'));
    expect(await failWith(error, {}, { mayPostpone: unknown })).toMatchObject({ retries: 2 });
  });

  it('counts anything thrown as a fault that costs one retry', async () => {
    expect(await failWith('text')).toMatchObject({ kind: 'fail', retries: 2 });
  });

  it('cuts a long message at 6000 characters', async () => {
    const command = await failWith(new ConnectorError('x'.repeat(7000)));
    expect(command).toHaveProperty('errorMessage', 'x'.repeat(6000));
  });

  it('loses its data, not its command, when they are too large for the engine', async () => {
    const variables = JSON.stringify({ body: 'x'.repeat(1_600_000) });
    const command = await failWith(new ConnectorError('Boom', { code: '500', variables }));
    expect(variablesOf(command)).toEqual({
      error: { type: 'io.camunda.connector.api.error.ConnectorException', code: '500', message: 'Boom' },
    });
  });

  it('ends without its error expression when it was aborted', async () => {
    const abort = new AbortController();
    abort.abort(new Error('The worker is stopping'));
    const command = await failWith(boom, { errorExpression: '=ignoreError({})' }, { signal: abort.signal });
    expect(command).toMatchObject({ kind: 'fail' });
    expect(command).toHaveProperty('errorMessage', expect.stringMatching(/^The worker is stopping/));
  });
});

describe('the headers of a task', () => {
  it.each(['P1D1S', '30s', ''])('with the back-off %j prevent the call', async (retryBackoff) => {
    const command = await succeed({ retryBackoff });
    expect(command).toMatchObject({ kind: 'fail', retries: 0, backoffMs: 0 });
    expect(command).toHaveProperty('errorMessage', expect.stringContaining(`got: ${retryBackoff}`));
  });

  it.each([
    ['PT0S', 'must be a positive duration'],
    ['-PT1S', 'must be a positive duration'],
    ['soon', 'Failed to parse job timeout header.'],
  ])('with the time-out %s prevent the call, without back-off', async (jobTimeout, message) => {
    const command = await succeed({ jobTimeout, retryBackoff: 'PT1M' });
    expect(command).toMatchObject({ kind: 'fail', retries: 0, backoffMs: 0 });
    expect(command).toHaveProperty('errorMessage', expect.stringContaining(message));
  });

  it('set the length of the lease before anything else', async () => {
    const extended: number[] = [];
    await succeed({ jobTimeout: 'PT2M' }, response, {
      extendLease: (ms) => {
        extended.push(ms);
        return Promise.resolve();
      },
    });
    expect(extended).toEqual([120_000]);
  });

  it('cost one retry when the engine refuses the lease', async () => {
    const command = await succeed({ jobTimeout: 'PT2M' }, response, {
      extendLease: () => Promise.reject(new Error('not found')),
    });
    expect(command).toMatchObject({ kind: 'fail', retries: 2 });
  });
});

describe('the secrets of a job', () => {
  const connector = (execute: () => string, family: Partial<Connector> = compatible) =>
    buildConnector(execute, family, { secretNames: ['A', 'B'] });
  const source = (values: Record<string, string>) => ({
    secrets: { lookup: (name: string) => Promise.resolve(values[name]) },
  });

  it('prevent the call when one is missing, naming the first', async () => {
    const { command } = await handleJob(
      buildJob(),
      connector(() => 'never'),
      buildPorts(source({})),
    );
    expect(command).toMatchObject({ kind: 'fail', retries: 0 });
    expect(variablesOf(command)).toEqual({
      error: {
        type: 'io.camunda.connector.api.error.ConnectorInputException',
        message: "Secret with name 'A' is not available",
      },
    });
  });

  it('of the typed family say how to give the missing one', async () => {
    const { command } = await handleJob(
      buildJob(),
      connector(() => 'never', {}),
      buildPorts(source({ A: 'a' })),
    );
    expect(command).toHaveProperty('errorMessage', expect.stringContaining('SECRET_B'));
    expect(variablesOf(command)).toMatchObject({ error: { cause: 'SECRET_MISSING' } });
  });

  it('cost one retry without back-off when their source is away', async () => {
    const { command } = await handleJob(
      buildJob({ customHeaders: { retryBackoff: 'PT1M' } }),
      connector(() => 'never'),
      buildPorts({ secrets: { lookup: () => Promise.reject(new Error('disk')) } }),
    );
    expect(command).toMatchObject({ kind: 'fail', retries: 2, backoffMs: 0 });
    expect(command).toHaveProperty(
      'errorMessage',
      expect.stringMatching(/^Fetching secrets failed, .*: disk/),
    );
  });

  it('never show in messages and variables', async () => {
    const values = { A: 'top-secret', B: 'other "secret"' };
    const { command } = await handleJob(
      buildJob({ customHeaders: { errorExpression: '=jobError("echo top-secret", {e: error})' } }),
      connector(() => {
        throw new ConnectorError('Key top-secret is wrong', {
          variables: JSON.stringify({ body: { echo: 'other "secret"', 'top-secret': 1 } }),
        });
      }),
      buildPorts(source(values)),
    );
    expect(JSON.stringify(command)).not.toMatch(/top-secret|other/);
    expect(command).toMatchObject({ errorMessage: expect.stringMatching(/^echo \*\*\*/) as string });
  });
});

describe('the error expression', () => {
  it('turns a failure into a BPMN error with variables', async () => {
    const errorExpression = '=bpmnError(error.code, error.message, error.variables.response)';
    expect(await failWith(boom, { errorExpression })).toEqual({
      kind: 'throwError',
      errorCode: '500',
      errorMessage: 'Boom',
      variables: '{"body":"b"}',
    });
  });

  it('turns a success into a failure', async () => {
    const errorExpression = '=jobError("wait", {left: job.retries}, job.retries - 1, @"PT1M")';
    const command = await succeed({ errorExpression });
    expect(command).toEqual({
      kind: 'fail',
      retries: 2,
      backoffMs: 60_000,
      errorMessage: 'wait | Error variables: {left=3, error=wait}',
      variables: '{"left":3,"error":"wait"}',
    });
  });

  it('completes a failed job with its own variables', async () => {
    expect(await failWith(boom, { errorExpression: '=ignoreError({found: false})' })).toEqual({
      kind: 'complete',
      variables: '{"found":false}',
    });
  });

  it('sees the variables of a success in place of its response, when there are any', async () => {
    const command = await succeed({
      resultExpression: '={id: 7}',
      errorExpression:
        '=if response.status = null and response.id = id then ignoreError({seen: id}) else null',
    });
    expect(variablesOf(command)).toEqual({ seen: 7 });
  });

  it('sees nothing of a null response', async () => {
    const command = await succeed(
      { errorExpression: '=if response = null then ignoreError({n: true}) else null' },
      'null',
    );
    expect(variablesOf(command)).toEqual({ n: true });
  });

  it.each(['=null', '={}', '={errorType: "bpmnError", errorCode: null}'])(
    '%s changes nothing',
    async (errorExpression) => {
      expect(await succeed({ errorExpression })).toEqual({ kind: 'complete', variables: '{}' });
      expect(await failWith(boom, { errorExpression })).toMatchObject({ kind: 'fail', retries: 2 });
    },
  );

  it.each([
    ['{x: ', 'io.camunda.connector.feel.FeelEngineWrapperException'],
    ['[1]', 'io.camunda.connector.api.error.ConnectorInputException'],
    ['{code: "a"}', 'io.camunda.connector.api.error.ConnectorInputException'],
    ['{errorType: "jobError", errorMessage: "x"}', 'java.lang.NullPointerException'],
    [
      '{errorType: "jobError", errorMessage: "x", retries: "many"}',
      'io.camunda.connector.api.error.ConnectorInputException',
    ],
    [
      '{errorType: "jobError", errorMessage: "x", retries: 1, retryBackoff: "soon"}',
      'io.camunda.connector.api.error.ConnectorInputException',
    ],
    ['{errorType: "bpmnError", errorCode: {}}', 'io.camunda.connector.api.error.ConnectorInputException'],
    ['ignoreError()', 'java.lang.IllegalArgumentException'],
    [
      'bpmnError("a", "b", {x: "camunda.function.type"})',
      'io.camunda.connector.api.error.ConnectorInputException',
    ],
  ])('that gives %s fails the job for good', async (errorExpression, type) => {
    const command = await succeed({ errorExpression, retryBackoff: 'PT1M' });
    expect(command).toMatchObject({ kind: 'fail', retries: 0, backoffMs: 0 });
    expect(variablesOf(command)).toMatchObject({ error: { type } });
  });

  it('takes numbers for texts and seconds for a back-off', async () => {
    const errorExpression =
      '={errorType: "jobError", errorMessage: 12, retries: 1.9, retryBackoff: 1.5, variables: null}';
    expect(await succeed({ errorExpression })).toMatchObject({
      retries: 1,
      backoffMs: 1500,
      variables: '{"error":"12"}',
    });
  });

  it('catches what goes wrong before the call', async () => {
    const command = await succeed({
      retryBackoff: 'bad',
      errorExpression: '=bpmnError("CONFIG", error.type)',
    });
    expect(command).toMatchObject({ kind: 'throwError', errorCode: 'CONFIG' });
  });

  it('may not make variables too large for the engine', async () => {
    const big = `"${'x'.repeat(1_600_000)}"`;
    const command = await succeed(
      { errorExpression: '=bpmnError("a", "b", {big: response.body})' },
      `{"body":${big}}`,
    );
    expect(command).toMatchObject({ kind: 'fail', retries: 0 });
  });

  it('of an input error sees no retries taken yet', async () => {
    const command = await failWith(inputError('wrong'), {
      errorExpression: '=bpmnError("R", string(job.retries))',
    });
    expect(command).toMatchObject({ errorMessage: '3' });
  });
});
