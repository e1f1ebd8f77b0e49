/**
 * A process engine in memory behind the Broker port, for tests of what stands on the port. It keeps the engine's rules
 * for jobs (states, deadlines, back-off, no owner check); the conformance suite holds it to what a real one does.
 */
import { knownJson } from '../../src/json/text';
import {
  BrokerError,
  type ActivationRequest,
  type Broker,
  type BrokerErrorKind,
} from '../../src/broker/broker';
import type { DocumentMetadata, DocumentReference, Job, JobCommand } from '../../src/job/job';

export interface FakeJobOptions {
  readonly type?: string;
  readonly retries?: number;
  readonly variables?: string;
  readonly customHeaders?: Record<string, string>;
  readonly tenantId?: string;
}

type State =
  'activatable' | 'activated' | 'backing-off' | 'incident' | 'error-thrown' | 'completed' | 'cancelled';

interface Entry {
  job: Job;
  state: State;
  timer: NodeJS.Timeout | undefined;
}

interface Poll {
  readonly request: ActivationRequest;
  readonly answer: (jobs: Job[]) => void;
  timer: NodeJS.Timeout;
}

export interface RecordedCommand {
  readonly jobKey: string;
  readonly command: JobCommand;
}

export class FakeBroker implements Broker {
  /** Commands that were accepted, in order. */
  readonly commands: RecordedCommand[] = [];
  readonly extensions: { jobKey: string; timeoutMs: number }[] = [];
  readonly activations: ActivationRequest[] = [];
  readonly documents = new Map<string, Buffer>();
  closed = false;
  #entries = new Map<string, Entry>();
  #polls: Poll[] = [];
  #nextKey = 2_251_799_813_685_249n;
  #faults: { verb: 'activate' | 'send' | 'extend'; kind: BrokerErrorKind; arrives: boolean }[] = [];

  constructor(readonly requestTimeoutMs = 5_000) {}

  /** Makes jobs activatable; returns their keys. */
  createJobs(count: number, options: FakeJobOptions = {}): string[] {
    const keys: string[] = [];
    for (let index = 0; index < count; index++) {
      const key = String(this.#nextKey++);
      const job: Job = {
        key,
        type: options.type ?? 'test',
        processInstanceKey: `${key}1`,
        processDefinitionKey: '1',
        processDefinitionId: 'process',
        elementId: 'task',
        elementInstanceKey: `${key}2`,
        tenantId: options.tenantId ?? '<default>',
        retries: options.retries ?? 3,
        customHeaders: options.customHeaders ?? {},
        variables: knownJson(options.variables ?? '{}'),
      };
      this.#entries.set(key, { job, state: 'activatable', timer: undefined });
      keys.push(key);
    }
    this.#serve();
    return keys;
  }

  stateOf(jobKey: string): State | undefined {
    return this.#entries.get(jobKey)?.state;
  }

  retriesOf(jobKey: string): number | undefined {
    return this.#entries.get(jobKey)?.job.retries;
  }

  /** Gives the job three retries again and resolves its incident. */
  resolveIncident(jobKey: string): void {
    const entry = this.#entries.get(jobKey)!;
    entry.job = { ...entry.job, retries: 3 };
    this.#free(entry);
  }

  cancel(jobKey: string): void {
    this.#move(this.#entries.get(jobKey)!, 'cancelled');
  }

  get openPolls(): number {
    return this.#polls.length;
  }

  /**
   * Lets the next calls of a verb fail.
   * @param arrives whether the command takes effect although the answer is lost
   */
  failNext(verb: 'activate' | 'send' | 'extend', kind: BrokerErrorKind, times = 1, arrives = false): void {
    for (let index = 0; index < times; index++) this.#faults.push({ verb, kind, arrives });
  }

  async activate(request: ActivationRequest): Promise<readonly Job[]> {
    this.activations.push(request);
    await this.#network('activate');
    if (request.maxJobs < 1 || request.timeoutMs < 1) throw new BrokerError('invalid', 'HTTP 400');
    return new Promise((resolve) => {
      const poll: Poll = {
        request,
        answer: (jobs) => {
          clearTimeout(poll.timer);
          this.#polls = this.#polls.filter((other) => other !== poll);
          resolve(jobs);
        },
        timer: setTimeout(() => poll.answer([]), this.requestTimeoutMs),
      };
      // The newest poll is served first, as the gateway does.
      this.#polls.unshift(poll);
      this.#serve();
    });
  }

  async send(jobKey: string, command: JobCommand): Promise<void> {
    const lost = await this.#network('send');
    const entry = this.#present(jobKey);
    if (entry.state !== 'activatable' && entry.state !== 'activated') {
      throw new BrokerError('invalid-state', `HTTP 409: the job is ${entry.state}`, 409);
    }
    if (command.kind === 'complete' && command.variables.length > 2_000_000) {
      throw new BrokerError('too-large', 'HTTP 500: EXCEEDED_BATCH_RECORD_SIZE', 500);
    }
    JSON.parse(command.variables);
    this.commands.push({ jobKey, command });
    if (command.kind === 'complete') this.#move(entry, 'completed');
    else if (command.kind === 'throwError') {
      if (command.errorCode === '') throw new BrokerError('invalid', 'HTTP 400: no errorCode', 400);
      this.#move(entry, 'error-thrown');
    } else {
      entry.job = { ...entry.job, retries: command.retries };
      if (command.retries <= 0) this.#move(entry, 'incident');
      else if (command.backoffMs > 0) {
        this.#move(entry, 'backing-off');
        entry.timer = setTimeout(() => this.#free(entry), command.backoffMs);
      } else this.#free(entry);
    }
    if (lost) throw lost;
  }

  async extend(jobKey: string, timeoutMs: number): Promise<void> {
    const lost = await this.#network('extend');
    const entry = this.#present(jobKey);
    if (entry.state !== 'activated')
      throw new BrokerError('invalid-state', 'HTTP 400: it is not active', 400);
    this.extensions.push({ jobKey, timeoutMs });
    this.#lock(entry, timeoutMs);
    if (lost) throw lost;
  }

  uploadDocument(content: Buffer, metadata: DocumentMetadata): Promise<DocumentReference> {
    const documentId = `document-${this.documents.size + 1}`;
    this.documents.set(documentId, content);
    return Promise.resolve({
      'camunda.document.type': 'camunda',
      storeId: 'in-memory',
      documentId,
      contentHash: 'hash',
      metadata: { ...metadata, size: content.length },
    });
  }

  downloadDocument(reference: DocumentReference): Promise<Buffer> {
    const content = this.documents.get(reference.documentId ?? '');
    if (content === undefined) return Promise.reject(new BrokerError('not-found', 'HTTP 404', 404));
    return Promise.resolve(content);
  }

  close(): Promise<void> {
    this.closed = true;
    for (const poll of [...this.#polls]) poll.answer([]);
    for (const entry of this.#entries.values()) clearTimeout(entry.timer);
    return Promise.resolve();
  }

  /** @returns the error to throw after the command took effect, if there is one */
  async #network(verb: 'activate' | 'send' | 'extend'): Promise<BrokerError | undefined> {
    await Promise.resolve();
    const index = this.#faults.findIndex((fault) => fault.verb === verb);
    if (index < 0) return undefined;
    const [fault] = this.#faults.splice(index, 1);
    const error = new BrokerError(fault!.kind, `fault: ${fault!.kind}`);
    if (fault!.arrives) return error;
    throw error;
  }

  #present(jobKey: string): Entry {
    const entry = this.#entries.get(jobKey);
    if (entry === undefined || entry.state === 'completed' || entry.state === 'cancelled') {
      throw new BrokerError('not-found', 'HTTP 404: NOT_FOUND', 404);
    }
    return entry;
  }

  #move(entry: Entry, state: State): void {
    clearTimeout(entry.timer);
    entry.state = state;
  }

  #free(entry: Entry): void {
    this.#move(entry, 'activatable');
    this.#serve();
  }

  #lock(entry: Entry, timeoutMs: number): void {
    this.#move(entry, 'activated');
    entry.timer = setTimeout(() => this.#free(entry), timeoutMs);
  }

  #serve(): void {
    for (const poll of [...this.#polls]) {
      const taken: Job[] = [];
      for (const entry of this.#entries.values()) {
        if (taken.length === poll.request.maxJobs) break;
        if (entry.state !== 'activatable' || entry.job.type !== poll.request.type) continue;
        this.#lock(entry, poll.request.timeoutMs);
        taken.push(entry.job);
      }
      if (taken.length > 0) poll.answer(taken);
    }
  }
}
