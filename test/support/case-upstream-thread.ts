/** The upstream of the recorded cases, in a thread of its own; tells the test of every request. */
import { parentPort } from 'node:worker_threads';
import { startHttpServer } from './http-server';
import { answerFor, hostedVectors } from './rest-vectors';

const byHost = new Map(hostedVectors().map(({ host, vector }) => [host, vector]));

void startHttpServer((request) => {
  parentPort?.postMessage({ request });
  const vector = byHost.get(new URL(request.url).hostname);
  return vector === undefined ? { status: 500, reason: 'No such case' } : answerFor(vector, request);
}).then(({ port }) => parentPort?.postMessage({ port }));
