/** Whatever a process hands in: one command, whose variables the engine can read, and nothing thrown. */
import fc from 'fast-check';
import { ConnectorError } from '../../../src/errors';
import { TransportError, type HttpExecute } from '../../../src/http/request';
import { handleJob } from '../../../src/job/handle-job';
import { createRestConnector } from '../../../src/rest-connector/connector';
import { restVariables } from '../../../src/rest-connector/input';
import { readProxies } from '../../../src/rest-connector/proxies';
import { TokenCache } from '../../../src/rest-connector/token-cache';
import { buildUrl } from '../../../src/rest-connector/url';
import { maskText, replaceSecretsInJson, secretNamesInJson } from '../../../src/secrets/placeholders';
import { buildJob, buildPorts } from '../../support/job-builders';

const connector = createRestConnector({
  tokens: new TokenCache({ now: () => 0 }),
  blockList: [],
  proxies: readProxies({}),
  maxAnswerBytes: 1000,
  maxRetryWaitMs: 1000,
  retryAfter: false,
});

const answer = fc.record({
  status: fc.constantFrom(200, 201, 204, 302, 304, 400, 401, 404, 429, 500, 503),
  reason: fc.string(),
  headers: fc.array(fc.tuple(fc.constantFrom('A', 'a', 'Location', 'Retry-After'), fc.string()), {
    maxLength: 4,
  }),
  body: fc.option(
    fc.oneof(fc.json(), fc.string()).map((text) => Buffer.from(text)),
    { nil: undefined },
  ),
});
const failure = fc
  .tuple(fc.constantFrom('connect', 'headers', 'body', 'protocol', 'too-large'), fc.boolean())
  .map(([phase, timedOut]) => new TransportError('broken', phase, timedOut, undefined));

/** Mostly plausible values, so that jobs get as far as the call, and any other. */
const variables = fc.record(
  Object.fromEntries(
    restVariables.map((name) => [
      name,
      name === 'method'
        ? fc.constantFrom('get', 'POST', 'PUT', 1, null)
        : name === 'url'
          ? fc.oneof(
              fc.webUrl({ withQueryParameters: true }),
              fc.string(),
              fc.constant('http://a/{{secrets.A}}'),
            )
          : fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.jsonValue() }),
    ]),
  ),
  { requiredKeys: ['method', 'url'] },
);
const expression = fc.constantFrom(
  '',
  '={a: body, b: status}',
  '=response',
  '=1',
  '={',
  '=bpmnError(error.code, "x")',
  '=jobError("m", {e: error}, 1)',
  '=ignoreError()',
);

it('every job ends with one command', async () => {
  await fc.assert(
    fc.asyncProperty(
      variables,
      fc.array(fc.oneof(answer, failure), { minLength: 1, maxLength: 5 }),
      expression,
      expression,
      fc.constantFrom({}, { retryBackoff: 'PT1S' }, { retryBackoff: 'x' }, { resultVariable: 'r' }),
      async (given, steps, resultExpression, errorExpression, headers) => {
        let step = 0;
        const call: HttpExecute = () => {
          const next = steps[Math.min(step++, steps.length - 1)]!;
          return next instanceof TransportError ? Promise.reject(next) : Promise.resolve(next);
        };
        const job = buildJob({
          variables: JSON.stringify(given),
          customHeaders: { resultExpression, errorExpression, ...headers },
        });
        const { command } = await handleJob(
          job,
          connector,
          buildPorts({
            openCall: () => call,
            fetch: call,
            secrets: { lookup: () => Promise.resolve('value') },
          }),
        );
        const parsed: unknown = JSON.parse(command.variables);
        expect(typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)).toBe(true);
        if (command.kind === 'fail') {
          expect(command.retries).toBeGreaterThanOrEqual(0);
          expect(command.errorMessage.length).toBeLessThanOrEqual(6000);
          // A fault of ours would show as such.
          expect(command.errorMessage).not.toMatch(/is not a function|undefined \(reading|RangeError/);
        }
      },
    ),
    { numRuns: 500 },
  );
});

it('every URL is built or refused with a reason', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl()), fc.boolean(), (text, skip) => {
      try {
        const url = buildUrl(`http://h/${text}`, [['k', text]], skip);
        expect(url).toMatch(/^http:\/\/[!-~]+$/);
      } catch (error) {
        expect(error).toBeInstanceOf(ConnectorError);
      }
    }),
    { numRuns: 1000 },
  );
});

it('no masked text holds a secret, and none is found where names are not', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 4 }), { minLength: 1 }), fc.string(), (secrets, glue) => {
      fc.pre(secrets.every((secret) => !secret.includes('*')));
      const masked = maskText(secrets.join(glue), secrets);
      for (const secret of secrets) expect(masked).not.toContain(secret);
    }),
  );
  fc.assert(
    fc.property(fc.json(), fc.string(), (json, value) => {
      const values = new Map(secretNamesInJson(json).map((name) => [name, value]));
      if (values.size === 0) expect(replaceSecretsInJson(json, values)).toBe(json);
    }),
  );
});
