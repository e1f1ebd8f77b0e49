/** The API of a soak: the first segment of the path names the kind of job, and with it how the answer goes wrong. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { pause } from '../engine/processes';

export interface SoakUpstream {
  readonly url: string;
  /** Calls of a kind that were answered with 200: what a provider would have charged for. */
  paid(kind: string): number;
  /** All calls so far. */
  calls(): number;
  close(): Promise<void>;
}

const usualDelayMs = 150;
const slowDelayMs = 7_000;
const largeAnswer = 'word '.repeat(100_000);
const usualAnswer = 'word '.repeat(200);
/** Rate limits come in waves: so long closed in every period. */
const shortWave = { periodMs: 10_000, closedMs: 2_000, hintMs: 700 };
const longWave = { periodMs: 20_000, closedMs: 5_000, hintMs: 3_000 };

export async function startUpstream(): Promise<SoakUpstream> {
  const paid = new Map<string, number>();
  /** Requests that went wrong once; their second try is answered. */
  const failed = new Set<string>();
  let calls = 0;

  const failsFirst = (body: string): boolean => {
    if (failed.delete(body)) return false;
    failed.add(body);
    return true;
  };

  async function answer(kind: string, body: string, socket: Socket, response: ServerResponse): Promise<void> {
    await pause(kind === 'slow' || kind === 'cancelled' ? slowDelayMs : usualDelayMs);
    if (socket.destroyed) return;
    if (kind === 'short-hint' && isClosed(shortWave)) return tooMany(response, shortWave.hintMs);
    if (kind === 'long-hint' && isClosed(longWave)) return tooMany(response, longWave.hintMs);
    if (kind === 'server-error' && failsFirst(body)) return refuse(response, 500, 'server_error', {});
    if (kind === 'reset' && failsFirst(body)) return void socket.resetAndDestroy();
    paid.set(kind, (paid.get(kind) ?? 0) + 1);
    if (kind === 'streamed-chat') return stream(response);
    const content = kind.startsWith('large') ? largeAnswer : usualAnswer;
    const message =
      kind === 'refused'
        ? { role: 'assistant', content: null, refusal: 'I cannot help with that.' }
        : { role: 'assistant', content, refusal: null };
    json(response, 200, {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1_767_225_600,
      model: 'gpt-5-mini',
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 },
    });
  }

  const server = createServer((request, response) => {
    calls += 1;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const kind = request.url?.split('/')[1] ?? '';
      void answer(kind, Buffer.concat(chunks).toString(), request.socket, response);
    });
    // A cancelled job closes its connection.
    response.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paid: (kind) => paid.get(kind) ?? 0,
    calls: () => calls,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function isClosed({ periodMs, closedMs }: { periodMs: number; closedMs: number }): boolean {
  return Date.now() % periodMs < closedMs;
}

function tooMany(response: ServerResponse, hintMs: number): void {
  refuse(response, 429, 'rate_limit_exceeded', { 'retry-after-ms': String(hintMs) });
}

function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Readonly<Record<string, string>>,
): void {
  const error = { message: 'Not now', type: 'requests', param: null, code };
  json(response, status, { error }, headers);
}

function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

async function stream(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = (delta: object, finishReason: string | null) =>
    response.write(
      `data: ${JSON.stringify({
        id: 'chatcmpl-1',
        object: 'chat.completion.chunk',
        created: 1_767_225_600,
        model: 'gpt-5-mini',
        choices: [{ index: 0, delta, finish_reason: finishReason }],
      })}\n\n`,
    );
  chunk({ role: 'assistant', content: '' }, null);
  for (let part = 0; part < 20; part += 1) {
    chunk({ content: 'word '.repeat(10) }, null);
    await pause(10);
  }
  chunk({}, 'stop');
  response.end('data: [DONE]\n\n');
}
