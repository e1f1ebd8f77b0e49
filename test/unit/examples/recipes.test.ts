import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectorError } from '../../../src/errors';
import { handleJob } from '../../../src/job/handle-job';
import { buildConnector, buildJob, buildPorts } from '../../support/job-builders';

const page = readFileSync(join(__dirname, '../../../docs/expressions.md'), 'utf8');
const recipes = (kind: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`feel ${kind}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) =>
    match[1]!.trim(),
  );

const response = JSON.stringify({
  status: 200,
  headers: { 'x-request-id': 'req_1' },
  body: { choices: [{ message: { content: ' Complaint. ', tool_calls: [{ id: 'call_1' }] } }] },
  text: ' Complaint. ',
  json: { category: 'complaint' },
  finishReason: 'stop',
  usage: { model: 'm', totalTokens: 12 },
  documents: [],
});

async function run(headers: Record<string, string>, outcome: () => string, retries = 3) {
  const warnings: string[] = [];
  const { command } = await handleJob(
    buildJob({ customHeaders: headers, retries }),
    buildConnector(outcome),
    buildPorts({ onWarning: (message) => void warnings.push(message) }),
  );
  return { command, warnings, variables: JSON.parse(command.variables) as Record<string, unknown> };
}

function fail(cause: 'CONTEXT_TOO_LONG' | 'SERVER_ERROR' | 'TIMEOUT' | 'INVALID_REQUEST'): () => string {
  return () => {
    throw new ConnectorError('Boom', {
      code: cause === 'SERVER_ERROR' ? '500' : '400',
      cause,
      variables: '{"response":{"body":{"error":{"code":"unsupported_value","param":"temperature"}}}}',
    });
  };
}

describe('the recipes of docs/expressions.md', () => {
  it.each(recipes('result'))('%s', async (resultExpression) => {
    const { command, variables } = await run({ resultExpression }, () => response);
    expect(command.kind).toBe('complete');
    expect(Object.values(variables)).not.toContain(null);
    expect(Object.keys(variables)).not.toHaveLength(0);
  });

  const [asBpmnError, whenUsedUp, waitLonger, goOn, refuse, lookInto] = recipes('error') as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];

  it('a failure as BPMN error', async () => {
    const { command } = await run({ errorExpression: asBpmnError }, fail('CONTEXT_TOO_LONG'));
    expect(command).toMatchObject({ kind: 'throwError', errorCode: 'TOO_LONG', errorMessage: 'Boom' });
  });

  it('a BPMN error only when all tries are used up', async () => {
    expect((await run({ errorExpression: whenUsedUp }, fail('SERVER_ERROR'), 2)).command.kind).toBe('fail');
    expect((await run({ errorExpression: whenUsedUp }, fail('SERVER_ERROR'), 1)).command).toMatchObject({
      kind: 'throwError',
      errorCode: 'PROVIDER_DOWN',
    });
    expect((await run({ errorExpression: whenUsedUp }, () => response, 1)).command.kind).toBe('complete');
  });

  it.each([
    [5, 10_000],
    [4, 20_000],
    [2, 80_000],
  ])('waits longer after every try: %i retries left, %i ms', async (retries, backoffMs) => {
    const { command } = await run({ errorExpression: waitLonger }, fail('SERVER_ERROR'), retries);
    expect(command).toMatchObject({ kind: 'fail', retries: retries - 1, backoffMs });
  });

  it('goes on with a default', async () => {
    const { command, variables } = await run({ errorExpression: goOn }, fail('TIMEOUT'));
    expect(command.kind).toBe('complete');
    expect(variables).toEqual({ category: 'unknown' });
  });

  it('refuses an answer', async () => {
    const headers = { resultExpression: '={answer: response.nothing}', errorExpression: refuse };
    expect((await run(headers, () => response)).command).toMatchObject({
      kind: 'throwError',
      errorCode: 'NO_ANSWER',
    });
    const good = { ...headers, resultExpression: '={answer: response.text}' };
    expect((await run(good, () => response)).command.kind).toBe('complete');
  });

  it('looks into the provider’s own error', async () => {
    const { command } = await run({ errorExpression: lookInto }, fail('INVALID_REQUEST'));
    expect(command).toMatchObject({
      kind: 'throwError',
      errorCode: 'MODEL_REFUSES',
      errorMessage: 'temperature',
    });
  });
});
