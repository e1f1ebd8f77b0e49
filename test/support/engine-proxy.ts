/** A proxy in front of an engine's REST API that refuses what a test wants refused. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface EngineProxy {
  readonly url: string;
  /** Requests for which this is true are answered with 503. */
  refuse: (method: string, path: string) => boolean;
  close(): Promise<void>;
}

export async function startEngineProxy(engineAddress: string): Promise<EngineProxy> {
  const target = new URL(engineAddress);
  const server = http.createServer((incoming, response) => {
    const { method = 'GET', url = '/' } = incoming;
    if (proxy.refuse(method, url)) {
      incoming.resume();
      response.writeHead(503, { 'content-type': 'application/problem+json' }).end('{"title":"UNAVAILABLE"}');
      return;
    }
    const onward = http.request(
      { host: target.hostname, port: target.port, method, path: url, headers: incoming.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: EngineProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refuse: () => false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}
