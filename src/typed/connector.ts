/**
 * The connector of the typed family: one operation per job.
 * variables -> secrets into the connection -> checked input -> the operation's request -> call -> the operation's answer.
 */
import { ConnectorError, inputError } from '../errors';
import { nearlyEqual } from '../fields/bind';
import { TransportError, type HttpExecute, type HttpRequest, type HttpResponse } from '../http/request';
import { hintInWordsMs, isRetryable, retryHintMs } from '../http/retry-after';
import type { Connector, Execution, Job } from '../job/job';
import { ourManner } from '../job/manner';
import { isJsonObject, parseJson, type Json, type JsonObject } from '../json/json';
import { bodyBytes } from '../operations/kit/body';
import { compileOperation, type CompiledOperation } from '../operations/kit/compile-operation';
import type { Call, Operation, PreparedInput, Tools } from '../operations/kit/operation';
import {
  defaultIdleTimeoutSeconds,
  defaultTimeoutSeconds,
  reactionTo,
  type CallOptions,
} from '../operations/kit/options';
import { FailedAnswer, member, Reply, textOf } from '../operations/kit/reply';
import { operations } from '../operations/registry';
import type { Connection, Provider, TokenSource } from '../providers/provider';
import { replaceSecretsInText, secretNamesInText } from '../secrets/placeholders';
import { errorObject, failureOf, statusOfError, transportFailure } from './failure';
import { jsonBody, plainHeaders, resultText } from './result';

export interface TypedConnectorOptions {
  /** Address for connections that name none; absent: the provider's own. */
  readonly defaultBaseUrl?: string | undefined;
  /** Largest answer read, bytes after decompression. */
  readonly maxAnswerBytes: number;
  /** ms; hints up to this are waited for within the call. */
  readonly maxWaitInCallMs?: number;
  readonly tokens?: TokenSource;
  /** For tests: other operations than the registry's. */
  readonly operations?: readonly Operation[];
}

const connectTimeoutMs = 20_000;
const defaultWaitInCallMs = 2000;
/** A server that keeps saying "at once" must not hold the job in a loop. */
const maxWaitsInCall = 3;

export function createTypedConnector(provider: Provider, options: TypedConnectorOptions): Connector {
  const known = (options.operations ?? operations).map((operation) =>
    compileOperation(operation, provider.id),
  );
  return {
    name: provider.id,
    manner: ourManner,
    fetchVariables: ['connection', 'operation', 'input', 'options'],
    secretNames: (job) => {
      const names = new Set<string>();
      for (const part of secretParts(variablesOf(job))) collectNames(part, names);
      return [...names];
    },
    operationOf: (job) => {
      const { operation } = variablesOf(job);
      // Only names we know: a log line must not hold what someone put into the variable.
      return known.find((one) => one.operation.id === operation)?.operation.id;
    },
    execute: async (execution) => new Run(provider, options, known, execution).execute(),
  };
}

/** One job. */
class Run {
  private readonly variables: JsonObject;
  private readonly compiled: CompiledOperation;
  private readonly options: CallOptions;
  private readonly connection: Connection;
  /** The last answer that was a failure. */
  private refusal: Reply | undefined;

  constructor(
    private readonly provider: Provider,
    private readonly settings: TypedConnectorOptions,
    known: readonly CompiledOperation[],
    private readonly execution: Execution,
  ) {
    this.variables = variablesOf(execution.job);
    this.compiled = findOperation(this.variables['operation'], known, provider);
    const { connection, options } = this.variables;
    this.connection = provider.connect(withSecrets(connection, execution.secrets), settings.defaultBaseUrl);
    this.options = this.compiled.readOptions(options);
  }

  async execute(): Promise<string> {
    const { compiled, execution } = this;
    const prepared = compiled.prepare(this.inputWithSecrets());
    const tools = this.tools();
    const call = await prepared.toCall(tools);
    try {
      const reply = await this.exchange(call, execution.call);
      return await this.finish(reply, () => prepared.read(reply, tools));
    } catch (error) {
      const filtered = error instanceof ConnectorError && error.causeName === 'CONTENT_FILTERED';
      if (!filtered || error.bpmnErrorCode !== undefined) throw error;
      return this.filteredPrompt(error);
    }
  }

  private async finish(reply: Reply, read: () => ReturnType<PreparedInput['read']>) {
    let answer;
    try {
      answer = await read();
    } catch (error) {
      if (!(error instanceof FailedAnswer)) throw error;
      throw this.failure(reply, '', statusOfError(error.error), error.error, []);
    }
    const result = resultText(reply, answer);
    const { catch: problem } = answer;
    if (problem === undefined) return result;
    const reaction = reactionTo(problem.cause, this.options);
    if (reaction === 'complete') return result;
    throw new ConnectorError(problem.message, {
      code: String(reply.status),
      cause: problem.cause,
      retry: { kind: 'never' },
      variables: `{"response":${result}}`,
      ...(reaction === 'bpmnError' ? { bpmnErrorCode: problem.cause } : {}),
    });
  }

  /** A prompt that the filter refused: no answer, but the task says what becomes of it as with a filtered answer. */
  private filteredPrompt(error: ConnectorError): string {
    const reaction = reactionTo('CONTENT_FILTERED', this.options);
    if (reaction === 'complete' && this.refusal !== undefined) {
      return resultText(this.refusal, { finishReason: 'content_filter' });
    }
    throw reaction === 'bpmnError' ? error.with({ bpmnErrorCode: 'CONTENT_FILTERED' }) : error;
  }

  private get streamed(): boolean {
    return this.options.stream === true && this.compiled.operation.streaming === true;
  }

  private tools(): Tools {
    const { execution, connection } = this;
    return {
      target: connection.target,
      documents: execution.documents,
      stream: this.streamed,
      fetch: (call) => this.exchange(call, execution.fetch),
      sleep: execution.sleep,
    };
  }

  /** Header fields of the input may hold secrets, nothing else of it may. */
  private inputWithSecrets(): Json | undefined {
    const { input } = this.variables;
    if (!isJsonObject(input) || input['headers'] === undefined) return input;
    return { ...input, headers: withSecrets(input['headers'], this.execution.secrets) ?? null };
  }

  /** Sends a call until it is answered well; short waits the server asks for happen here. */
  private async exchange(call: Call, send: HttpExecute): Promise<Reply> {
    const { execution } = this;
    const maxWaitMs = this.settings.maxWaitInCallMs ?? defaultWaitInCallMs;
    let freshToken = false;
    for (let waits = 0; ;) {
      const request = await this.request(call, freshToken);
      const response = await this.send(request, send);
      if (response.status >= 200 && response.status < 300) return replyOf(response);
      if (response.status === 401 && this.connection.authentication.kind === 'token' && !freshToken) {
        freshToken = true;
        continue;
      }
      const reply = replyOf(response);
      const failure = this.failure(reply, response.reason, response.status, undefined, response.headers);
      const waitMs = failure.retry.kind === 'postpone' ? failure.retry.waitMs : Infinity;
      if (waitMs > maxWaitMs || waits >= maxWaitsInCall) throw failure;
      waits++;
      await execution.sleep(waitMs);
    }
  }

  private async send(request: HttpRequest, send: HttpExecute): Promise<HttpResponse> {
    try {
      return await send(request, this.execution.signal);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      const limits =
        request.totalTimeoutMs > 0
          ? `The limit is ${request.totalTimeoutMs / 1000} s: raise "Time limit in seconds" (options.timeoutSeconds).`
          : `The limit on silence is ${request.idleTimeoutMs / 1000} s: raise "Limit on silence in seconds" (options.idleTimeoutSeconds).`;
      throw transportFailure(error, new URL(request.url).host, limits);
    }
  }

  private async request(call: Call, freshToken: boolean): Promise<HttpRequest> {
    const { connection, options } = this;
    const url = connection.urlOf(call);
    const body = bodyBytes(call.body, this.execution.job.key);
    const { streamed } = this;
    return {
      method: call.method,
      url,
      headers: [
        ...(await this.authentication(freshToken)),
        ...(body === undefined ? [] : ([['Content-Type', body.contentType]] as const)),
        ['Accept', streamed ? 'text/event-stream, application/json' : '*/*'],
        ...connection.headers,
        ...(call.headers ?? []),
      ],
      ...(body === undefined ? {} : { body: body.bytes }),
      connectTimeoutMs,
      idleTimeoutMs: streamed ? (options.idleTimeoutSeconds ?? defaultIdleTimeoutSeconds) * 1000 : 0,
      totalTimeoutMs: streamed ? 0 : (options.timeoutSeconds ?? defaultTimeoutSeconds) * 1000,
      maxBodyBytes: this.settings.maxAnswerBytes,
      limitGroup: limitGroupOf(call, connection.target.deployment, url),
      ...(options.onDoubt === undefined ? {} : { onDoubt: options.onDoubt }),
    };
  }

  private async authentication(fresh: boolean): Promise<[string, string][]> {
    const { authentication } = this.connection;
    switch (authentication.kind) {
      case 'none':
        return [];
      case 'header':
        return [[authentication.name, authentication.value]];
      case 'token': {
        const { tokens } = this.settings;
        if (tokens === undefined)
          throw inputError('This worker has no access to Entra ID. Use the authentication "API key".');
        return [['Authorization', `Bearer ${await tokens(authentication.request, { fresh })}`]];
      }
    }
  }

  private failure(
    reply: Reply,
    reason: string,
    status: number,
    error: unknown,
    lines: HttpResponse['headers'],
  ): ConnectorError {
    this.refusal = reply;
    const body = jsonBody(reply);
    const said = error ?? errorObject(JSON.parse(body));
    const hintMs = retryHintMs(status, lines, this.execution.now());
    const words = status === 429 ? textOf(member(said, 'message')) : undefined;
    return failureOf({
      status,
      reason,
      headers: reply.headers,
      body,
      error: said,
      inAnswer: error !== undefined,
      provider: this.provider.id,
      retryable: this.options.retryAllErrors === true || isRetryable(status, lines),
      hintMs: hintMs ?? (words === undefined ? undefined : hintInWordsMs(words)),
      fieldOf: (parameter) => this.fieldOf(parameter),
    });
  }

  /** `max_completion_tokens` of the API is the field `maxCompletionTokens`; of a path the first name counts. */
  private fieldOf(parameter: string): string | undefined {
    const first = parameter.split(/[.[]/)[0]!.replaceAll('_', '').toLowerCase();
    const found = this.compiled.inputFields.find(({ name }) => name.toLowerCase() === first);
    return found === undefined ? undefined : `field "${found.meta.label}" (input.${found.name})`;
  }
}

function replyOf(response: HttpResponse): Reply {
  return new Reply(response.status, plainHeaders(response.headers), response.body ?? Buffer.alloc(0));
}

/** Providers count calls by deployment or model; what names neither is counted by its path. Pure. */
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

const readVariables = new WeakMap<Job, JsonObject>();

/** Read once for secrets, call and log line. */
function variablesOf(job: Job): JsonObject {
  const known = readVariables.get(job);
  if (known !== undefined) return known;
  const parsed = parseJson(job.variables);
  const variables = isJsonObject(parsed) ? parsed : {};
  readVariables.set(job, variables);
  return variables;
}

function findOperation(
  id: Json | undefined,
  known: readonly CompiledOperation[],
  provider: Provider,
): CompiledOperation {
  const offered = known
    .map(({ operation }) => operation)
    .filter(({ missing }) => missing?.[provider.id] === undefined);
  const list = offered.map((operation) => operation.id).join(', ');
  if (typeof id !== 'string' || id.trim() === '') {
    throw inputError(`Field "Operation" (operation) is empty. Choose one of ${list}.`);
  }
  const compiled = known.find(({ operation }) => operation.id === id.trim());
  if (compiled === undefined) {
    const close = offered.find((candidate) => nearlyEqual(candidate.id, id));
    const remedy = close === undefined ? `Choose one of ${list}.` : `Did you mean ${close.id}?`;
    throw inputError(`Field "Operation" (operation) has the unknown value "${id.slice(0, 60)}". ${remedy}`);
  }
  const missing = compiled.operation.missing?.[provider.id];
  if (missing !== undefined) throw inputError(missing);
  return compiled;
}

/** The parts of the variables that may refer to secrets: the connection and headers, never prompts. */
function secretParts({ connection, input }: JsonObject): Json[] {
  const headers = isJsonObject(input) ? input['headers'] : undefined;
  return [connection, headers].filter((part) => part !== undefined);
}

function collectNames(value: Json, names: Set<string>): void {
  if (typeof value === 'string') for (const name of secretNamesInText(value)) names.add(name);
  else if (Array.isArray(value)) for (const item of value as readonly Json[]) collectNames(item, names);
  else if (isJsonObject(value)) for (const item of Object.values(value)) collectNames(item, names);
}

function withSecrets(value: Json | undefined, secrets: ReadonlyMap<string, string>): Json | undefined {
  if (typeof value === 'string') return replaceSecretsInText(value, secrets);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => withSecrets(item, secrets)!);
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withSecrets(item, secrets)!]));
  }
  return value;
}
