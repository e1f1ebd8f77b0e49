/**
 * Receives what an engine exports: poses as Elasticsearch to its exporter, keeps the records in memory and hands them out over HTTP.
 *
 * `GET /records?after=N` answers all records from index N on, one JSON text per line, keys as strings.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface RecordSink {
  /** Base URL: for the engine's exporter and for `Records`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts a sink on a free port of the loopback address.
 * @param onRecord takes each record, as JSON text; then none is kept
 */
export async function startRecordSink(onRecord?: (record: string) => void): Promise<RecordSink> {
  const lines: string[] = [];
  const take = onRecord ?? ((record: string) => void lines.push(record));
  const server = createServer((request, response) => {
    read(request).then(
      (body) => {
        const url = new URL(request.url ?? '/', 'http://sink');
        response.setHeader('content-type', 'application/json');
        // The Elasticsearch client talks to nothing else without this header.
        response.setHeader('X-Elastic-Product', 'Elasticsearch');
        if (url.pathname === '/records') {
          response.end(lines.slice(Number(url.searchParams.get('after') ?? 0)).join('\n'));
        } else if (url.pathname.endsWith('/_bulk')) {
          response.end(takeBulk(body, take));
        } else {
          response.end('{"acknowledged":true}');
        }
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

/** A bulk body is pairs of lines: what to do, and the document. */
function takeBulk(body: string, take: (record: string) => void): string {
  const documents = body.split('\n').filter((line, index) => index % 2 === 1 && line !== '');
  documents.forEach(take);
  return JSON.stringify({
    took: 1,
    errors: false,
    items: documents.map(() => ({ index: { status: 201 } })),
  });
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
