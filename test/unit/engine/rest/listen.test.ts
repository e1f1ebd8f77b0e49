/** Whose requests are refused because a web page of another site sends them. */
import type { IncomingMessage } from 'node:http';
import { isForeignPage } from '../../../../src/engine/rest/listen';

function request(origin: string | undefined, host: string, localAddress = '127.0.0.1'): IncomingMessage {
  return { headers: { origin, host }, socket: { localAddress } } as unknown as IncomingMessage;
}

it.each([
  [undefined, 'localhost:8080'],
  [undefined, 'engine.example.com:8080'],
  ['http://localhost:8080', 'localhost:8080'],
  ['http://127.0.0.1:8080', '127.0.0.1:8080'],
  ['http://[::1]:8080', '[::1]:8080'],
  ['http://zeebe:8080', 'zeebe:8080'],
  ['http://engine.localhost', 'engine.localhost'],
])('origin %s at %s is served', (origin, host) => {
  expect(isForeignPage(request(origin, host))).toBe(false);
});

it.each([
  ['null', 'localhost:8080'],
  ['http://localhost:3000', 'localhost:8080'],
  ['https://example.com', 'localhost:8080'],
  // A name of somebody else that leads to this machine.
  ['http://example.com:8080', 'example.com:8080'],
  ['http://127.0.0.1.example.com:8080', '127.0.0.1.example.com:8080'],
  ['http://localhost.:8080', 'localhost.:8080'],
])('origin %s at %s is refused', (origin, host) => {
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
    expect(isForeignPage(request(origin, host, address))).toBe(true);
});

it('a name in the network is served where the engine was told to listen there', () => {
  const host = 'engine.example.com:8080';
  expect(isForeignPage(request(`http://${host}`, host, '10.0.0.5'))).toBe(false);
});
