/**
 * Sends a request as the Java runtime's HTTP client does: one repeat for 429 and 503 and for connections that break,
 * redirects when they are asked for.
 */
import { TransportError, type HttpExecute, type HttpRequest, type HttpResponse } from '../http/request';
import { retryHintMs } from '../retry/hint';
import { restInCall, ruleOf } from '../retry/policy';
import { ChainCookies } from './cookies';

export interface SendOptions {
  readonly execute: HttpExecute;
  readonly signal: AbortSignal;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
  readonly followRedirects: boolean;
  /** Whether the body can be sent again. */
  readonly repeatable: boolean;
  /** ms; a server that wants more is not asked again in this call. */
  readonly maxRetryWaitMs: number;
  /** Whether every hint of a server is read, or only the standard `Retry-After`. */
  readonly readsAllHints: boolean;
  /** Header that carries a credential next to `Authorization` and `Cookie`. */
  readonly credentialHeader: string | undefined;
}

const maxRedirects = 50;
const idempotentMethods = new Set(['GET', 'PUT', 'DELETE']);

/** @throws TransportError */
export async function send(request: HttpRequest, options: SendOptions): Promise<HttpResponse> {
  const cookies = new ChainCookies();
  const targets = new Set<string>();
  let current = request;
  for (;;) {
    const answer = await sendOnce(withCookies(current, cookies), options);
    const location = options.followRedirects ? redirectTarget(answer) : undefined;
    if (location === undefined) return answer;
    cookies.take(new URL(current.url), answer.headers);
    current = redirected(current, answer.status, location, options.credentialHeader);
    if (targets.has(current.url) || targets.size === maxRedirects) {
      throw new TransportError(`Redirects lead in a circle: ${current.url}`, 'protocol', false, undefined);
    }
    targets.add(current.url);
  }
}

async function sendOnce(request: HttpRequest, options: SendOptions): Promise<HttpResponse> {
  const { execute, signal, sleep } = options;
  for (let repeats = 0; ; repeats++) {
    const isLast = repeats === restInCall.maxRepeats;
    let answer: HttpResponse;
    try {
      answer = await execute(request, signal);
    } catch (error) {
      if (isLast || !(error instanceof TransportError) || !mayRepeat(error, request, options)) throw error;
      continue;
    }
    if (isLast || !ruleOf(answer.status).cools || !options.repeatable) return answer;
    const waitMs = waitBeforeRepeat(answer, options);
    if (waitMs > options.maxRetryWaitMs) return answer;
    await sleep(waitMs);
  }
}

/** Only a connection that broke before the answer began, and only what may be done twice. */
function mayRepeat(error: TransportError, request: HttpRequest, options: SendOptions): boolean {
  return (
    error.phase === 'headers' &&
    !error.timedOut &&
    options.repeatable &&
    idempotentMethods.has(request.method)
  );
}

function waitBeforeRepeat({ status, headers }: HttpResponse, options: SendOptions): number {
  const known = options.readsAllHints ? headers : headers.filter(([name]) => /^retry-after$/i.test(name));
  const hint = retryHintMs(status, known, options.now());
  return hint === undefined || hint === 0 ? restInCall.waitWithoutHintMs : hint;
}

function redirectTarget({ status, headers }: HttpResponse): string | undefined {
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  return headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
}

/** The next request; credentials never follow to another place. */
function redirected(
  request: HttpRequest,
  status: number,
  location: string,
  credentialHeader: string | undefined,
): HttpRequest {
  const target = targetUrl(request.url, location);
  const becomesGet = status === 303 || ((status === 301 || status === 302) && request.method === 'POST');
  const { body, ...rest } = request;
  if (becomesGet) return { ...rest, method: 'GET', url: target, headers: [] };
  const samePlace = new URL(request.url).origin === new URL(target).origin;
  const credentials = ['authorization', 'cookie', 'proxy-authorization', credentialHeader?.toLowerCase()];
  const headers = request.headers.filter(
    ([name]) => name.toLowerCase() !== 'host' && (samePlace || !credentials.includes(name.toLowerCase())),
  );
  return { ...rest, url: target, headers, ...(body === undefined ? {} : { body }) };
}

function targetUrl(from: string, location: string): string {
  try {
    const target = new URL(location, from);
    target.hash = '';
    if (target.protocol === 'http:' || target.protocol === 'https:') return target.href;
  } catch {
    // Reported below, like any other place that cannot be called.
  }
  throw new TransportError(`The redirect to ${location} cannot be followed`, 'protocol', false, undefined);
}

function withCookies(request: HttpRequest, cookies: ChainCookies): HttpRequest {
  const cookie = cookies.headerFor(new URL(request.url));
  return cookie === undefined ? request : { ...request, headers: [...request.headers, ['Cookie', cookie]] };
}
