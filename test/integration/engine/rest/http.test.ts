import { connect } from 'node:net';
import { bpmn, end, path, serviceTask, start } from '../../../support/engine-bpmn';
import { ServedEngine } from './served-engine';

let served: ServedEngine;
beforeEach(async () => {
  served = await ServedEngine.start(
    {},
    {
      pages: (request, response) => {
        if (request.url !== '/' && request.url !== '/page') return false;
        response.end('a page');
        return true;
      },
    },
  );
  await served.deploy(bpmn('p', path(start(), serviceTask('work'), end())));
});
afterEach(() => served.close());

/** Sends bytes as they are, and returns all that comes until the connection ends. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(served.port, '127.0.0.1', () => socket.end(text));
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}

describe('the server', () => {
  it('says in each answer what it is', async () => {
    for (const path of ['/v2/topology', '/v2/nothing', '/page']) {
      const { headers } = await served.get(path);
      expect(headers.get('x-local-engine')).toContain('stand-in for development');
    }
  });

  it('a path that it does not have is a problem that says so', async () => {
    const { status, headers, json } = await served.get('/v2/decision-instances/search?x=1');
    expect({ status, type: headers.get('content-type'), json }).toEqual({
      status: 404,
      type: 'application/problem+json',
      json: {
        type: 'about:blank',
        title: 'NOT_FOUND',
        status: 404,
        detail: 'The local engine has no /v2/decision-instances/search.',
        instance: '/v2/decision-instances/search',
      },
    });
  });

  it('another method is refused with those that there are', async () => {
    const { status, headers, json } = await served.send('PUT', '/v2/jobs/1');
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe('PATCH');
    expect(json).toMatchObject({ title: 'METHOD_NOT_ALLOWED', instance: '/v2/jobs/1' });
  });

  it('HEAD is GET without the body, OPTIONS tells the methods', async () => {
    const head = await served.send('HEAD', '/v2/topology');
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(100);
    const options = await served.send('OPTIONS', '/v2/jobs/1');
    expect(options).toMatchObject({ status: 204, text: '' });
    expect(options.headers.get('allow')).toBe('PATCH');
  });

  it('keeps connections longer than clients do', async () => {
    const { headers } = await served.get('/v2/topology');
    expect(headers.get('keep-alive')).toBe('timeout=65');
  });

  it('lets pages answer what is not the API', async () => {
    expect(await served.get('/')).toMatchObject({ status: 200, text: 'a page' });
    expect(await served.get('/other')).toMatchObject({ status: 404 });
  });

  it('does not serve web pages of other sites, but its own', async () => {
    const asPage = (origin: string) => served.send('GET', '/v2/topology', undefined, { headers: { origin } });
    expect(await asPage('https://example.com')).toMatchObject({ status: 403, json: { title: 'FORBIDDEN' } });
    expect(await asPage('null')).toMatchObject({ status: 403 });
    expect(await asPage(served.url)).toMatchObject({ status: 200 });
  });

  it('survives what is no HTTP, and requests that end in the middle', async () => {
    expect(await raw('rubbish\r\n\r\n')).toContain('400 Bad Request');
    await raw('POST /v2/process-instances HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"var');
    expect(await served.get('/v2/status')).toMatchObject({ status: 204, text: '' });
    expect(served.errors).toEqual([]);
  });

  it('an error that nobody has foreseen is a 500 and is told', async () => {
    jest.spyOn(served.engine, 'cancelInstance').mockRejectedValue(new TypeError('x is not a function'));
    const { json } = await served.post('/v2/process-instances/1/cancellation');
    expect(json).toMatchObject({ status: 500, title: 'INTERNAL_ERROR', detail: 'x is not a function' });
    expect(served.errors).toHaveLength(1);
  });
});

describe('cluster', () => {
  it('the topology tells partitions, addresses and a version that clients can read', async () => {
    const { json } = await served.get('/v2/topology');
    expect(json).toMatchObject({
      brokers: [
        {
          nodeId: 0,
          host: '127.0.0.1',
          port: served.port,
          partitions: [{ partitionId: 1, role: 'leader', health: 'healthy', state: 'active' }],
        },
      ],
      clusterSize: 1,
      partitionsCount: 1,
      replicationFactor: 1,
    });
    expect(json['gatewayVersion']).toMatch(/^8\.8\.\d+$/);
  });

  it('the licence and the user say what this is', async () => {
    const { json } = await served.get('/v2/license');
    expect(json['licenseType']).toContain('not a replacement for a Zeebe cluster');
    expect((await served.get('/v2/authentication/me')).json).toMatchObject({ username: 'local' });
  });

  it('the clock moves forward only', async () => {
    const now = served.engine.now();
    expect(await served.send('PUT', '/v2/clock', { timestamp: now + 3_600_000 })).toMatchObject({
      status: 204,
    });
    expect(served.engine.now()).toBeGreaterThanOrEqual(now + 3_600_000);
    expect(await served.send('PUT', '/v2/clock', { timestamp: now })).toMatchObject({ status: 400 });
    expect(await served.send('PUT', '/v2/clock', {})).toMatchObject({ status: 400 });
  });
});

describe('an ordered fault', () => {
  const creation = { processDefinitionId: 'p' };
  const create = () => served.post('/v2/process-instances', creation);
  const instances = () => served.engine.state.instances.size;

  it('with a status refuses once, and nothing is done', async () => {
    served.faults.order({
      path: 'POST /v2/process-instances',
      status: 429,
      title: 'RESOURCE_EXHAUSTED',
      detail: 'the request limit is exhausted',
    });
    expect(await create()).toMatchObject({
      status: 429,
      json: { title: 'RESOURCE_EXHAUSTED', detail: 'the request limit is exhausted' },
    });
    expect(instances()).toBe(0);
    expect(await create()).toMatchObject({ status: 200 });
  });

  it('with a status after the command does it all the same', async () => {
    served.faults.order({ path: 'POST /v2/process-instances', status: 504, cut: 'after' });
    expect(await create()).toMatchObject({ status: 504, json: { title: 'ORDERED_FAULT' } });
    expect(instances()).toBe(1);
  });

  it('cut before the command resets the connection, and nothing is done', async () => {
    served.faults.order({ path: '*', cut: 'before' });
    await expect(create()).rejects.toThrow('fetch failed');
    expect(instances()).toBe(0);
  });

  it('cut after the command loses the answer', async () => {
    served.faults.order({ path: '*', cut: 'after' });
    await expect(create()).rejects.toThrow('fetch failed');
    expect(instances()).toBe(1);
  });

  it('cut after an activation keeps the jobs locked', async () => {
    await create();
    served.faults.order({ path: 'POST /v2/jobs/activation', cut: 'after' });
    await expect(served.activate('work')).rejects.toThrow('fetch failed');
    expect(await served.activate('work')).toEqual([]);
  });

  it('may only be slow', async () => {
    served.faults.order({ path: '* /v2/status', delayMs: 200 });
    const start = performance.now();
    expect(await served.get('/v2/status')).toMatchObject({ status: 204 });
    expect(performance.now() - start).toBeGreaterThan(190);
  });

  it('does not keep the server from stopping', async () => {
    served.faults.order({ path: '*', delayMs: 60_000 });
    const answer = served.get('/v2/status');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await served.close();
    expect(await answer).toMatchObject({ status: 204 });
  });

  it('switches make the topology unhealthy and limits smaller', async () => {
    served.faults.switches.unhealthyTopology = true;
    served.faults.switches.limits = { variables: 10, message: 200, document: 300 };
    expect((await served.get('/v2/topology')).text).toContain('"health":"unhealthy"');
    const ofSize = (size: number) =>
      served.post('/v2/process-instances', { ...creation, variables: { a: 'x'.repeat(size) } });
    expect(await ofSize(20)).toMatchObject({ status: 500, json: { title: 'EXCEEDED_BATCH_RECORD_SIZE' } });
    expect(await ofSize(200)).toMatchObject({ status: 500, json: { title: 'MALFORMED_REQUEST' } });
  });
});
