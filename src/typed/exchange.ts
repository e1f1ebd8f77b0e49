/** The calls of one job: requests built, sent until they are answered, and refusals explained. */
import { inputError } from '../errors';
import type { ProviderId } from '../fields/fields';
import {
  TransportError,
  type HeaderLines,
  type HttpExecute,
  type HttpRequest,
  type HttpResponse,
} from '../http/request';
import type { Execution } from '../job/job';
import { isJsonObject } from '../json/json';
import { bodyBytes } from '../operations/kit/body';
import type { CompiledOperation } from '../operations/kit/compile-operation';
import type { Call, Tools } from '../operations/kit/operation';
import { defaultIdleTimeoutSeconds, type CallOptions } from '../operations/kit/options';
import { member, Reply, textOf } from '../operations/kit/reply';
import type { Connection, TokenSource } from '../providers/provider';
import { hintInWordsMs, isRetryable, retryHintMs } from '../retry/hint';
import { inCall, ruleOf } from '../retry/policy';
import { errorObject, refusalOf, transportFailure, Refusal } from './failure';
import { jsonBody, plainHeaders } from './result';

/** What the calls of one job are made with. */
export interface ExchangeParts {
  readonly provider: ProviderId;
  readonly connection: Connection;
  readonly options: CallOptions;
  readonly compiled: CompiledOperation;
  readonly tokens: TokenSource | undefined;
  /** Largest answer read, bytes after decompression. */
  readonly maxAnswerBytes: number;
  /** Between the parts of a form; the same with every try, so that the request is the same. */
  readonly boundary: string;
  readonly execution: Execution;
}

/** A failed call as it arrived. */
export interface FailureHead {
  readonly status: number;
  /** Text of the status line. */
  readonly reason: string;
  readonly lines: HeaderLines;
  /** The API's error object when it arrived with a good status, as an answer. */
  readonly error?: unknown;
}

const connectTimeoutMs = 20_000;

/** The calls of one job. */
export class Exchange {
  readonly #parts: ExchangeParts;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
  }

  get options(): CallOptions {
    return this.#parts.options;
  }

  /** What the operation may use besides its input. */
  get tools(): Tools {
    const { execution, connection } = this.#parts;
    return {
      target: connection.target,
      documents: execution.documents,
      stream: this.#streamed,
      fetch: (call) => this.#fetch(call),
      sleep: execution.sleep,
    };
  }

  /**
   * The call the job is about.
   * @throws ConnectorError when it was not answered
   */
  pay(call: Call): Promise<Reply | Refusal> {
    const { options, connection, execution } = this.#parts;
    return this.#untilAnswered(call, (request, signal) => {
      const limitGroup = limitGroupOf(call, connection.target.deployment, request.url);
      return execution.call({ ...request, limitGroup, onDoubt: options.onDoubt }, signal);
    });
  }

  /** Explains a failed call. */
  refusal(reply: Reply, head: FailureHead): Refusal {
    const { status, reason, lines, error } = head;
    const body = jsonBody(reply);
    const said = error ?? errorObject(JSON.parse(body));
    const hintMs = retryHintMs(status, lines, this.#parts.execution.now());
    const words = ruleOf(status).hintInWords ? textOf(member(said, 'message')) : undefined;
    return refusalOf(reply, {
      status,
      reason,
      headers: reply.headers,
      body,
      error: said,
      inAnswer: error !== undefined,
      provider: this.#parts.provider,
      retryable: this.options.retryAllErrors === true || isRetryable(status, lines),
      hintMs: hintMs ?? (words === undefined ? undefined : hintInWordsMs(words)),
      fieldOf: (parameter) => this.#fieldOf(parameter),
    });
  }

  get #streamed(): boolean {
    return this.options.stream === true && this.#parts.compiled.operation.streaming === true;
  }

  /** A call beside the paid one. @throws ConnectorError, a Refusal when it was answered with a failure */
  async #fetch(call: Call): Promise<Reply> {
    const reply = await this.#untilAnswered(call, this.#parts.execution.fetch);
    if (reply instanceof Refusal) throw reply;
    return reply;
  }

  /** Sends a call until it is answered for good; short waits the server asks for happen here. */
  async #untilAnswered(call: Call, send: HttpExecute): Promise<Reply | Refusal> {
    const { connection, execution } = this.#parts;
    let freshToken = false;
    let waits = 0;
    for (;;) {
      const response = await this.#send(await this.#request(call, freshToken), send);
      const reply = replyOf(response);
      if (response.status >= 200 && response.status < 300) return reply;
      if (response.status === 401 && connection.authentication.kind === 'token' && !freshToken) {
        freshToken = true;
        continue;
      }
      const { status, reason, headers: lines } = response;
      const refusal = this.refusal(reply, { status, reason, lines });
      const waitMs = refusal.retry.kind === 'postpone' ? refusal.retry.waitMs : Infinity;
      if (waitMs > inCall.maxWaitMs || waits >= inCall.maxWaits) return refusal;
      waits++;
      await execution.sleep(waitMs);
    }
  }

  async #send(request: HttpRequest, send: HttpExecute): Promise<HttpResponse> {
    try {
      return await send(request, this.#parts.execution.signal);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      const limits =
        request.totalTimeoutMs > 0
          ? `The limit is ${request.totalTimeoutMs / 1000} s: raise "Time limit in seconds" (options.timeoutSeconds).`
          : `The limit on silence is ${request.idleTimeoutMs / 1000} s: raise "Limit on silence in seconds" (options.idleTimeoutSeconds).`;
      throw transportFailure(error, new URL(request.url).host, limits);
    }
  }

  async #request(call: Call, freshToken: boolean): Promise<HttpRequest> {
    const { connection, options, maxAnswerBytes, boundary } = this.#parts;
    const url = connection.urlOf(call);
    const body = bodyBytes(call.body, boundary);
    const streamed = this.#streamed;
    return {
      method: call.method,
      url,
      headers: [
        ...(await this.#authentication(freshToken)),
        ...(body === undefined ? [] : ([['Content-Type', body.contentType]] as const)),
        ['Accept', streamed ? 'text/event-stream, application/json' : '*/*'],
        ...connection.headers,
        ...(call.headers ?? []),
      ],
      ...(body === undefined ? {} : { body: body.bytes }),
      connectTimeoutMs,
      idleTimeoutMs: streamed ? (options.idleTimeoutSeconds ?? defaultIdleTimeoutSeconds) * 1000 : 0,
      totalTimeoutMs: streamed ? 0 : options.timeoutSeconds * 1000,
      maxBodyBytes: maxAnswerBytes,
    };
  }

  async #authentication(fresh: boolean): Promise<[string, string][]> {
    const { connection, tokens } = this.#parts;
    const { authentication } = connection;
    switch (authentication.kind) {
      case 'none':
        return [];
      case 'header':
        return [[authentication.name, authentication.value]];
      case 'token':
        if (tokens === undefined)
          throw inputError('This worker has no access to Entra ID. Use the authentication "API key".');
        return [['Authorization', `Bearer ${await tokens(authentication.request, { fresh })}`]];
    }
  }

  /** `max_completion_tokens` of the API is the field `maxCompletionTokens`; of a path the first name counts. */
  #fieldOf(parameter: string): string | undefined {
    const first = parameter.split(/[.[]/)[0]!.replaceAll('_', '').toLowerCase();
    const found = this.#parts.compiled.inputFields.find(({ name }) => name.toLowerCase() === first);
    return found === undefined ? undefined : `field "${found.meta.label}" (input.${found.name})`;
  }
}

function replyOf(response: HttpResponse): Reply {
  return new Reply(response.status, plainHeaders(response.headers), response.body ?? Buffer.alloc(0));
}

/** Providers count calls by deployment or model; what names neither is counted by its path. */
function limitGroupOf(call: Call, deployment: string | undefined, url: string): string {
  const inPath = /\/deployments\/([^/]+)\//.exec(url)?.[1];
  return inPath ?? modelOf(call) ?? deployment ?? call.path;
}

function modelOf({ body }: Call): string | undefined {
  if (body?.kind === 'json' && isJsonObject(body.json)) {
    const { model } = body.json;
    return typeof model === 'string' ? model : undefined;
  }
  if (body?.kind !== 'multipart') return undefined;
  const part = body.parts.find(({ name }) => name === 'model');
  return part !== undefined && 'value' in part ? part.value : undefined;
}
