/**
 * What the engine offers to those in front of it: the REST server, the broker in one process, dry runs. Every answer
 * comes only after all that it reports is in the journal. What the engine refuses is a `Rejection`.
 */
import type { ProcessModel } from './model/process';
import type { JobRow } from './state/rows';
import type { EngineState } from './state/state';

export type RejectionStatus = 400 | 404 | 409 | 500 | 503 | 504;

/** The engine does not do what it was asked; nothing has changed. */
export class Rejection extends Error {
  override readonly name = 'Rejection';
  /**
   * @param status as the REST API answers it
   * @param title  INVALID_ARGUMENT, NOT_FOUND, INVALID_STATE, ALREADY_EXISTS, ...
   * @param detail a sentence for people
   */
  constructor(
    readonly status: RejectionStatus,
    readonly title: string,
    readonly detail: string,
  ) {
    super(`${title}: ${detail}`);
  }
}

export interface Resource {
  /** File name; .bpmn is run, .form is kept as a name, everything else is refused. */
  readonly name: string;
  readonly content: string;
}

export interface DeployedProcess {
  readonly processId: string;
  readonly version: number;
  readonly key: string;
  readonly resourceName: string;
}

export interface Deployment {
  readonly key: string;
  readonly processes: readonly DeployedProcess[];
}

export interface CreationRequest {
  readonly processId?: string;
  /** Absent or -1: the latest. */
  readonly version?: number;
  readonly definitionKey?: string;
  /** JSON text of an object. */
  readonly variables: string;
  readonly tags: readonly string[];
  /** Wait for the end: how long, ms, and which variables to answer with (empty: all). */
  readonly awaitCompletion?: { readonly timeoutMs: number; readonly fetchVariables: readonly string[] };
}

export interface CreatedInstance {
  readonly key: string;
  readonly processId: string;
  readonly version: number;
  readonly definitionKey: string;
  readonly tags: readonly string[];
  /** JSON text of an object: `{}` unless the end was awaited. */
  readonly variables: string;
}

export interface JobPoll {
  readonly type: string;
  readonly worker: string;
  readonly timeoutMs: number;
  readonly maxJobs: number;
  /** Empty: all. Names that are not there are left out. */
  readonly fetchVariables: readonly string[];
  /** How long to wait for a job, ms; 0: not at all. */
  readonly waitMs: number;
}

export interface ActivatedJob {
  readonly job: JobRow;
  readonly processId: string;
  readonly version: number;
  readonly rootInstance: string;
  readonly tags: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text of an object. */
  readonly variables: string;
}

/** A poll that may be waiting. */
export interface Poll {
  /** The jobs, or none when the time is over. */
  readonly jobs: Promise<readonly ActivatedJob[]>;
  /** The caller has gone: takes no more jobs, and gives back those that were not handed out. */
  giveUp(): void;
}

export interface MessageRequest {
  readonly name: string;
  readonly correlationKey: string;
  /** ms; 0: only for those who wait already. */
  readonly timeToLiveMs: number;
  readonly messageId: string;
  /** JSON text of an object. */
  readonly variables: string;
}

export interface DocumentRequest {
  readonly documentId?: string;
  readonly storeId?: string;
  readonly contentType: string;
  readonly fileName: string;
  /** ISO text. */
  readonly expiresAt?: string;
  readonly processDefinitionId?: string;
  readonly processInstanceKey?: string;
  /** JSON text of an object. */
  readonly customProperties: string;
}

/** The process of a definition, by its key; undefined when this version of the engine cannot read its file any more. */
export type ProcessOf = (definition: string) => ProcessModel | undefined;

export interface EngineApi {
  /** For reading only; see `read`. */
  readonly state: EngineState;
  /** Number of partitions; keys of the fourth and later ones exceed 2^53. */
  readonly partitions: number;
  /** ms since 1970 on the engine's clock. */
  now(): number;
  /**
   * Runs a query and answers when everything it may have seen is in the journal. Processes are read when somebody asks,
   * so a query may run again from its beginning.
   */
  read<T>(query: (state: EngineState, processOf: ProcessOf) => T): Promise<T>;

  deploy(resources: readonly Resource[]): Promise<Deployment>;
  createInstance(request: CreationRequest): Promise<CreatedInstance>;
  cancelInstance(key: string): Promise<void>;
  activateJobs(request: JobPoll): Poll;
  /** Variables are JSON text of an object, here and below. */
  completeJob(key: string, variables: string): Promise<void>;
  failJob(
    key: string,
    failure: { retries: number; errorMessage: string; retryBackOffMs: number; variables: string },
  ): Promise<void>;
  throwJobError(
    key: string,
    error: { errorCode: string; errorMessage: string; variables: string },
  ): Promise<void>;
  updateJob(key: string, changes: { timeoutMs?: number; retries?: number }): Promise<void>;
  resolveIncident(key: string): Promise<void>;
  publishMessage(request: MessageRequest): Promise<{ key: string }>;
  correlateMessage(request: {
    name: string;
    correlationKey: string;
    variables: string;
  }): Promise<{ key: string; instance: string }>;
  broadcastSignal(name: string, variables: string): Promise<{ key: string }>;
  setVariables(elementInstance: string, variables: string, local: boolean): Promise<void>;
  completeUserTask(key: string, variables: string): Promise<void>;
  /** @param assignee null takes the assignee away */
  assignUserTask(key: string, assignee: string | null, allowOverride: boolean): Promise<void>;

  createDocument(content: Buffer, request: DocumentRequest): Promise<{ documentId: string }>;
  readDocument(documentId: string): Promise<Buffer>;
  deleteDocument(documentId: string): Promise<void>;

  /** Moves the clock forward. */
  advanceClock(ms: number): Promise<void>;
  /** Records with a position above `after`, in order, as JSON texts; at most as many as fit into 16 MB. */
  records(after: number): Promise<readonly string[]>;
  /** Ends timers and polls, writes what is left. */
  close(): Promise<void>;
}
