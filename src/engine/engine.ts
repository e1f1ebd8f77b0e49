/** The engine: its commands, the polls that wait for jobs, and what happens by itself when its time has come. */
import {
  Rejection,
  type JobPoll,
  type CreatedInstance,
  type CreationRequest,
  type Deployment,
  type DocumentRequest,
  type EngineApi,
  type MessageRequest,
  type Poll,
  type ProcessOf,
  type Resource,
} from './api';
import { Agenda } from './agenda';
import { AwaitedInstances } from './awaited';
import { systemClock, type Clock } from './clock';
import * as deployments from './commands/deployments';
import { resolveIncident } from './commands/incidents';
import { cancelInstance, createRequested, setVariables } from './commands/instances';
import * as jobs from './commands/jobs';
import { correlateMessage, publishMessage } from './commands/messages';
import { invalidArgument } from './commands/refuse';
import { assignUserTask, completeUserTask } from './commands/user-tasks';
import { readVariables, toObject } from './data/variables';
import { readBpmn } from './model/read-bpmn';
import { Dispatcher } from './dispatcher';
import { StoredDocuments } from './stored-documents';
import { Retention } from './retention';
import { broadcast } from './rules/signals';
import { Runner } from './runner';
import type { InstanceRow } from './state/rows';
import { EngineState } from './state/state';
import type { Row } from './state/table';
import { MemoryStorage } from './storage/memory';
import type { Storage } from './storage/storage';
import type { Turn } from './turn/turn';

export interface EngineOptions {
  readonly clock?: Clock;
  readonly partitions?: number;
  /** From 0 up to, not including, 1, for FEEL. */
  readonly random?: () => number;
  /** How late timers and job time-outs are at most, ms, as with clusters that look once a second; default: not at all. */
  readonly lateness?: () => number;
  /** What an operator should know: a process that was stopped, a file that cannot be read any more. */
  readonly say?: (line: string) => void;
  /**
   * Opens what the state is kept in; default: memory.
   * @param restore takes each row as it was kept, in order; null: it is gone
   * @param snapshot gives all rows as they are now
   */
  readonly storage?: (
    restore: (table: string, key: string, row: Row | null) => void,
    snapshot: () => Iterable<readonly [string, string, Row]>,
  ) => Promise<Storage>;
}

/** The last one that a calendar has: beyond it no timer and no expression could tell the time, and nothing leads back. */
const lastMoment = 8.64e15;

export class Engine implements EngineApi {
  readonly #storage: Storage;
  readonly #runner: Runner;
  readonly #agenda: Agenda;
  readonly #retention: Retention;
  readonly #awaited: AwaitedInstances;
  readonly #dispatcher: Dispatcher;
  readonly #documents: StoredDocuments;
  #closed = false;

  private constructor(
    readonly state: EngineState,
    storage: Storage,
    clock: Clock,
    readonly partitions: number,
    options: EngineOptions,
  ) {
    this.#storage = storage;
    const { random = Math.random, say = () => undefined, lateness = () => 0 } = options;
    this.#runner = new Runner({ state, storage, clock, partitions, random, readBpmn });
    this.#retention = new Retention(state);
    this.#awaited = new AwaitedInstances(state, clock);
    this.#dispatcher = new Dispatcher(state, this.#runner, clock, storage);
    this.#documents = new StoredDocuments(state, this.#runner, storage);
    this.#agenda = new Agenda(state, this.#runner, clock, say, () => lateness() * random());
    this.#runner.onDone = (turn) => this.#afterCommand(turn);
    this.#agenda.look();
  }

  /** Opens the engine on what its storage has kept. */
  static async open(options: EngineOptions = {}): Promise<Engine> {
    const state = new EngineState();
    const restore = (table: string, key: string, row: Row | null): void =>
      state.tables.get(table)?.restore(key, row ?? undefined);
    const storage = await (options.storage?.(restore, () => allRows(state)) ??
      Promise.resolve(new MemoryStorage()));
    return new Engine(state, storage, options.clock ?? systemClock, options.partitions ?? 1, options);
  }

  now(): number {
    return this.#runner.now();
  }

  async read<T>(query: (state: EngineState, processOf: ProcessOf) => T): Promise<T> {
    const result = await this.#runner.attempt(() =>
      query(this.state, (definition) => this.#runner.models.find(definition)),
    );
    await this.#storage.written();
    return result;
  }

  async deploy(resources: readonly Resource[]): Promise<Deployment> {
    const read = await deployments.readResources(resources, readBpmn);
    const { models } = this.#runner;
    return this.#runner.run((turn) =>
      deployments.deploy(turn, read, (definition, model) => models.put(definition, model)),
    );
  }

  async createInstance(request: CreationRequest): Promise<CreatedInstance> {
    const { awaitCompletion } = request;
    if (awaitCompletion === undefined)
      return created(await this.#runner.run((turn) => createRequested(turn, request)));
    const { instance, variables } = await this.#runner.attempt(() => {
      const row = this.#runner.runNow((turn) => createRequested(turn, request));
      const atEnd = this.#awaited.variablesAtEnd(row.key, awaitCompletion.timeoutMs);
      return { instance: row, variables: atEnd };
    });
    const json = await variables.promise;
    await this.#storage.written();
    return { ...created(instance), variables: pick(json, awaitCompletion.fetchVariables) };
  }

  cancelInstance(key: string): Promise<void> {
    return this.#runner.run((turn) => cancelInstance(turn, key));
  }

  activateJobs(request: JobPoll): Poll {
    return this.#dispatcher.open(request);
  }

  completeJob(key: string, variables: string): Promise<void> {
    return this.#jobCommand('COMPLETE', key, (turn) => jobs.completeJob(turn, key, variables));
  }

  failJob(key: string, failure: Parameters<EngineApi['failJob']>[1]): Promise<void> {
    return this.#jobCommand('FAIL', key, (turn) => jobs.failJob(turn, key, failure));
  }

  throwJobError(key: string, error: Parameters<EngineApi['throwJobError']>[1]): Promise<void> {
    return this.#jobCommand('THROW_ERROR', key, (turn) => jobs.throwJobError(turn, key, error));
  }

  updateJob(key: string, changes: { timeoutMs?: number; retries?: number }): Promise<void> {
    const verb = changes.timeoutMs === undefined ? 'UPDATE_RETRIES' : 'UPDATE_TIMEOUT';
    return this.#jobCommand(verb, key, (turn) => jobs.updateJob(turn, key, changes));
  }

  resolveIncident(key: string): Promise<void> {
    return this.#runner.run((turn) => resolveIncident(turn, key));
  }

  async publishMessage(request: MessageRequest): Promise<{ key: string }> {
    return { key: await this.#runner.run((turn) => publishMessage(turn, request)) };
  }

  correlateMessage(
    request: Parameters<EngineApi['correlateMessage']>[0],
  ): Promise<{ key: string; instance: string }> {
    return this.#runner.run((turn) => correlateMessage(turn, request));
  }

  async broadcastSignal(name: string, variables: string): Promise<{ key: string }> {
    if (name === '') throw invalidArgument('No signalName provided.');
    return { key: await this.#runner.run((turn) => broadcast(turn, name, readVariables(variables))) };
  }

  setVariables(elementInstance: string, variables: string, local: boolean): Promise<void> {
    return this.#runner.run((turn) => setVariables(turn, elementInstance, variables, local));
  }

  completeUserTask(key: string, variables: string): Promise<void> {
    return this.#runner.run((turn) => completeUserTask(turn, key, variables));
  }

  assignUserTask(key: string, assignee: string | null, allowOverride: boolean): Promise<void> {
    return this.#runner.run((turn) => assignUserTask(turn, key, assignee, allowOverride));
  }

  createDocument(content: Buffer, request: DocumentRequest): Promise<{ documentId: string }> {
    return this.#documents.create(content, request);
  }

  readDocument(documentId: string): Promise<Buffer> {
    return this.#documents.read(documentId);
  }

  deleteDocument(documentId: string): Promise<void> {
    return this.#documents.delete(documentId);
  }

  async advanceClock(ms: number): Promise<void> {
    if (!(ms >= 0)) throw invalidArgument('The clock of the local engine moves forward only.');
    if (this.now() + ms > lastMoment)
      throw invalidArgument('The clock of the local engine ends with the calendar, in the year 275760.');
    await this.#runner.run((turn) => this.#runner.advance(turn, ms));
    this.#agenda.look();
    await this.#agenda.settled();
  }

  records(after: number): Promise<readonly string[]> {
    return this.#storage.records(after);
  }

  /** Resolves when nothing is left to be done before the next due time. */
  settled(): Promise<void> {
    return this.#agenda.settled();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#dispatcher.close();
    await this.#agenda.close();
    await this.#storage.close();
  }

  /** A refused command is worth a record: tests ask for those that came too late. */
  async #jobCommand(verb: string, key: string, command: (turn: Turn) => void): Promise<void> {
    try {
      await this.#runner.run(command);
    } catch (error) {
      if (error instanceof Rejection) await this.#recordRejection(verb, key, error);
      throw error;
    }
  }

  #recordRejection(verb: string, key: string, { title, detail }: Rejection): Promise<void> {
    const job = this.state.jobs.get(key);
    return this.#runner.run((turn) =>
      turn.record({
        valueType: 'JOB',
        intent: verb,
        key: /^\d{1,19}$/.test(key) ? key : '-1',
        value: {
          type: job?.type ?? '',
          processInstanceKey: job?.instance ?? '-1',
          elementId: job?.elementId ?? '',
          elementInstanceKey: job?.elementInstance ?? '-1',
        },
        rejection: { type: title, reason: detail },
      }),
    );
  }

  #afterCommand(turn: Turn): void {
    for (const key of turn.ended) this.#instanceEnded(key);
    if (this.#retention.isDue) this.#agenda.forgetSoon(() => this.#retention.forget());
    for (const type of turn.wokenTypes) this.#dispatcher.serve(type);
    this.#agenda.look();
  }

  #instanceEnded(key: string): void {
    const instance = this.state.instances.get(key);
    if (instance === undefined) return;
    if (instance.parentInstance === null) this.#retention.ended(key);
    this.#awaited.ended(key);
  }
}

function created(instance: InstanceRow): CreatedInstance {
  const { key, processId, version, definition, tags } = instance;
  return { key, processId, version, definitionKey: definition, tags, variables: '{}' };
}

function pick(json: string, names: readonly string[]): string {
  if (names.length === 0) return json;
  const variables = readVariables(json);
  return toObject([...variables].filter(([name]) => names.includes(name)));
}

function* allRows(state: EngineState): Iterable<readonly [string, string, Row]> {
  for (const [name, table] of state.tables) for (const row of table.values()) yield [name, row.key, row];
}
