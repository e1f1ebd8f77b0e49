/**
 * The REST API of the local engine: `/v2` as clients of Camunda 8 speak it, over plain HTTP. It takes requests, finds
 * their handler, writes answers, and does the faults that tests have ordered.
 */
import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Rejection, type EngineApi } from '../api';
import { HttpRefusal, noContent, problem, type Answer } from './answer';
import type { ApiCall, Handler } from './call';
import { clusterRoutes, whatItIs } from './cluster';
import { documentRoutes } from './documents';
import { Faults, type Fault } from './faults';
import { instanceRoutes } from './instances';
import { jobRoutes } from './jobs';
import { isForeignPage, listen, stopServer } from './listen';
import { AnswerWatch } from './lost-answer';
import { messageRoutes } from './messages';
import { queryRoutes } from './queries';
import { receiveBody, receiveForm } from './receive';
import { Router } from './router';
import { userTaskRoutes } from './user-tasks';

export interface RestServerOptions {
  /** Absent: this machine only. */
  readonly host?: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Faults to be done on this server; others may order them at any time. */
  readonly faults?: Faults;
  /** Answers requests for something else than the API; returns whether it did. */
  readonly pages?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Told of every error that nobody has foreseen. */
  readonly onError?: (error: unknown) => void;
}

export interface RestServer {
  readonly port: number;
  /** Waiting polls are answered empty, other requests get a moment. */
  close(): Promise<void>;
}

/** Clients keep a connection for 20 s; one that ends on our side first would reset their next request. */
const keepAliveTimeoutMs = 65_000;

const router = new Router([
  ...clusterRoutes,
  ...jobRoutes,
  ...instanceRoutes,
  ...messageRoutes,
  ...userTaskRoutes,
  ...documentRoutes,
  ...queryRoutes,
]);

/** @throws Error (rejects) when the port is taken */
export async function startRestServer(engine: EngineApi, options: RestServerOptions): Promise<RestServer> {
  const front = new RestFront(engine, options);
  const server = createServer((request, response) => front.serve(request, response));
  server.on('connection', (socket) => front.connected(socket));
  server.keepAliveTimeout = keepAliveTimeoutMs;
  server.headersTimeout = keepAliveTimeoutMs + 5000;
  await listen(server, options.port, options.host);
  return {
    port: (server.address() as AddressInfo).port,
    close: () => front.close(server),
  };
}

class RestFront {
  readonly #engine: EngineApi;
  readonly #options: RestServerOptions;
  readonly #stopping = new AbortController();
  readonly #answers = new AnswerWatch();
  readonly #faults: Faults;

  constructor(engine: EngineApi, options: RestServerOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#faults = options.faults ?? new Faults();
    // Each poll that waits listens.
    setMaxListeners(0, this.#stopping.signal);
  }

  connected(socket: Socket): void {
    this.#answers.connected(socket);
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('x-local-engine', whatItIs);
    this.#serve(request, response).catch((error: unknown) => {
      this.#options.onError?.(error);
      request.socket.destroy();
    });
  }

  async close(server: Server): Promise<void> {
    const stopped = stopServer(server);
    this.#stopping.abort();
    await stopped;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { path, query } = splitUrl(request.url ?? '/');
    const method = request.method ?? 'GET';
    if (isForeignPage(request)) return this.#write(response, foreignPage(path), method);
    const fault = this.#faults.take(method, path);
    if (fault === undefined && this.#isPage(path, request, response)) return;
    const gone = new AbortController();
    // Where a test has ordered the loss of the answer, what was done is to stay done.
    if (fault?.cut !== 'after') this.#answers.watch(request, response, () => gone.abort());
    const run = (): Promise<Answer> =>
      this.#answer(method, path, (handler, params) =>
        handler(this.#call(request, params, query, gone.signal)),
      );
    const answer = fault === undefined ? await run() : await this.#withFault(fault, path, run);
    if (answer === undefined) request.socket.resetAndDestroy();
    else if (!response.destroyed) this.#write(response, answer, method);
  }

  /** @returns undefined when nothing is to be answered */
  async #withFault(fault: Fault, path: string, run: () => Promise<Answer>): Promise<Answer | undefined> {
    const { cut, status } = fault;
    if (cut === 'after') await run();
    await this.#wait(fault);
    if (cut === 'before') return undefined;
    if (status !== undefined) return faultAnswer(fault, status, path);
    return cut === 'after' ? undefined : run();
  }

  #isPage(path: string, request: IncomingMessage, response: ServerResponse): boolean {
    return !path.startsWith('/v2/') && this.#options.pages?.(request, response) === true;
  }

  async #wait({ delayMs }: Fault): Promise<void> {
    if (delayMs === undefined) return;
    await delay(delayMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }

  async #answer(
    method: string,
    path: string,
    run: (handler: Handler, params: Readonly<Record<string, string>>) => Answer | Promise<Answer>,
  ): Promise<Answer> {
    const found = router.find(method === 'HEAD' ? 'GET' : method, path);
    if (found.kind === 'unknown')
      return problem({ status: 404, title: 'NOT_FOUND', detail: `The local engine has no ${path}.` }, path);
    if (found.kind === 'otherMethods') {
      const headers = { allow: found.methods.join(', ') };
      if (method === 'OPTIONS') return { ...noContent, headers };
      const detail = `The local engine has no ${method} ${path}, only ${headers.allow}.`;
      return { ...problem({ status: 405, title: 'METHOD_NOT_ALLOWED', detail }, path), headers };
    }
    try {
      return await run(found.handler, found.params);
    } catch (error) {
      if (error instanceof Rejection || error instanceof HttpRefusal) return problem(error, path);
      this.#options.onError?.(error);
      const detail = error instanceof Error ? error.message : String(error);
      return problem({ status: 500, title: 'INTERNAL_ERROR', detail }, path);
    }
  }

  #call(
    request: IncomingMessage,
    params: Readonly<Record<string, string>>,
    query: URLSearchParams,
    gone: AbortSignal,
  ): ApiCall {
    const { switches } = this.#faults;
    return {
      engine: this.#engine,
      switches,
      params,
      query,
      address: { host: request.socket.localAddress ?? '', port: request.socket.localPort ?? 0 },
      gone,
      stopping: this.#stopping.signal,
      body: () => receiveBody(request, switches.limits),
      form: (maxBytes) => receiveForm(request, maxBytes),
    };
  }

  #write(response: ServerResponse, { status, type, headers, body }: Answer, method: string): void {
    const length = body === undefined ? undefined : Buffer.byteLength(body);
    response.writeHead(status, {
      ...headers,
      ...(type !== undefined && { 'content-type': type }),
      ...(length !== undefined && { 'content-length': length }),
      // A connection that is kept would keep the server.
      ...(this.#stopping.signal.aborted && { connection: 'close' }),
    });
    response.end(method === 'HEAD' ? undefined : body);
  }
}

function splitUrl(url: string): { readonly path: string; readonly query: URLSearchParams } {
  const at = url.indexOf('?');
  return at < 0
    ? { path: url, query: new URLSearchParams() }
    : { path: url.slice(0, at), query: new URLSearchParams(url.slice(at + 1)) };
}

function foreignPage(path: string): Answer {
  const detail = 'The local engine does not serve web pages of other sites.';
  return problem({ status: 403, title: 'FORBIDDEN', detail }, path);
}

function faultAnswer({ title, detail }: Fault, status: number, path: string): Answer {
  if (status < 400) return { status };
  return problem(
    { status, title: title ?? 'ORDERED_FAULT', detail: detail ?? 'A test has ordered this.' },
    path,
  );
}
