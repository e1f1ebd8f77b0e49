/**
 * `io.camunda:http-json:1` as the Java runtime runs it: variables -> secrets -> input -> request -> answer -> response.
 */
import { ConnectorError, inputError, toConnectorError } from '../errors';
import { TransportError, type HttpRequest, type HttpResponse } from '../http/request';
import { javaManner } from '../java/manner';
import type { Connector, DocumentReference, Execution, Job } from '../job/job';
import { isJsonObject, JsonSyntaxError, parseJson, type JsonObject } from '../json/json';
import { objectMembers } from '../json/raw-json';
import { plainText, type JsonText } from '../json/text';
import { retryHintMs } from '../retry/hint';
import { inCall, ruleOf } from '../retry/policy';
import { replaceSecretsInJson, secretNamesInJson } from '../secrets/placeholders';
import { checkBlockList, type BlockRule } from './block-list';
import { fromTransport, negativeDuration } from './errors';
import { authenticationOf, bindInput, restVariables, validateInput, type RestInput } from './input';
import { buildTokenRequest, cacheKeyOf, readTokenAnswer, type OAuth } from './oauth';
import { proxyFor, type ProxySettings } from './proxies';
import { References } from './references';
import { buildRequest } from './request';
import { responseText, statusError, successBody } from './response';
import { documentResponse, readReturnFormat, textResponse, type ReturnFormat } from './return-format';
import { send } from './send';
import { FetchAbandoned, type FetchedToken, type TokenCache } from './token-cache';

export interface RestConnectorOptions {
  /** Shared by all jobs of the process. */
  readonly tokens: TokenCache;
  readonly blockList: readonly BlockRule[];
  readonly proxies: ProxySettings;
  /** Largest answer read, in bytes after decompression. */
  readonly maxAnswerBytes: number;
  /** ms; a server that wants a longer pause before the one repeat of a 429 or 503 is not asked again in this call. */
  readonly maxRetryWaitMs: number;
  /**
   * Whether a 429 or 503 with a hint sends the job back with that wait and its retries unchanged, in place of the
   * official rule that every HTTP error costs one.
   */
  readonly retryAfter: boolean;
}

const defaultTimeoutSeconds = 20;
const tokenTimeoutMs = defaultTimeoutSeconds * 1000;

/** The connector for Camunda's REST, OpenAI and Azure OpenAI templates. */
export function createRestConnector(options: RestConnectorOptions): Connector {
  return {
    name: 'http-json',
    manner: javaManner,
    fetchVariables: restVariables,
    open: (job) => ({
      operation: operationOf(job),
      secretNames: secretNamesInJson(job.variables),
      run: (execution) => new RestCall(options, execution).run(job.variables),
    }),
  };
}

/** One job's call. */
class RestCall {
  readonly #options: RestConnectorOptions;
  readonly #execution: Execution;

  constructor(options: RestConnectorOptions, execution: Execution) {
    this.#options = options;
    this.#execution = execution;
  }

  /** @param variables as the process gave them, secrets not put in */
  async run(variables: JsonText): Promise<JsonText> {
    const { secrets, documents, fetch, signal, now, random } = this.#execution;
    const references = new References({ documents, fetch, signal, now, random });
    const input = bindInput(
      await references.resolveInput(readVariables(replaceSecretsInJson(variables, secrets))),
    );
    validateInput(input);
    const format = readReturnFormat(objectMembers(variables).get('documentReturnFormat'));
    const answer = await this.#call(input, references);
    if (answer.status >= 400) throw this.#statusError(answer);
    return this.#respond(answer, input, format);
  }

  /** Calls the API; a kept token that it refuses is renewed once. */
  async #call(input: RestInput, references: References): Promise<HttpResponse> {
    this.#checkUrl(input.url ?? '');
    const authentication = authenticationOf(input);
    const oauth =
      authentication.type === 'oauth-client-credentials-flow' || authentication.type === 'oauth-refresh-token'
        ? authentication
        : undefined;
    const access = oauth === undefined ? undefined : await this.#token(oauth);
    const first = await this.#exchange(input, references, access?.token);
    if (first.status !== 401 || oauth === undefined || access?.kept !== true) return first;
    const renewed = await this.#token(oauth, access.token);
    return this.#exchange(input, references, renewed.token);
  }

  async #exchange(
    input: RestInput,
    references: References,
    token: string | undefined,
  ): Promise<HttpResponse> {
    const { random, call, signal, sleep, now } = this.#execution;
    const built = await buildRequest(input, token, references, random);
    const { retryAfter, maxRetryWaitMs, maxAnswerBytes } = this.#options;
    const request = { ...built.request, ...timeouts(input), totalTimeoutMs: 0, maxBodyBytes: maxAnswerBytes };
    return send(request, {
      execute: (next, nextSignal) => call(this.#withProxy(next), nextSignal),
      signal,
      sleep,
      now,
      followRedirects: input.followRedirects === true,
      repeatable: built.repeatable,
      // Longer hints send the job back instead.
      maxRetryWaitMs: retryAfter ? inCall.maxWaitMs : maxRetryWaitMs,
      readsAllHints: retryAfter,
      credentialHeader: built.credentialHeader,
    }).catch(toAnswer);
  }

  #token(oauth: OAuth, refused?: string): Promise<{ token: string; kept: boolean }> {
    const { signal } = this.#execution;
    const fetched = this.#options.tokens.get(cacheKeyOf(oauth), () => this.#fetchToken(oauth), refused);
    // Others may wait for the same token, so its request goes on when this job is aborted.
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(new ConnectorError('The job was aborted', { cause: 'TIMEOUT' }));
      signal.addEventListener('abort', onAbort, { once: true });
      void fetched.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
  }

  async #fetchToken(oauth: OAuth): Promise<FetchedToken> {
    const { fetch, sleep, now } = this.#execution;
    const { url, headers, body } = buildTokenRequest(oauth);
    this.#checkUrl(url);
    const request: HttpRequest = {
      method: 'POST',
      url,
      headers,
      body,
      connectTimeoutMs: tokenTimeoutMs,
      idleTimeoutMs: tokenTimeoutMs,
      totalTimeoutMs: 0,
      maxBodyBytes: this.#options.maxAnswerBytes,
    };
    const answer = await send(request, {
      execute: (next, nextSignal) => fetch(this.#withProxy(next), nextSignal),
      signal: new AbortController().signal,
      sleep: (ms) =>
        sleep(ms).catch(() => {
          throw new FetchAbandoned();
        }),
      now,
      followRedirects: false,
      repeatable: true,
      maxRetryWaitMs: this.#options.maxRetryWaitMs,
      readsAllHints: false,
      credentialHeader: undefined,
    }).catch(toAnswer);
    return readTokenAnswer(oauth, answer);
  }

  #checkUrl(url: string): void {
    checkBlockList(url, this.#options.blockList);
  }

  #withProxy(request: HttpRequest): HttpRequest {
    const proxy = proxyFor(request.url, this.#options.proxies);
    return proxy === undefined ? request : { ...request, proxy };
  }

  #statusError(answer: HttpResponse): ConnectorError {
    const error = statusError(answer);
    if (!this.#options.retryAfter || !ruleOf(answer.status).cools) return error;
    const waitMs = retryHintMs(answer.status, answer.headers, this.#execution.now());
    return waitMs === undefined ? error : error.with({ retry: { kind: 'postpone', waitMs } });
  }

  async #respond(
    answer: HttpResponse,
    input: RestInput,
    format: ReturnFormat | undefined,
  ): Promise<JsonText> {
    if (answer.status === 304 && input.followRedirects !== true) return plainText(null);
    if (format?.choice === 'DOCUMENT' || (format === undefined && input.storeResponse === true)) {
      const upload = (content: Buffer, contentType: string | undefined): Promise<DocumentReference> =>
        this.#execution.documents.upload(content, contentType === undefined ? {} : { contentType });
      return documentResponse(answer, upload);
    }
    if (format !== undefined) return textResponse(answer, format);
    return responseText(answer, successBody(answer.body), null);
  }
}

function readVariables(text: string): JsonObject {
  try {
    const value = parseJson(text);
    if (isJsonObject(value)) return value;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
  }
  throw inputError('This is not a JSON object');
}

/** A broken exchange as an error; an answer of 400 and above counts even when its body broke. */
function toAnswer(error: unknown): HttpResponse {
  if (error instanceof FetchAbandoned) throw error;
  if (!(error instanceof TransportError)) throw toConnectorError(error);
  if (error.phase === 'body' && error.head !== undefined && error.head.status >= 400) {
    return { ...error.head, body: undefined };
  }
  throw fromTransport(error);
}

/** The time-out to connect also limits the pauses of the answer when that one is not given. */
function timeouts(input: RestInput): { connectTimeoutMs: number; idleTimeoutMs: number } {
  const connect = input.connectionTimeoutInSeconds ?? defaultTimeoutSeconds;
  const read = input.readTimeoutInSeconds ?? connect;
  for (const seconds of [connect, read]) if (seconds < 0) throw negativeDuration(seconds);
  return { connectTimeoutMs: connect * 1000, idleTimeoutMs: read * 1000 };
}

/** A REST task names no operation; its template says most about it. */
function operationOf(job: Job): string | undefined {
  const template = job.customHeaders['elementTemplateId'];
  return template === undefined || template === '' ? undefined : template;
}
