/** What demo and tests ask of an engine, over its REST API; workers have a client of their own. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { pause } from './processes';
import { parseLossless, Records } from './records';

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
    /** Health, clock and records of the engine; "" when unknown. */
    readonly managementAddress: string,
    /** Headers of every request, where the cluster asks for authentication. */
    readonly authHeaders: () => Promise<Record<string, string>> = () => Promise.resolve({}),
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
   * Starts a process and waits for its end, as long as the engine lets a caller wait (15 s in 8.6).
   * @returns undefined when it did not end by then
   */
  async createAndAwait(
    processId: string,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<{ processInstanceKey: string; variables: Record<string, unknown> } | undefined> {
    try {
      const answer = (await this.request('POST', '/v2/process-instances', {
        processDefinitionId: processId,
        variables,
        awaitCompletion: true,
      })) as { processInstanceKey: number | string; variables: Record<string, unknown> };
      return { processInstanceKey: String(answer.processInstanceKey), variables: answer.variables };
    } catch (error) {
      if (error instanceof ZeebeRequestError && error.status === 504) return undefined;
      throw error;
    }
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

  /** Moves the engine's clock forward; only on a private engine. */
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
      headers: {
        ...(body instanceof FormData ? {} : { 'content-type': 'application/json' }),
        ...(await this.authHeaders()),
      },
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
  readonly records: Records;

  constructor(restAddress: string, managementAddress: string) {
    super(restAddress, managementAddress);
    this.records = new Records(managementAddress);
  }

  /** Creates an instance and waits for what becomes of it; see `Records.outcome`. */
  async run(processId: string, variables: Record<string, unknown> = {}, timeoutMs?: number) {
    const key = await this.createInstance(processId, variables);
    return { key, ...(await this.records.outcome(key, timeoutMs === undefined ? {} : { timeoutMs })) };
  }
}
