/**
 * An engine with a document store: everything goes to the engine, documents are kept here. So the documents of a case
 * are there under their ids, and a test sees each request for one and what was stored.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StoredDocument {
  readonly text: string;
  readonly contentType: string | undefined;
}

export interface DocumentFront {
  /** Base URL in place of the engine's. */
  readonly address: string;
  /** Requests for documents, as `GET /v2/documents/id?...`. */
  readonly calls: readonly string[];
  readonly stored: readonly StoredDocument[];
  close(): Promise<void>;
}

/** @param documents contents by document id */
export async function startDocumentFront(
  engineAddress: string,
  documents: Readonly<Record<string, string>>,
): Promise<DocumentFront> {
  const calls: string[] = [];
  const stored: StoredDocument[] = [];
  const server = http.createServer((request, response) => {
    const { method = '', url = '' } = request;
    if (!url.startsWith('/v2/documents')) return forward(engineAddress, request, response);
    calls.push(`${method} ${url}`);
    void answerDocument(request, documents, stored).then(({ status, body }) => {
      response.writeHead(status).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    stored,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answerDocument(
  request: http.IncomingMessage,
  documents: Readonly<Record<string, string>>,
  stored: StoredDocument[],
): Promise<{ status: number; body: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (request.method === 'GET') {
    const [, id = ''] = /^\/v2\/documents\/([^?]*)/.exec(request.url ?? '') ?? [];
    const content = documents[decodeURIComponent(id)];
    return content === undefined ? { status: 404, body: '' } : { status: 200, body: content };
  }
  const form = await new Response(Buffer.concat(chunks), {
    headers: { 'content-type': request.headers['content-type'] ?? '' },
  }).formData();
  const metadata = JSON.parse(await textOf(form.get('metadata'))) as { contentType?: string };
  const text = await textOf(form.get('file'));
  stored.push({ text, contentType: metadata.contentType });
  const reference = {
    'camunda.document.type': 'camunda',
    storeId: 'in-memory',
    documentId: 'new-document',
    contentHash: 'hash',
    metadata: { contentType: metadata.contentType, size: Buffer.byteLength(text) },
  };
  return { status: 201, body: JSON.stringify(reference) };
}

async function textOf(part: string | { text(): Promise<string> } | null): Promise<string> {
  return typeof part === 'object' && part !== null ? part.text() : (part ?? '{}');
}

function forward(engineAddress: string, request: http.IncomingMessage, response: http.ServerResponse): void {
  const { method, url = '', headers } = request;
  const onward = http.request(new URL(url, engineAddress), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}
