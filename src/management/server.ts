/** The management port: health for the platform, metrics for Prometheus. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ManagementOptions {
  readonly port: number;
  readonly readiness: () => { readonly ready: boolean; readonly reasons: Readonly<Record<string, string>> };
  readonly metrics: { render(): Promise<string>; readonly contentType: string };
}

export interface ManagementServer {
  readonly port: number;
  close(): Promise<void>;
}

/** @throws Error (rejects) when the port is taken; its message names the setting */
export async function startManagement(options: ManagementOptions): Promise<ManagementServer> {
  const server = createServer((request, response) => {
    const send = (status: number, type: string, body: string) => {
      response
        .writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
        .end(request.method === 'HEAD' ? undefined : body);
    };
    const path = request.url?.split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return send(405, 'text/plain', 'Only GET and HEAD\n');
    if (path === '/health/live') return send(200, 'application/json', '{"status":"UP"}\n');
    if (path === '/health/ready') {
      const { ready, reasons } = options.readiness();
      const body = ready ? { status: 'UP' } : { status: 'DOWN', reasons };
      return send(ready ? 200 : 503, 'application/json', `${JSON.stringify(body)}\n`);
    }
    if (path === '/metrics') {
      options.metrics.render().then(
        (text) => send(200, options.metrics.contentType, text),
        () => send(500, 'text/plain', 'The metrics cannot be rendered\n'),
      );
      return;
    }
    send(404, 'text/plain', 'Here are /health/live, /health/ready and /metrics\n');
  });
  await listen(server, options.port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const remedy =
        error.code === 'EADDRINUSE'
          ? 'Another process has it; set CONNECTOR_MANAGEMENT_PORT to a free port, or 0 to go without.'
          : error.message;
      reject(new Error(`The management port ${port} cannot be opened. ${remedy}`));
    });
    server.listen(port, resolve);
  });
}
