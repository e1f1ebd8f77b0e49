/**
 * The door to axios and to the network: one request, one answer, no retry, no redirect.
 *
 * axios resolves proxies and drives Node's client. What it would change on the way is taken from it: its `transport`
 * option puts the header lines and the path on the wire as they are in the request, and the answer is read as a raw
 * stream, decompressed here, so that a body cut in half is an error whatever its framing. Where no proxy can apply, an
 * adapter in place of axios' own makes the same request for less (docs/decisions/0007-straight-requests.md).
 */
import axios, { Axios, type AxiosAdapter } from 'axios';
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { readBody } from './read-body';
import {
  headerValue,
  TransportError,
  type HeaderLines,
  type HttpExecute,
  type HttpProxy,
  type HttpRequest,
  type HttpResponse,
  type TransportPhase,
} from './request';

export interface HttpExecutorOptions {
  /** Sent when a request has no `User-Agent` of its own. */
  readonly userAgent: string;
}

export type HttpExecutor = HttpExecute & {
  /** Closes idle connections. */
  readonly close: () => void;
};

/** ms an idle connection is kept: below the 5 s after which many servers close theirs. */
const idleConnectionMs = 4000;
/** Interim answers (1xx) before the answer. */
const maxPreliminaries = 100;
const acceptedEncodings = 'gzip, deflate, br';
/** Without the defaults of the library, which serve its own adapter only. */
const bareAxios = new Axios({});
const proxyVariables = ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => [
  name,
  name.toUpperCase(),
]);
const methodsWithLength = new Set(['POST', 'PUT', 'PATCH']);
const requestFaults =
  /^(ERR_INVALID_CHAR|ERR_INVALID_HTTP_TOKEN|ERR_HTTP_INVALID_HEADER_VALUE|ERR_UNESCAPED_CHARACTERS|ERR_INVALID_URL|ERR_BAD_REQUEST|ERR_HTTP_CONTENT_LENGTH_MISMATCH|HPE_.*)$/;

/**
 * Makes the executor with its pool of connections.
 * The promise rejects with TransportError only; the texts of errors while a body is read are those processes know.
 */
export function createHttpExecutor(options: HttpExecutorOptions): HttpExecutor {
  const pool = { keepAlive: true, scheduling: 'lifo', timeout: idleConnectionMs } as const;
  const httpAgent = new http.Agent(pool);
  const httpsAgent = new https.Agent(pool);
  const execute: HttpExecute = (request, signal) =>
    new Exchange(request, options.userAgent, httpAgent, httpsAgent).run(signal);
  const close = (): void => {
    httpAgent.destroy();
    httpsAgent.destroy();
  };
  return Object.assign(execute, { close });
}

/** One request on its way. Phases: connect -> headers -> body; the first failure wins and ends it. */
class Exchange {
  readonly #request: HttpRequest;
  readonly #userAgent: string;
  readonly #httpAgent: http.Agent;
  readonly #httpsAgent: https.Agent;
  #phase: TransportPhase = 'connect';
  #failure: TransportError | undefined;
  #head: Omit<HttpResponse, 'body'> | undefined;
  /** Ends the exchange on the wire; set once it has begun. */
  #stop: () => void = () => undefined;
  #done = false;
  /** Rejects with the first failure: no event that never comes can hold a call beyond its limits. */
  readonly #failed: Promise<never>;
  #rejectFailed: (failure: TransportError) => void = () => undefined;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(request: HttpRequest, userAgent: string, httpAgent: http.Agent, httpsAgent: https.Agent) {
    this.#request = request;
    this.#userAgent = userAgent;
    this.#httpAgent = httpAgent;
    this.#httpsAgent = httpsAgent;
    this.#failed = new Promise((_, reject) => (this.#rejectFailed = reject));
    // It may fail before anybody waits for it.
    this.#failed.catch(() => undefined);
  }

  async run(signal: AbortSignal): Promise<HttpResponse> {
    const onAbort = (): void => this.#fail('The call was aborted', 'aborted');
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    this.#limit(this.#request.connectTimeoutMs, () => {
      if (this.#phase === 'connect') this.#timeOut('Connect timed out');
    });
    this.#limit(this.#request.totalTimeoutMs, () => this.#timeOut('The call took too long'));
    try {
      this.#checkHeaders();
      if (hasIdleConnection(this.#httpAgent) || hasIdleConnection(this.#httpsAgent)) await pendingEvents();
      if (this.#failure !== undefined) throw this.#failure;
      return await Promise.race([this.#failed, this.#exchange()]);
    } catch (error) {
      throw this.#failure ?? toTransportError(error, this.#phase, this.#head);
    } finally {
      this.#done = true;
      signal.removeEventListener('abort', onAbort);
      for (const timer of this.#timers) clearTimeout(timer);
    }
  }

  async #exchange(): Promise<HttpResponse> {
    const answer = await this.#answerHead();
    this.#phase = 'body';
    const headers = headerLines(answer.rawHeaders);
    const status = answer.statusCode ?? 0;
    this.#head = { status, reason: answer.statusMessage ?? '', headers };
    const body = await readBody(answer, {
      hasEntity: status !== 204 && status !== 304 && this.#request.method !== 'HEAD',
      encodings: headerValue(headers, 'content-encoding'),
      expectedBytes: headerValue(headers, 'content-length'),
      maxBytes: this.#request.maxBodyBytes,
    });
    return { ...this.#head, body };
  }

  /** Sends the request; resolves when the answer's head is there. */
  async #answerHead(): Promise<http.IncomingMessage> {
    const { proxy, url, method, body } = this.#request;
    if (!mayNeedProxy(proxy) && URL.canParse(url)) {
      return (await bareAxios.request<http.IncomingMessage>({ url, adapter: this.#direct })).data;
    }
    const controller = new AbortController();
    this.#stop = () => controller.abort();
    const { data } = await axios.request<http.IncomingMessage>({
      url,
      method,
      headers: {},
      data: body,
      responseType: 'stream',
      decompress: false,
      maxRedirects: 0,
      maxContentLength: -1,
      maxBodyLength: -1,
      timeout: 0,
      validateStatus: null,
      transformRequest: [],
      transformResponse: [],
      httpAgent: this.#httpAgent,
      httpsAgent: this.#httpsAgent,
      signal: controller.signal,
      transport: { request: this.#send },
      ...(proxy === undefined ? {} : { proxy: axiosProxy(proxy) }),
    });
    return data;
  }

  /** axios' adapter for requests that go straight to their host. */
  readonly #direct: AxiosAdapter = (config) => {
    // axios calls this a few promises later: an abort meanwhile found nothing to stop.
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const { protocol, hostname, port, pathname, search } = new URL(this.#request.url);
    const agent = protocol === 'https:' ? this.#httpsAgent : this.#httpAgent;
    const target = {
      protocol,
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      path: pathname + search,
      method: this.#request.method,
      agent,
    };
    return new Promise((resolve, reject) => {
      const client = this.#send(target, (data) =>
        resolve({ data, status: data.statusCode ?? 0, statusText: '', headers: {}, config }),
      );
      // Stays for the time after the answer's head: a reset then is told by the body, and must find a listener here.
      client.on('error', reject);
      this.#stop = () => void client.destroy();
      client.end(this.#request.body);
    });
  };

  /** Takes the place of Node's `request` inside axios, which has settled proxy and agent by now. */
  readonly #send = (
    options: http.RequestOptions,
    onResponse: (response: http.IncomingMessage) => void,
  ): http.ClientRequest => {
    const { headers, path, ...others } = options;
    const given = (headers ?? {}) as Readonly<Record<string, string>>;
    const secure = options.protocol === 'https:';
    const client = (secure ? https : http).request(
      {
        // axios hands the URL to a parser that resolves dots and re-encodes; the request's own text is what was asked for.
        path: pathOnTheWire(this.#request.url, path ?? ''),
        headers: this.#linesToSend(given['Proxy-Authorization']).flat(),
        ...others,
        ...this.#request.tls,
      },
      onResponse,
    );
    // Node keeps the connection for others unless the answer says otherwise, whatever the request said.
    if (/\bclose\b/i.test(headerValue(this.#request.headers, 'connection') ?? ''))
      client.shouldKeepAlive = false;
    let preliminaries = 0;
    client.on('information', () => {
      if (++preliminaries > maxPreliminaries) this.#fail('The answer never began: too many 1xx', 'protocol');
    });
    // Without a listener Node closes the connection and tells nobody.
    client.once('upgrade', (_answer, socket) => {
      socket.destroy();
      this.#fail('The server switched to another protocol (HTTP 101) and gave no answer', 'protocol');
    });
    client.once('socket', (socket: Socket) => this.#watch(socket, client.reusedSocket));
    client.on('timeout', () => {
      if (this.#phase !== 'connect' && client.socket !== null) this.#timeOutUnlessRead(client.socket);
    });
    return client;
  };

  /**
   * After a long turn of the event loop a timer fires before bytes that came long ago are read: they get their turn
   * first, so that a busy process takes no live server for a dead one.
   */
  #timeOutUnlessRead(socket: Socket): void {
    const before = socket.bytesRead;
    setImmediate(() => {
      if (socket.bytesRead === before && !socket.destroyed && !this.#done) this.#timeOut('Read timed out');
    });
  }

  #watch(socket: Socket, reused: boolean): void {
    const connected = (): void => {
      if (this.#phase === 'connect') this.#phase = 'headers';
      // axios resets the socket's timer when the connection is made; ours comes after that.
      process.nextTick(() => socket.setTimeout(this.#request.idleTimeoutMs));
    };
    const handshake = (socket as Partial<TLSSocket> & { secureConnecting?: boolean }).secureConnecting;
    if (!reused && handshake === true) socket.once('secureConnect', connected);
    else if (!reused && socket.connecting) socket.once('connect', connected);
    else connected();
  }

  #linesToSend(proxyAuthorization: string | undefined): string[][] {
    const { headers, body, method, url } = this.#request;
    const missing = (name: string): boolean => headerValue(headers, name) === undefined;
    const lines: string[][] = [];
    if (missing('host')) lines.push(['Host', hostOf(url)]);
    lines.push(...headers.map(([name, value]) => [name, value]));
    if (missing('user-agent')) lines.push(['User-Agent', this.#userAgent]);
    if (missing('accept-encoding')) lines.push(['Accept-Encoding', acceptedEncodings]);
    if (body !== undefined) lines.push(['Content-Length', String(body.length)]);
    else if (methodsWithLength.has(method)) lines.push(['Content-Length', '0']);
    if (proxyAuthorization !== undefined) lines.push(['Proxy-Authorization', proxyAuthorization]);
    return lines;
  }

  /** The framing of a request is not the caller's to say. */
  #checkHeaders(): void {
    for (const name of ['content-length', 'transfer-encoding']) {
      if (headerValue(this.#request.headers, name) === undefined) continue;
      const message = `The header ${name} is set by the connector and cannot be given`;
      throw new TransportError(message, 'protocol', false, undefined);
    }
  }

  #limit(ms: number, action: () => void): void {
    if (ms > 0) this.#timers.add(setTimeout(action, Math.min(ms, 2 ** 31 - 1)));
  }

  #timeOut(message: string): void {
    this.#fail(message, this.#phase, true, 'ETIMEDOUT');
  }

  #fail(message: string, phase: TransportPhase, timedOut = false, code?: string): void {
    if (this.#failure !== undefined) return;
    this.#failure = new TransportError(message, phase, timedOut, code, this.#head);
    this.#stop();
    this.#rejectFailed(this.#failure);
  }
}

function toTransportError(
  error: unknown,
  phase: TransportPhase,
  head: Omit<HttpResponse, 'body'> | undefined,
): TransportError {
  if (error instanceof TransportError && (head === undefined || error.head !== undefined)) return error;
  if (error instanceof TransportError) {
    return new TransportError(error.message, error.phase, error.timedOut, error.code, head);
  }
  const { message, code } = describe(error);
  if (code !== undefined && phase !== 'body' && requestFaults.test(code)) {
    return new TransportError(message, 'protocol', false, code);
  }
  return new TransportError(message, phase, code === 'ETIMEDOUT', code, head);
}

/** Message and Node's code; axios wraps errors and gives its own code to some of them. */
function describe(error: unknown): { message: string; code: string | undefined } {
  if (typeof error !== 'object' || error === null) return { message: String(error), code: undefined };
  const { message, code, cause } = error as { message?: unknown; code?: unknown; cause?: unknown };
  const inner = cause === undefined ? undefined : describe(cause).code;
  return {
    message: typeof message === 'string' ? message : 'The call failed',
    code: inner ?? (typeof code === 'string' ? code : undefined),
  };
}

function headerLines(raw: readonly string[]): HeaderLines {
  const lines: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2)
    lines.push([raw[index] ?? '', raw[index + 1] ?? '']);
  return lines;
}

/** Whether axios has to look for a proxy: one is given, or the environment names one. */
function mayNeedProxy(given: HttpProxy | false | undefined): boolean {
  if (given !== undefined) return given !== false;
  return proxyVariables.some((name) => process.env[name] !== undefined);
}

function hasIdleConnection(agent: http.Agent): boolean {
  return Object.keys(agent.freeSockets).length > 0;
}

/**
 * Lets the event loop read what has arrived, twice round: a server that closed an idle connection is noticed before the
 * connection is used again. A request lost on it could not be repeated, because nobody knows whether it was read.
 */
function pendingEvents(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

/** Host and port as the URL has them; a name beyond ASCII in the form that DNS knows. */
function hostOf(url: string): string {
  const written = /^[a-z]+:\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(url)?.[1] ?? '';
  return /^[!-~]+$/.test(written) ? written : new URL(url).host;
}

/** `/path?query` of the URL's own text; a forward proxy gets the whole URL, without its fragment. */
function pathOnTheWire(url: string, given: string): string {
  const whole = url.split('#', 1)[0] ?? url;
  if (!given.startsWith('/')) return whole;
  const path = /^[a-z]+:\/\/[^/?]*(.*)$/is.exec(whole)?.[1] ?? '/';
  return path.startsWith('/') ? path : `/${path}`;
}

function axiosProxy(proxy: HttpProxy | false) {
  if (proxy === false) return false as const;
  const { scheme, host, port, user, password } = proxy;
  return {
    protocol: scheme,
    host,
    port,
    ...(user === undefined ? {} : { auth: { username: user, password: password ?? '' } }),
  };
}
