/** An API that answers every call with the same chat completion, at once or after a while, and counts who is waiting. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Upstream {
  readonly url: string;
  /** Calls answered so far. */
  answered(): number;
  /** The most calls that waited at the same time. */
  mostAtOnce(): number;
  close(): Promise<void>;
}

const body = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_767_225_600,
  model: 'gpt-4o-2024-08-06',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'word '.repeat(100), refusal: null },
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 },
});

export async function startUpstream(delayMs: number): Promise<Upstream> {
  let answered = 0;
  let waiting = 0;
  let most = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      most = Math.max(most, (waiting += 1));
      const answer = (): void => {
        waiting -= 1;
        answered += 1;
        response.writeHead(200, { 'content-type': 'application/json' }).end(body);
      };
      if (delayMs === 0) answer();
      else setTimeout(answer, delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered: () => answered,
    mostAtOnce: () => most,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
