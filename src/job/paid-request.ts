/** The requests that cost money: what ledger and rate gate need to know of them besides the request itself. */
import type { HttpRequest, HttpResponse } from '../http/request';

export interface PaidRequest extends HttpRequest {
  /**
   * What to do when an earlier try of the job ended between sending this request and hearing the answer.
   * Absent: `repeat`.
   */
  readonly onDoubt?: 'repeat' | 'incident';
  /** The deployment or model whose rate limit the call counts against; absent: none is kept. */
  readonly limitGroup?: string;
}

/** The port for the call a job is about. */
export type PaidExecute = (request: PaidRequest, signal: AbortSignal) => Promise<HttpResponse>;
