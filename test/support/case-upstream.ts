/**
 * The upstream that answers as recorded, chosen by host. It runs in a thread of its own: some cases wait for one second,
 * and a test that reads thousands of records would make them wait longer.
 */
import { buildSync } from 'esbuild';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ReceivedRequest } from './http-server';

export interface CaseUpstream {
  readonly port: number;
  readonly requests: readonly ReceivedRequest[];
  close(): Promise<void>;
}

type Message = { readonly port: number } | { readonly request: ReceivedRequest };

export async function startCaseUpstream(): Promise<CaseUpstream> {
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, 'case-upstream-thread.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    write: false,
  });
  const thread = new Worker(outputFiles[0]?.text ?? '', { eval: true });
  const requests: ReceivedRequest[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    thread.on('error', reject);
    thread.on('message', (message: Message) => {
      if ('port' in message) return resolve(message.port);
      const { request } = message;
      // Bytes lose their class on the way between threads.
      requests.push({ ...request, body: Buffer.from(request.body) });
    });
  });
  return {
    port,
    requests,
    close: async () => {
      await thread.terminate();
    },
  };
}
