import { bpmn, after, catchEvent, end, path, start } from '../../../support/engine-bpmn';
import { Engine } from '../../../../src/engine/engine';
import { Faults } from '../../../../src/engine/rest/faults';
import { startManagementServer, type ManagementPort } from '../../../../src/engine/rest/management';

let engine: Engine;
let server: ManagementPort;
const faults = new Faults();
beforeAll(async () => {
  engine = await Engine.open();
  server = await startManagementServer(engine, { port: 0, faults });
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

async function send(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('the management port', () => {
  it.each(['/actuator/health', '/actuator/health/readiness', '/actuator/health/liveness'])(
    '%s says that the engine is up',
    async (path) => {
      expect(await send('GET', path)).toMatchObject({ status: 200, text: '{"status":"UP"}' });
    },
  );

  it('moves the clock forward, and timers with it', async () => {
    const content = bpmn('late', path(start(), catchEvent('wait', after('PT1H')), end()));
    await engine.deploy([{ name: 'late.bpmn', content }]);
    const { key } = await engine.createInstance({ processId: 'late', variables: '{}', tags: [] });
    const before = engine.now();
    const { status, text } = await send('POST', '/actuator/clock/add', '{"offsetMilli":3600001}');
    expect(status).toBe(200);
    expect((JSON.parse(text) as { epochMilli: number }).epochMilli).toBeGreaterThan(before + 3_600_000);
    expect(engine.state.instances.get(key)?.state).toBe('COMPLETED');
    for (const body of ['{"offsetMilli":-1}', '{}', '{'])
      expect(await send('POST', '/actuator/clock/add', body)).toMatchObject({ status: 400 });
  });

  it('gives records above a position, one in a line', async () => {
    const all = await send('GET', '/records');
    expect(all.headers.get('content-type')).toBe('application/x-ndjson');
    const records = all.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { position: number });
    expect(records.map(({ position }) => position)).toEqual(records.map((_, at) => at + 1));
    const last = records.length;
    expect((await send('GET', `/records?after=${last - 1}`)).text.trimEnd().split('\n')).toHaveLength(1);
    expect((await send('GET', `/records?after=${last}`)).text).toBe('');
    expect(await send('GET', '/records?after=x')).toMatchObject({ status: 400 });
  });

  it('takes orders of faults, lists them and takes them back', async () => {
    const order = '{"path":"POST /v2/*","times":2,"status":503,"title":"RESOURCE_EXHAUSTED"}';
    expect(await send('POST', '/_local/faults', order)).toMatchObject({ status: 204 });
    expect(await send('POST', '/_local/faults', '{"switches":{"deadPolls":true}}')).toMatchObject({
      status: 204,
    });
    expect(JSON.parse((await send('GET', '/_local/faults')).text)).toMatchObject({
      faults: [JSON.parse(order)],
      switches: { deadPolls: true },
    });
    expect(faults.take('POST', '/v2/x')).toMatchObject({ status: 503 });
    expect(await send('POST', '/_local/faults', '{"pth":"*"}')).toMatchObject({ status: 400 });
    expect(await send('DELETE', '/_local/faults')).toMatchObject({ status: 204 });
    expect(faults.list()).toEqual([]);
  });

  it('says what it has when asked for something else', async () => {
    const { status, text } = await send('GET', '/metrics');
    expect(status).toBe(404);
    expect(text).toContain('GET /actuator/health');
  });

  it('does not serve web pages of other sites', async () => {
    const headers = { origin: 'https://example.com' };
    expect(await send('POST', '/_local/faults', '{"path":"*"}', headers)).toMatchObject({ status: 403 });
  });

  it('refuses a port that is taken in a sentence', async () => {
    const second = startManagementServer(engine, { port: server.port, faults });
    await expect(second).rejects.toThrow(
      `Port ${server.port} of 127.0.0.1 cannot be opened. Another process has it; choose another port.`,
    );
  });
});
