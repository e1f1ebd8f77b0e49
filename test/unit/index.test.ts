/** What the package offers: the names of docs/architecture.md, FEEL that evaluates, and a worker made of ports. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as offered from '../../src/index';
import type { HttpRequest } from '../../src/index';
import { FakeBroker } from '../support/fake-broker';
import { guardSentences } from '../support/guard';

const page = readFileSync(join(__dirname, '../../docs/architecture.md'), 'utf8');

test('offers what docs/architecture.md lists, and nothing else', () => {
  const rows = page.slice(page.indexOf('## What other programs may use')).matchAll(/^\| (`[^|]+`) +\|/gm);
  const listed = [...rows].flatMap(([, names = '']) => names.replaceAll('`', '').split(', '));
  const missing = listed.filter((name) => !(name in offered));
  const unlisted = Object.keys(offered).filter((name) => !listed.includes(name));
  const faults = [
    ...missing.map(
      (name) => `docs/architecture.md lists ${name}: export it from src/index.ts or take it off the page.`,
    ),
    ...unlisted.map(
      (name) => `src/index.ts exports ${name}: list it in docs/architecture.md or take it out.`,
    ),
  ];
  guardSentences(faults);
});

describe('FEEL', () => {
  it('evaluates over values', () => {
    expect(offered.evaluate('=x + 1', { x: 1 }).value).toBe(2);
  });

  it('evaluates over JSON without losing a digit, prepared once', () => {
    const context = offered.parseContext('{"x": 9007199254740993}');
    expect(offered.evaluateJson(offered.prepare('=x + 1'), context).json).toBe('9007199254740994');
  });

  it('throws FeelError and nothing else', () => {
    expect(() => offered.evaluate('=1 +')).toThrow(offered.FeelError);
  });
});

test('a worker made of ports completes a job', async () => {
  const config = offered.readConfig({ CONNECTOR_HTTP_REST_ENABLED: 'false', CONNECTOR_POLL_TIMEOUT: 'PT1S' });
  const logger = offered.createLogger('silent', false);
  const broker = new FakeBroker(200);
  const requests: HttpRequest[] = [];
  const worker = offered.createWorker({
    config,
    logger,
    broker,
    http: (request) => {
      requests.push(request);
      const message = { role: 'assistant', content: 'yes' };
      const body = Buffer.from(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] }));
      return Promise.resolve({
        status: 200,
        reason: '',
        headers: [['Content-Type', 'application/json']],
        body,
      });
    },
    secrets: { lookup: (name) => Promise.resolve(name === 'KEY' ? 'sk-1' : undefined) },
    ledger: offered.openLedger('memory', { expiryMs: 60_000, maxBytes: 1e6 }, () => undefined),
    connectors: offered.createConnectors(config, {}, () => undefined),
  });
  const [key = ''] = broker.createJobs(1, {
    type: config.CONNECTOR_OPENAI_TYPE,
    variables: JSON.stringify({
      connection: { apiKey: '{{secrets.KEY}}' },
      operation: 'chatCompletion',
      input: { model: 'm', prompt: 'Hi' },
    }),
    customHeaders: { resultExpression: '={answer: response.text}' },
  });
  worker.start();
  while (broker.commands.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await worker.stop();
  await broker.close();

  expect(broker.stateOf(key)).toBe('completed');
  expect(broker.commands[0]?.command.variables).toBe('{"answer":"yes"}');
  expect(requests[0]?.headers).toContainEqual(['Authorization', 'Bearer sk-1']);
});

test('the ports to cluster and API are made without touching the network', () => {
  const http = offered.createHttpExecutor({ userAgent: 'test' });
  http.close();
  expect(new offered.BrokerError('unavailable', 'away')).toBeInstanceOf(Error);
  expect(new offered.ConnectorError('no', { code: '400' })).toMatchObject({ code: '400' });
  expect(() => offered.readConfig({ CONNECTOR_MAX_JOBS: 'many' })).toThrow(offered.ConfigError);
});
