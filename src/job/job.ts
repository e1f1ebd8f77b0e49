/** A job as the connector sees it, and the commands that end it. No type of the broker's client in here. */
import type { HttpExecute } from '../http/request';
import type { JsonText } from '../json/text';
import type { PaidExecute } from './paid-request';
import type { SecretSource } from '../secrets/secret-source';
import type { Manner } from './manner';

export interface Job {
  /** Decimal text: keys pass 2^53. */
  readonly key: string;
  readonly type: string;
  readonly processInstanceKey: string;
  readonly processDefinitionKey: string;
  readonly processDefinitionId: string;
  readonly elementId: string;
  readonly elementInstanceKey: string;
  readonly tenantId: string;
  readonly retries: number;
  readonly customHeaders: Readonly<Record<string, string>>;
  /** The fetched variables as the broker wrote them: JSON text of an object, no digit lost. */
  readonly variables: JsonText;
}

/** The one command that ends a job. Variables are JSON text of an object; delays are ms. */
export type JobCommand =
  | { readonly kind: 'complete'; readonly variables: JsonText }
  | {
      readonly kind: 'fail';
      readonly retries: number;
      readonly backoffMs: number;
      readonly errorMessage: string;
      readonly variables: JsonText;
    }
  | {
      readonly kind: 'throwError';
      readonly errorCode: string;
      readonly errorMessage?: string;
      readonly variables: JsonText;
    };

/** How a job ended: what the engine is told, and what becomes of the answer that was paid for. */
export interface JobEnd {
  readonly command: JobCommand;
  readonly answer: AnswerFate;
  /** For the log line. */
  readonly operation: string | undefined;
}

/** See answer-fate.ts. */
export type AnswerFate = 'needed' | 'bad' | 'spent' | 'bad-and-spent';

/** Where documents live: the cluster's document API. References are JSON objects with `camunda.document.type` (or `documentType`). */
export interface DocumentStore {
  /** @throws ConnectorError DOCUMENT_FAILED or DOCUMENT_STORE_MISSING */
  download(reference: DocumentReference): Promise<Buffer>;
  /** @returns the reference as the cluster wrote it, to be handed to the process unchanged */
  upload(content: Buffer, metadata: DocumentMetadata): Promise<DocumentReference>;
}

export interface DocumentMetadata {
  readonly contentType?: string;
  readonly fileName?: string;
}

export interface DocumentReference {
  readonly storeId?: string;
  readonly documentId?: string;
  readonly contentHash?: string;
  readonly metadata?: {
    readonly contentType?: string;
    readonly fileName?: string;
    readonly [other: string]: unknown;
  };
  readonly [other: string]: unknown;
}

/** What a connector may use while it runs one job. */
export interface Execution {
  /** Values of the secrets this job names, by name. */
  readonly secrets: ReadonlyMap<string, string>;
  /** The call the job is about: paid for once, its answer is kept until the job is done. */
  readonly call: PaidExecute;
  /** Calls beside it (tokens, downloads): never kept. */
  readonly fetch: HttpExecute;
  readonly documents: DocumentStore;
  /** Aborted when the lease is lost, the hard limit is reached or the worker has to leave. */
  readonly signal: AbortSignal;
  /** Waits, or rejects when the signal is aborted. */
  readonly sleep: (ms: number) => Promise<void>;
  /** ms since 1970. */
  readonly now: () => number;
  /** Random number in [0, 1). */
  readonly random: () => number;
}

/** One kind of job. */
export interface Connector {
  /** For logs and metrics. */
  readonly name: string;
  /** How its failures read and what they cost. */
  readonly manner: Manner;
  /** Variables to fetch with the job. */
  readonly fetchVariables: readonly string[];
  /** Reads the job's variables, once. Never throws: a job that cannot be read is a task that fails. */
  open(job: Job): Task;
}

/** One job, read. */
export interface Task {
  /** For the log line: the operation, when the job names one. */
  readonly operation: string | undefined;
  /** Names of the secrets the job's variables refer to, in order of appearance. */
  readonly secretNames: readonly string[];
  /**
   * Runs the job.
   * @returns the response as JSON text (an object, or `null`): what result variable and result expression see
   * @throws ConnectorError, anything else counts as INTERNAL
   */
  run(execution: Execution): Promise<JsonText>;
}

/** What one job needs of the world; made by the worker for each job. */
export interface JobPorts extends Omit<Execution, 'secrets' | 'call'> {
  readonly secrets: SecretSource;
  /** Gives `Execution.call`, once the values of the job's secrets are here: what is kept must not hold them. */
  readonly openCall: (secrets: ReadonlyMap<string, string>) => PaidExecute;
  /**
   * Sets the length of the job's lease, ms from now (header `jobTimeout`). Also resolves when the engine could not
   * be reached: the lease then keeps its length.
   * @throws anything when the engine refuses it
   */
  readonly extendLease: (ms: number) => Promise<void>;
  /** A failure that FEEL turned into null; names and types only, no values. */
  readonly onWarning: (message: string) => void;
  /** Whether this job may wait once more at no cost because the server asked for it. */
  readonly mayPostpone: (waitMs: number) => boolean | Promise<boolean>;
}
