/** Whether an engine can work, asked as demo and tests ask it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isHealthy } from '../../../dev/engine/topology';

const partition = (health: string) => ({ partitionId: 1, role: 'leader', health });
const authHeaders = () => Promise.resolve({ authorization: 'Bearer known' });

let server: Server;
let url: string;
let health: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    const isKnown = request.headers.authorization === 'Bearer known';
    response
      .writeHead(isKnown ? 200 : 401)
      .end(JSON.stringify({ brokers: [{ partitions: [partition(health)] }], partitionsCount: 1 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it.each([
  ['healthy', true],
  ['unhealthy', false],
])('a cluster that asks for authentication and is %s', async (state, expected) => {
  health = state;
  expect(await isHealthy(`${url}/`, authHeaders)).toBe(expected);
});

it('without credentials it counts as not healthy', async () => {
  health = 'healthy';
  expect(await isHealthy(url)).toBe(false);
});
