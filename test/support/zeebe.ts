/**
 * A real engine for tests. `sharedZeebe()` is the one started for the whole run (or the cluster of ZEEBE_REST_ADDRESS);
 * `startPrivateZeebe()` is a test's own, which it may kill and restart. Tests use process ids and job types of their own
 * (`uniqueId`), since nothing is cleaned up between them.
 */
import { readFile } from 'node:fs/promises';
import { mkdtempSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { EnginePorts } from '../../dev/zeebe/engine-command';
import { LocalEngine } from '../../dev/zeebe/local-engine';
import { freePorts, pause } from '../../dev/zeebe/processes';
import type { Say } from '../../dev/zeebe/progress';
import { defaultRuntime } from '../../dev/zeebe/use-engine';
import { startRecordSink, type RecordSink } from './record-sink';
import { parseLossless, Records } from './records';

/** How the run's setup tells its test files where the shared engine is. */
export const sharedEnvironment = {
  rest: 'E2E_ZEEBE_REST_ADDRESS',
  grpc: 'E2E_ZEEBE_GRPC_ADDRESS',
  management: 'E2E_ZEEBE_MANAGEMENT_ADDRESS',
  records: 'E2E_RECORDS_URL',
} as const;

/** An id that no other test has, such as for processes and job types: `prefix-1a2b3c4d`. */
export function uniqueId(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 8)}`;
}

export interface DeployedProcess {
  readonly processDefinitionId: string;
  readonly processDefinitionKey: string;
}

/** The engine refused a request. */
export class ZeebeRequestError extends Error {
  override readonly name = 'ZeebeRequestError';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A client for what tests do to an engine; workers have their own. */
export class Zeebe {
  constructor(
    /** Base URL, such as http://127.0.0.1:8080. */
    readonly restAddress: string,
    /** As ZEEBE_GRPC_ADDRESS takes it; "" when unknown. */
    readonly grpcAddress: string,
    /** Health and clock of the engine; "" when unknown. */
    readonly managementAddress: string,
  ) {}

  /**
   * @param resources BPMN as XML text, or `{file}` with a path to a .bpmn, .dmn or .form file; all in one deployment
   * @returns the processes among them
   */
  async deploy(...resources: (string | { readonly file: string })[]): Promise<DeployedProcess[]> {
    const form = new FormData();
    for (const [index, resource] of resources.entries()) {
      const content = typeof resource === 'string' ? resource : await readFile(resource.file);
      const name = typeof resource === 'string' ? `process-${index}.bpmn` : basename(resource.file);
      form.append('resources', new Blob([content]), name);
    }
    const answer = (await this.request('POST', '/v2/deployments', form)) as {
      deployments: { processDefinition?: Record<string, unknown>; process?: Record<string, unknown> }[];
    };
    return answer.deployments.flatMap((deployment) => {
      const process = deployment.processDefinition ?? deployment.process;
      if (!process) return [];
      const id = process['processDefinitionId'] ?? process['bpmnProcessId'];
      return [
        { processDefinitionId: String(id), processDefinitionKey: String(process['processDefinitionKey']) },
      ];
    });
  }

  /** @returns the key of the process instance, as text */
  async createInstance(processId: string, variables: Record<string, unknown> = {}): Promise<string> {
    const answer = (await this.request('POST', '/v2/process-instances', {
      processDefinitionId: processId,
      variables,
    })) as { processInstanceKey: number | string };
    return String(answer.processInstanceKey);
  }

  /**
   * Creates many, 16 at a time, and repeats what the engine's back-pressure refuses.
   * @param variables of every instance, or of the one with this index
   */
  async createInstances(
    processId: string,
    count: number,
    variables: Record<string, unknown> | ((index: number) => Record<string, unknown>) = {},
  ): Promise<string[]> {
    const keys: string[] = [];
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let index = next++; index < count; index = next++) {
        const own = typeof variables === 'function' ? variables(index) : variables;
        keys[index] = await this.despiteBackPressure(() => this.createInstance(processId, own));
      }
    };
    await Promise.all(Array.from({ length: Math.min(16, count) }, lane));
    return keys;
  }

  async cancelInstance(processInstanceKey: string): Promise<void> {
    await this.request('POST', `/v2/process-instances/${processInstanceKey}/cancellation`, {});
  }

  /** Raises the retries of a job, as one does before resolving its incident. */
  async updateJobRetries(jobKey: string, retries: number): Promise<void> {
    await this.request('PATCH', `/v2/jobs/${jobKey}`, { changeset: { retries } });
  }

  async resolveIncident(incidentKey: string): Promise<void> {
    await this.request('POST', `/v2/incidents/${incidentKey}/resolution`, {});
  }

  async publishMessage(
    name: string,
    correlationKey: string,
    variables: Record<string, unknown> = {},
  ): Promise<void> {
    await this.request('POST', '/v2/messages/publication', {
      name,
      correlationKey,
      timeToLive: 60_000,
      variables,
    });
  }

  /**
   * Takes jobs as a worker would, at once (no long poll). For looking at the engine, not for running a worker.
   * @returns the jobs as the engine wrote them
   */
  async activateJobs(type: string, options: { readonly max?: number; readonly timeoutMs?: number } = {}) {
    const answer = (await this.request('POST', '/v2/jobs/activation', {
      type,
      worker: 'test',
      timeout: options.timeoutMs ?? 60_000,
      maxJobsToActivate: options.max ?? 32,
      requestTimeout: -1,
    })) as { jobs: Record<string, unknown>[] };
    return answer.jobs;
  }

  /** Moves the engine's clock forward; only with ZEEBE_CLOCK_CONTROLLED=true, and only on a private engine. */
  async advanceClock(ms: number): Promise<void> {
    const response = await fetch(`${this.managementAddress}/actuator/clock/add`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ offsetMilli: ms }),
    });
    if (!response.ok)
      throw new ZeebeRequestError(response.status, `The clock did not move: ${await response.text()}`);
  }

  /**
   * One request to the REST API.
   * @returns the parsed body, or undefined when there is none
   * @throws ZeebeRequestError with the engine's own words
   */
  async request(method: string, path: string, body: FormData | object): Promise<unknown> {
    const response = await fetch(`${this.restAddress}${path}`, {
      method,
      headers: body instanceof FormData ? {} : { 'content-type': 'application/json' },
      body: body instanceof FormData ? body : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok)
      throw new ZeebeRequestError(response.status, `${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : parseLossless(text);
  }

  private async despiteBackPressure<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof ZeebeRequestError) || (error.status !== 429 && error.status !== 503))
          throw error;
        await pause(50);
      }
    }
  }
}

/** An engine whose records can be read. */
export class RecordedZeebe extends Zeebe {
  constructor(
    restAddress: string,
    grpcAddress: string,
    managementAddress: string,
    readonly records: Records,
  ) {
    super(restAddress, grpcAddress, managementAddress);
  }

  /** Creates an instance and waits for what becomes of it; see `Records.outcome`. */
  async run(processId: string, variables: Record<string, unknown> = {}, timeoutMs?: number) {
    const key = await this.createInstance(processId, variables);
    return { key, ...(await this.records.outcome(key, timeoutMs === undefined ? {} : { timeoutMs })) };
  }
}

/** The engine of this run. Has no records when it is the cluster of ZEEBE_REST_ADDRESS. */
export function sharedZeebe(): Zeebe {
  return (
    sharedRecordedZeebe() ??
    new Zeebe(required(sharedEnvironment.rest), process.env[sharedEnvironment.grpc] ?? '', '')
  );
}

/**
 * An engine with records: the shared one where it has them, else a private one.
 * @returns with `close`, to be called in afterAll; it leaves the shared engine alone
 */
export async function recordedZeebe(): Promise<RecordedZeebe & { close(): Promise<void> }> {
  const shared = sharedRecordedZeebe();
  return shared ? Object.assign(shared, { close: () => Promise.resolve() }) : startPrivateZeebe();
}

export interface PrivateZeebeOptions {
  readonly partitions?: number;
  /** More environment for the engine, such as `{ZEEBE_CLOCK_CONTROLLED: 'true'}`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Receives the progress of fetching the engine, the first time on a machine. */
  readonly say?: Say;
}

/** A test's own engine, with records. Same data and ports over kill, stop and start. */
export class PrivateZeebe extends RecordedZeebe {
  constructor(
    private readonly engine: LocalEngine,
    private readonly sink: RecordSink,
    private readonly say: Say,
  ) {
    super(engine.restAddress, engine.grpcAddress, engine.managementAddress, new Records(sink.url));
  }

  get recordsUrl(): string {
    return this.sink.url;
  }

  get logFile(): string {
    return this.engine.logFile;
  }

  /** SIGKILL: connections break, data stays. */
  kill(): Promise<void> {
    return this.engine.kill();
  }

  /** An orderly stop; data stays. */
  stop(): Promise<void> {
    return this.engine.stop();
  }

  /** Starts it again on the same data and ports; returns when it is healthy. */
  async start(): Promise<void> {
    await this.engine.start(await defaultRuntime(this.say), { detached: false });
  }

  /** kill, then start. */
  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** Stops the engine and removes all it left; call it in afterAll. */
  async close(): Promise<void> {
    await this.engine.wipe();
    await this.sink.close();
  }
}

/** Starts an engine of its own on free ports: about 5 s. `close()` it in afterAll. */
export async function startPrivateZeebe({
  say = () => undefined,
  ...settings
}: PrivateZeebeOptions = {}): Promise<PrivateZeebe> {
  const sink = await startRecordSink();
  const engine = new LocalEngine({
    folder: mkdtempSync(join(tmpdir(), 'zeebe-test-')),
    ports: await freeEnginePorts(),
    recordsUrl: sink.url,
    ...settings,
  });
  const zeebe = new PrivateZeebe(engine, sink, say);
  try {
    await zeebe.start();
  } catch (error) {
    await zeebe.close();
    throw error;
  }
  return zeebe;
}

/** Ports for one engine, all free right now. */
export async function freeEnginePorts(): Promise<EnginePorts> {
  const [rest = 0, grpc = 0, management = 0, command = 0, internal = 0] = await freePorts(5);
  return { rest, grpc, management, command, internal };
}

function sharedRecordedZeebe(): RecordedZeebe | undefined {
  const recordsUrl = process.env[sharedEnvironment.records];
  if (!recordsUrl) return undefined;
  return new RecordedZeebe(
    required(sharedEnvironment.rest),
    required(sharedEnvironment.grpc),
    required(sharedEnvironment.management),
    new Records(recordsUrl),
  );
}

function required(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is not set: tests with an engine run by "npx jest --selectProjects e2e".`);
  return value;
}
