/** One request while it is worked on, as the handlers of the routes see it. */
import type { EngineApi } from '../api';
import type { Answer } from './answer';
import type { CheckedBody } from './body';
import type { Switches } from './faults';
import type { FormPart } from './multipart';

export interface ApiCall {
  readonly engine: EngineApi;
  readonly switches: Readonly<Switches>;
  /** Variable parts of the path, by name. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Port and host that the client reached us at. */
  readonly address: { readonly host: string; readonly port: number };
  /** Aborted when the client went away without its answer. */
  readonly gone: AbortSignal;
  /** Aborted when the server stops: what waits is to be answered now. */
  readonly stopping: AbortSignal;
  /** @throws Rejection */
  readonly body: () => Promise<CheckedBody>;
  /** @throws Rejection when it is not a form, or larger than this */
  readonly form: (maxBytes: number) => Promise<readonly FormPart[]>;
}

export type Handler = (call: ApiCall) => Answer | Promise<Answer>;
/** Method, path with `{names}` for its variable parts, handler. */
export type Route = readonly [method: string, path: string, handler: Handler];
