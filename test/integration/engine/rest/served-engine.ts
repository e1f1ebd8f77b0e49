/** An engine in memory behind its REST server, and requests to it as a client would write them. */
import { Engine, type EngineOptions } from '../../../../src/engine/engine';
import { Faults } from '../../../../src/engine/rest/faults';
import { startRestServer, type RestServer, type RestServerOptions } from '../../../../src/engine/rest/server';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, when it is JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

export interface JobReply extends Readonly<Record<string, unknown>> {
  readonly jobKey: string;
}

export class ServedEngine {
  #closed = false;

  private constructor(
    readonly engine: Engine,
    readonly faults: Faults,
    /** Errors that nobody has foreseen. */
    readonly errors: readonly unknown[],
    private readonly server: RestServer,
  ) {}

  static async start(
    options: EngineOptions = {},
    serverOptions: Partial<RestServerOptions> = {},
  ): Promise<ServedEngine> {
    const engine = await Engine.open(options);
    const faults = new Faults();
    const errors: unknown[] = [];
    const server = await startRestServer(engine, {
      port: 0,
      faults,
      onError: (error) => errors.push(error),
      ...serverOptions,
    });
    return new ServedEngine(engine, faults, errors, server);
  }

  get url(): string {
    return `http://127.0.0.1:${this.server.port}`;
  }

  get port(): number {
    return this.server.port;
  }

  /** @param body a value to be sent as JSON, or a text, form or bytes to be sent as they are */
  async send(method: string, path: string, body?: unknown, init: RequestInit = {}): Promise<Reply> {
    const plain = typeof body === 'string' || body instanceof FormData || body instanceof Uint8Array;
    const response = await fetch(this.url + path, {
      method,
      ...(body !== undefined && { body: plain ? (body as FormData) : JSON.stringify(body) }),
      ...init,
    });
    const text = await response.text();
    const isJson = text !== '' && /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? (JSON.parse(text) as Reply['json']) : {},
    };
  }

  post(path: string, body?: unknown): Promise<Reply> {
    return this.send('POST', path, body);
  }

  get(path: string): Promise<Reply> {
    return this.send('GET', path);
  }

  deploy(...files: readonly string[]): Promise<Reply> {
    const form = new FormData();
    files.forEach((xml, at) => form.append('resources', new Blob([xml]), `process-${at}.bpmn`));
    return this.post('/v2/deployments', form);
  }

  /** @returns the key of the instance */
  async create(processDefinitionId: string, variables: object = {}): Promise<string> {
    const { json } = await this.post('/v2/process-instances', { processDefinitionId, variables });
    return json['processInstanceKey'] as string;
  }

  /** Takes jobs that are there; does not wait. */
  async activate(type: string, more: object = {}): Promise<readonly JobReply[]> {
    const request = { type, timeout: 60_000, maxJobsToActivate: 10, requestTimeout: -1, ...more };
    const { json } = await this.post('/v2/jobs/activation', request);
    return json['jobs'] as JobReply[];
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.server.close();
    await this.engine.close();
  }
}

/** A form; parts with a file name are files. */
export function form(...parts: (readonly [string, string | Blob, string?])[]): FormData {
  const data = new FormData();
  for (const [name, value, fileName] of parts) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, value, fileName);
  }
  return data;
}

/** What a search has found. */
export function itemsOf({ json }: Reply): readonly Readonly<Record<string, unknown>>[] {
  return json['items'] as Record<string, unknown>[];
}

/** Fits any key. */
export const some = expect.stringMatching(/^\d+$/) as unknown;
/** Fits any date and time. */
export const moment = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown;
