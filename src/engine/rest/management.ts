/**
 * The management port: health, moving the clock, records, and faults to order.
 *
 *   GET    /actuator/health, /actuator/health/readiness, /actuator/health/liveness
 *   GET    /actuator/clock
 *   POST   /actuator/clock/add   {"offsetMilli": ms}, forward only
 *   GET    /records?after=N      records with a higher position, one JSON text per line
 *   GET, POST, DELETE /_local/faults   see faults.ts
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Rejection, type EngineApi } from '../api';
import { jsonAnswer, noContent, problem, type Answer } from './answer';
import { invalid, CheckedBody } from './body';
import { whatItIs } from './cluster';
import { orderFromJson, type Faults } from './faults';
import { defaultLimits } from './limits';
import { isForeignPage, listen, stopServer } from './listen';
import { receive } from './receive';

export interface ManagementServerOptions {
  /** Absent: this machine only. */
  readonly host?: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly faults: Faults;
}

export interface ManagementPort {
  readonly port: number;
  close(): Promise<void>;
}

const maxOrderBytes = 64 * 1024;

type Handler = (query: URLSearchParams, body: string) => Answer | Promise<Answer>;

/** @throws Error (rejects) when the port is taken */
export async function startManagementServer(
  engine: EngineApi,
  { port, host, faults }: ManagementServerOptions,
): Promise<ManagementPort> {
  const handlers = handlersOf(engine, faults);
  const server = createServer((request, response) => {
    response.setHeader('x-local-engine', whatItIs);
    answer(handlers, request).then(
      ({ status, type, body }) => {
        response.writeHead(status, { ...(type !== undefined && { 'content-type': type }) });
        response.end(request.method === 'HEAD' ? undefined : body);
      },
      // Only what the client has cut off ends here.
      () => request.socket.destroy(),
    );
  });
  await listen(server, port, host);
  return { port: (server.address() as AddressInfo).port, close: () => stopServer(server) };
}

function handlersOf(engine: EngineApi, faults: Faults): ReadonlyMap<string, Handler> {
  const up: Handler = () => jsonAnswer('{"status":"UP"}');
  const clock = (): Answer => {
    const now = engine.now();
    return jsonAnswer(JSON.stringify({ epochMilli: now, instant: new Date(now).toISOString() }));
  };
  return new Map<string, Handler>([
    ['GET /actuator/health', up],
    ['GET /actuator/health/readiness', up],
    ['GET /actuator/health/liveness', up],
    ['GET /actuator/clock', clock],
    [
      'POST /actuator/clock/add',
      async (_query, body) => {
        const ms = CheckedBody.parse(body, defaultLimits).integer('offsetMilli');
        if (ms === undefined || ms < 0)
          throw invalid('offsetMilli must be 0 or above: the clock of the local engine moves forward only.');
        await engine.advanceClock(ms);
        return clock();
      },
    ],
    [
      'GET /records',
      async (query) => {
        const after = Number(query.get('after') ?? '0');
        if (!Number.isSafeInteger(after)) throw invalid('after must be the position of a record.');
        const records = await engine.records(after);
        return {
          status: 200,
          type: 'application/x-ndjson',
          body: records.map((record) => `${record}\n`).join(''),
        };
      },
    ],
    [
      'GET /_local/faults',
      () => jsonAnswer(JSON.stringify({ faults: faults.list(), switches: faults.switches })),
    ],
    [
      'POST /_local/faults',
      (_query, body) => {
        orderFromJson(faults, body);
        return noContent;
      },
    ],
    [
      'DELETE /_local/faults',
      () => {
        faults.clear();
        return noContent;
      },
    ],
  ]);
}

async function answer(handlers: ReadonlyMap<string, Handler>, request: IncomingMessage): Promise<Answer> {
  const [path = '/', query = ''] = (request.url ?? '/').split('?');
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const body = await receive(request, maxOrderBytes);
  if (isForeignPage(request))
    return problem({ status: 403, title: 'FORBIDDEN', detail: 'Not for web pages of other sites.' }, path);
  const handler = handlers.get(`${method} ${path}`);
  if (handler === undefined || body === undefined) {
    const detail = `The local engine's management port has no ${method} ${path} of this size; here are ${[...handlers.keys()].join(', ')}.`;
    return problem({ status: 404, title: 'NOT_FOUND', detail }, path);
  }
  try {
    return await handler(new URLSearchParams(query), body.toString('utf8'));
  } catch (error) {
    if (error instanceof Rejection) return problem(error, path);
    const detail = error instanceof Error ? error.message : String(error);
    return problem({ status: 500, title: 'INTERNAL_ERROR', detail }, path);
  }
}
