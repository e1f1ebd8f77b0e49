/** What the recorded cases do not show: deviations, limits, TLS, proxies. On a real HTTP upstream, without an engine. */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { ConnectorError } from '../../../src/errors';
import { createHttpExecutor, type HttpExecutor } from '../../../src/http/execute';
import { handleJob } from '../../../src/job/handle-job';
import type { JobCommand, JobPorts } from '../../../src/job/job';
import { readBlockList } from '../../../src/rest-connector/block-list';
import { createRestConnector, type RestConnectorOptions } from '../../../src/rest-connector/connector';
import { readProxies } from '../../../src/rest-connector/proxies';
import { TokenCache } from '../../../src/rest-connector/token-cache';
import { startHttpServer, type HttpServer } from '../../support/http-server';
import { buildJob, buildPorts } from '../../support/job-builders';

const pem = (name: string): string => readFileSync(`test/fixtures/rest-connector/tls/${name}.pem`, 'utf8');

let upstream: HttpServer;
let execute: HttpExecutor;
let waits: number[];

beforeAll(async () => {
  upstream = await startHttpServer();
  execute = createHttpExecutor({ userAgent: 'test/1' });
});
afterAll(async () => {
  execute.close();
  await upstream.close();
});
beforeEach(() => {
  waits = [];
});

function options(changes: Partial<RestConnectorOptions> = {}): RestConnectorOptions {
  return {
    tokens: new TokenCache({ now: Date.now }),
    blockList: [],
    proxies: readProxies({}),
    maxAnswerBytes: 10_000,
    maxRetryWaitMs: 60_000,
    retryAfter: false,
    ...changes,
  };
}

interface Setting {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly connector?: Partial<RestConnectorOptions>;
  readonly ports?: Partial<JobPorts>;
}

async function run({ variables, headers = {}, connector, ports }: Setting): Promise<JobCommand> {
  const job = buildJob({
    customHeaders: headers,
    variables: JSON.stringify({ method: 'GET', url: `${upstream.url}/x`, ...variables }),
  });
  const sleep = (ms: number): Promise<void> => {
    waits.push(ms);
    return Promise.resolve();
  };
  const { command } = await handleJob(
    job,
    createRestConnector(options(connector)),
    buildPorts({ openCall: () => execute, fetch: execute, sleep, ...ports }),
  );
  return command;
}

function errorOf(command: JobCommand): Record<string, unknown> {
  return (JSON.parse(command.variables) as { error: Record<string, unknown> }).error;
}

describe('answers', () => {
  it('of 400 and above count even when their body is cut off', async () => {
    upstream.restart([{ status: 400, headers: [['Content-Length', '9']], body: 'abc', fault: 'truncated' }]);
    expect(errorOf(await run({}))).toMatchObject({
      code: '400',
      variables: { response: { headers: { 'Content-Length': '9' }, body: null } },
    });
  });

  it('that are too large fail with code 500', async () => {
    upstream.restart([{ body: 'x'.repeat(10_001) }]);
    const error = errorOf(await run({ headers: { resultVariable: 'r' } }));
    expect(error).toMatchObject({ code: '500' });
    expect(error['message']).toMatch(/larger than 10000 bytes/);
  });

  it.each([
    ['TEXT', { body: '{"a":1}' }, '{"a":1}'],
    ['TEXT', { body: '' }, ''],
    ['JSON', { body: '42' }, 42],
    ['JSON', { body: '[1]' }, [1]],
  ])('are given as %s when the task asks for it: %j', async (choice, answer, body) => {
    upstream.restart([answer]);
    const command = await run({
      variables: { documentReturnFormat: { choice } },
      headers: { resultExpression: '={b: body}' },
    });
    expect(JSON.parse(command.variables)).toEqual({ b: body });
  });

  it.each([
    [{ choice: 'JSON' }, { body: 'no' }, 2, /not valid JSON/],
    [{ choice: 'JSON' }, { body: '' }, 2, /empty or could not be parsed/],
    [{ choice: 'TEXT', encoding: 'klingon' }, { body: 'x' }, 0, /klingon/],
    [{ choice: 'json' }, {}, 0, /DOCUMENT, TEXT, JSON/],
  ])('asked for as %j fail when they are %j', async (documentReturnFormat, answer, retries, message) => {
    upstream.restart([answer]);
    const command = await run({ variables: { documentReturnFormat } });
    expect(command).toMatchObject({ kind: 'fail', retries });
    expect(errorOf(command)['message']).toMatch(message);
  });

  it('that cannot be stored fail with code 500 and one retry less', async () => {
    upstream.restart([{ body: 'x' }]);
    const upload = (): Promise<never> =>
      Promise.reject(new ConnectorError('no store', { retry: { kind: 'never' } }));
    const command = await run({
      variables: { storeResponse: true },
      ports: { documents: { upload, download: upload } },
    });
    expect(command).toMatchObject({ kind: 'fail', retries: 2 });
    expect(errorOf(command)).toMatchObject({
      code: '500',
      message: 'Error while executing an HTTP request: Failed to create document: no store',
    });
  });

  it('with numbers beyond 64 bits complete the job', async () => {
    upstream.restart([{ body: '{"n":123456789012345678901234567890,"m":1e999}' }]);
    const command = await run({ headers: { resultVariable: 'r' } });
    expect(command.kind).toBe('complete');
    expect(command.variables).toContain('"body":{"n":1.2345678901234568E29,"m":"Infinity"}');
  });
});

describe('inputs', () => {
  it.each(['connectionTimeoutInSeconds', 'readTimeoutInSeconds'])(
    'of a negative %s cost one retry',
    async (name) => {
      upstream.restart([{}]);
      const command = await run({ variables: { [name]: -1 } });
      expect(command).toMatchObject({ kind: 'fail', retries: 2 });
      expect(errorOf(command)).toEqual({
        type: 'java.lang.IllegalArgumentException',
        message: 'duration must not be negative: -1',
      });
      expect(upstream.requests).toHaveLength(0);
    },
  );

  it('that a secret breaks are no JSON object', async () => {
    upstream.restart([{}]);
    const command = await run({
      variables: { a: '{{secrets.A', b: ['}}'] },
      ports: { secrets: { lookup: () => Promise.resolve('v') } },
    });
    expect(command).toMatchObject({ kind: 'fail', retries: 0 });
    expect(errorOf(command)['message']).toBe('This is not a JSON object');
  });
});

describe('a server that asks to come back later', () => {
  it('is obeyed at no cost when the worker is set to', async () => {
    upstream.restart([{ status: 429, headers: [['Retry-After', '30']] }]);
    const command = await run({ connector: { retryAfter: true } });
    expect(command).toMatchObject({ kind: 'fail', retries: 3 });
    // The hint is the least: up to a fifth is added, so that postponed jobs do not return at once.
    const { backoffMs } = command as { backoffMs: number };
    expect(backoffMs).toBeGreaterThanOrEqual(30_000);
    expect(backoffMs).toBeLessThanOrEqual(36_000);
    expect(upstream.requests).toHaveLength(1);
  });

  it('is asked again in the call when the pause is short', async () => {
    upstream.restart([{ status: 429, headers: [['retry-after-ms', '1500']] }, {}]);
    expect((await run({ connector: { retryAfter: true } })).kind).toBe('complete');
    expect(waits).toEqual([1500]);
  });

  it('costs one retry as officially when it says nothing', async () => {
    upstream.restart([{ status: 503 }]);
    expect(await run({ connector: { retryAfter: true } })).toMatchObject({ kind: 'fail', retries: 2 });
  });
});

describe('OAuth', () => {
  const authentication = () => ({
    type: 'oauth-client-credentials-flow',
    oauthTokenEndpoint: `${upstream.url}/token`,
    clientId: 'id',
    clientSecret: 'secret',
    clientAuthentication: 'credentialsBody',
  });
  const count = (path: string): number => upstream.requests.filter(({ url }) => url === path).length;

  it('keeps a token and renews it once when it is refused', async () => {
    const connector = options();
    let valid = 'a';
    upstream.restart(({ url, headers }) => {
      if (url === '/token') return { body: `{"access_token":"${valid}","expires_in":3600}` };
      return headers.some(([, value]) => value === `Bearer ${valid}`) ? {} : { status: 401 };
    });
    const job = (): Promise<JobCommand> =>
      run({ variables: { authentication: authentication() }, connector });
    expect((await job()).kind).toBe('complete');
    expect((await job()).kind).toBe('complete');
    expect(count('/token')).toBe(1);
    valid = 'b';
    expect((await job()).kind).toBe('complete');
    expect(count('/token')).toBe(2);
  });

  it('does not renew a token that was just fetched', async () => {
    upstream.restart(({ url }) =>
      url === '/token' ? { body: '{"access_token":"a","expires_in":3600}' } : { status: 401 },
    );
    expect(errorOf(await run({ variables: { authentication: authentication() } }))).toMatchObject({
      code: '401',
    });
    expect([count('/token'), count('/x')]).toEqual([1, 1]);
  });

  it('does not reach a blocked token endpoint', async () => {
    upstream.restart([{}]);
    const environment = { CAMUNDA_CONNECTOR_HTTP_BLOCK_URL_AUTH: '/token' };
    const { rules } = readBlockList(environment, () => () => false);
    const command = await run({
      variables: { authentication: authentication() },
      connector: { blockList: rules },
    });
    expect(command).toMatchObject({ kind: 'fail', retries: 0 });
    expect(upstream.requests).toHaveLength(0);
  });

  it('gives up waiting for a token when the job is aborted', async () => {
    upstream.restart([{ fault: 'silent' }]);
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('lost')), 50);
    const command = await run({
      variables: { authentication: authentication() },
      ports: { signal: abort.signal },
    });
    expect(command).toMatchObject({ kind: 'fail' });
    expect(errorOf(command)['message']).toBe('lost');
  });
});

describe('TLS', () => {
  let secure: HttpServer;
  beforeAll(async () => {
    secure = await startHttpServer([{ body: '{"ok":true}' }], {
      key: pem('server-key'),
      cert: pem('server'),
      ca: pem('ca'),
      requestCert: true,
    });
  });
  afterAll(() => secure.close());
  const call = (clientTls: object): Promise<JobCommand> =>
    run({ variables: { url: secure.url, clientTls }, headers: { resultExpression: '={ok: body.ok}' } });

  it('uses the certificate and the trust of the task', async () => {
    const command = await call({
      clientCertificate: pem('client'),
      clientPrivateKey: pem('client-key'),
      trustedCertificate: pem('ca'),
    });
    expect(command).toEqual({ kind: 'complete', variables: '{"ok":true}' });
  });

  it.each([
    ['trust in the server', () => ({})],
    ['a certificate of its own', () => ({ trustedCertificate: pem('ca') })],
  ])('is refused without %s', async (_title, clientTls) => {
    expect(errorOf(await call(clientTls()))).toMatchObject({ code: '408' });
  });

  it.each([
    [{ clientCertificate: 'x' }, /requires both a client certificate and a private key/],
    [
      { trustedCertificate: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----' },
      /Failed to build SSL context/,
    ],
  ])('with %j is an input error', async (clientTls, message) => {
    const command = await call(clientTls);
    expect(command).toMatchObject({ kind: 'fail', retries: 0 });
    expect(errorOf(command)['message']).toMatch(message);
  });

  it('goes through a proxy without letting it listen', async () => {
    const tunnels: string[] = [];
    const proxy = http.createServer();
    proxy.on('connect', (request, socket) => {
      tunnels.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`);
      const onward = connect(secure.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const proxies = readProxies({
      CONNECTOR_HTTPS_PROXY_HOST: '127.0.0.1',
      CONNECTOR_HTTPS_PROXY_PORT: String((proxy.address() as AddressInfo).port),
      CONNECTOR_HTTPS_PROXY_USER: 'u',
      CONNECTOR_HTTPS_PROXY_PASSWORD: 'p',
    });
    const command = await run({
      variables: {
        url: 'https://api.test/x',
        clientTls: {
          clientCertificate: pem('client'),
          clientPrivateKey: pem('client-key'),
          trustedCertificate: pem('ca'),
        },
      },
      connector: { proxies },
      headers: { resultExpression: '={ok: body.ok}' },
    });
    expect(command).toEqual({ kind: 'complete', variables: '{"ok":true}' });
    expect(tunnels).toEqual(['api.test:443 Basic dTpw']);
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });

  it('reports a proxy that refuses as status 407', async () => {
    const refusing = http.createServer();
    refusing.on('connect', (_request, socket) => {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
    });
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    const proxies = readProxies({
      CONNECTOR_HTTPS_PROXY_HOST: '127.0.0.1',
      CONNECTOR_HTTPS_PROXY_PORT: String((refusing.address() as AddressInfo).port),
    });
    const command = await run({ variables: { url: 'https://api.test/x' }, connector: { proxies } });
    expect(errorOf(command)).toMatchObject({ code: '407', message: 'Proxy Authentication Required' });
    await new Promise((resolve) => refusing.close(resolve));
  });
});
