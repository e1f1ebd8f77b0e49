/** The port to the process engine, in the job protocol's verbs. One conformance suite runs against every adapter. */
import type { DocumentMetadata, DocumentReference, Job, JobCommand } from '../job/job';

export interface ActivationRequest {
  readonly type: string;
  /** Shown by the engine as the job's worker. */
  readonly worker: string;
  /** ms for which an activated job is ours. */
  readonly timeoutMs: number;
  readonly maxJobs: number;
  readonly fetchVariables: readonly string[];
  /** Empty: the cluster's default. */
  readonly tenantIds: readonly string[];
}

export interface Broker {
  /**
   * One long poll. It cannot be aborted: the gateway of a REST cluster does not notice that a client has gone, and
   * a poll that nobody waits for goes on taking jobs.
   * @returns the jobs that are now ours; an empty list after the request time-out
   * @throws BrokerError
   */
  activate(request: ActivationRequest): Promise<readonly Job[]>;
  /** Sends the command once. @throws BrokerError */
  send(jobKey: string, command: JobCommand): Promise<void>;
  /** Sets the job's time-out, ms from now. @throws BrokerError */
  extend(jobKey: string, timeoutMs: number): Promise<void>;
  /** Stores a document. @throws BrokerError */
  uploadDocument(content: Buffer, metadata: DocumentMetadata): Promise<DocumentReference>;
  /** Reads a document. @throws BrokerError */
  downloadDocument(reference: DocumentReference): Promise<Buffer>;
  /** Closes the connections; nothing may be under way any more. */
  close(): Promise<void>;
}

/**
 * Why the engine did not do what it was asked.
 * - `not-found`: the job is done, cancelled or was never there
 * - `invalid-state`: the job cannot take this command now (incident, back-off, time-out)
 * - `back-pressure`: try again, later
 * - `unavailable`: no answer, no leader, connection lost; it may have been done
 * - `too-large`: the command is larger than the engine takes
 * - `invalid`: the engine refuses the content; a repeat cannot help
 * - `unauthorized`: credentials missing or refused
 */
export type BrokerErrorKind =
  'not-found' | 'invalid-state' | 'back-pressure' | 'unavailable' | 'too-large' | 'invalid' | 'unauthorized';

export class BrokerError extends Error {
  override readonly name = 'BrokerError';
  constructor(
    readonly kind: BrokerErrorKind,
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }

  /** Whether the same request may succeed when it is sent again. */
  get repeatable(): boolean {
    return this.kind === 'back-pressure' || this.kind === 'unavailable' || this.kind === 'unauthorized';
  }
}
