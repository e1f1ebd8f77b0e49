/** The job protocol over REST `/v2`: the only file that talks HTTP to the engine. */
import { Pool, FormData, type Dispatcher } from 'undici';
import type { DocumentMetadata, DocumentReference, Job, JobCommand } from '../job/job';
import { BrokerError, type ActivationRequest, type Broker } from './broker';
import {
  activationCall,
  commandCall,
  extensionCall,
  readJobs,
  readRefusal,
  type RestCall,
} from './rest-protocol';

export interface RestBrokerOptions {
  /** Base URL of the cluster's REST API without `/v2`; a path prefix is kept. */
  readonly address: string;
  /** How long a poll stays open at the gateway, ms. Must stay below the gateway's and every proxy's idle limit (30 s). */
  readonly requestTimeoutMs: number;
  /** Authentication headers for the next request. */
  readonly authHeaders: () => Promise<Record<string, string>>;
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

/** Beyond the gateway's own limit: a poll must never end on our side first. */
const pollMarginMs = 10_000;
const commandTimeoutMs = 20_000;
/** One answer may bring 32 jobs of 4 MB; a larger answer is not a list of jobs. */
const maxAnswerBytes = 160 * 1024 * 1024;
const nothing = Buffer.alloc(0);

/** Speaks to one cluster until it is closed. */
export class RestBroker implements Broker {
  readonly #options: RestBrokerOptions;
  readonly #origin: string;
  readonly #prefix: string;
  /** Polls are kept apart: they hold their connection for seconds, and a command must not wait behind one. */
  readonly #polls: Pool;
  readonly #commands: Pool;

  constructor(options: RestBrokerOptions) {
    const url = new URL(options.address);
    this.#options = options;
    this.#origin = url.origin;
    this.#prefix = url.pathname.replace(/\/+$/, '');
    const shared = { connect: { ...options.tls, timeout: 10_000 }, keepAliveTimeout: 20_000 };
    this.#polls = new Pool(url.origin, {
      ...shared,
      connections: null,
      headersTimeout: options.requestTimeoutMs + pollMarginMs,
      bodyTimeout: pollMarginMs,
    });
    this.#commands = new Pool(url.origin, {
      ...shared,
      connections: 16,
      headersTimeout: commandTimeoutMs,
      bodyTimeout: commandTimeoutMs,
    });
  }

  async activate(activation: ActivationRequest): Promise<readonly Job[]> {
    return readJobs(
      await this.#call(this.#polls, activationCall(activation, this.#options.requestTimeoutMs)),
    );
  }

  async send(jobKey: string, command: JobCommand): Promise<void> {
    await this.#call(this.#commands, commandCall(jobKey, command));
  }

  async extend(jobKey: string, timeoutMs: number): Promise<void> {
    await this.#call(this.#commands, extensionCall(jobKey, timeoutMs));
  }

  async uploadDocument(content: Buffer, metadata: DocumentMetadata): Promise<DocumentReference> {
    const answer = await this.#request(
      this.#commands,
      'POST',
      '/v2/documents',
      {},
      documentForm(content, metadata),
    );
    return JSON.parse(answer.toString('utf8')) as DocumentReference;
  }

  async downloadDocument(reference: DocumentReference): Promise<Buffer> {
    const query = new URLSearchParams();
    if (reference.storeId) query.set('storeId', reference.storeId);
    if (reference.contentHash) query.set('contentHash', reference.contentHash);
    const path = `/v2/documents/${encodeURIComponent(reference.documentId ?? '')}?${query.toString()}`;
    return this.#request(this.#commands, 'GET', path, { accept: '*/*' });
  }

  async close(): Promise<void> {
    await Promise.all([this.#polls.destroy(), this.#commands.destroy()]);
  }

  async #call(pool: Pool, { method, path, body }: RestCall): Promise<string> {
    const answer = await this.#request(pool, method, path, { 'content-type': 'application/json' }, body);
    return answer.toString('utf8');
  }

  async #request(
    pool: Pool,
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    payload?: string | FormData,
  ): Promise<Buffer> {
    let answer: Dispatcher.ResponseData;
    let body: Buffer;
    try {
      answer = await pool.request({
        method: method,
        path: this.#prefix + path,
        headers: { accept: 'application/json', ...headers, ...(await this.#options.authHeaders()) },
        body: payload ?? null,
      });
      body = await readAll(answer);
    } catch (error) {
      if (error instanceof BrokerError) throw error;
      const { message, code } = error as Error & { code?: string };
      throw new BrokerError(
        'unavailable',
        `No answer from the engine at ${this.#origin}: ${message || code || 'unknown fault'}`,
      );
    }
    if (answer.statusCode >= 400) throw readRefusal(answer.statusCode, body.toString('utf8'));
    return body;
  }
}

function documentForm(content: Buffer, metadata: DocumentMetadata): FormData {
  const form = new FormData();
  const type = metadata.contentType ?? 'application/octet-stream';
  form.append('file', new Blob([Uint8Array.from(content)], { type }), metadata.fileName ?? 'document');
  form.append(
    'metadata',
    new Blob([JSON.stringify(metadata)], { type: 'application/json' }),
    'metadata.json',
  );
  return form;
}

async function readAll({ statusCode, body }: Dispatcher.ResponseData): Promise<Buffer> {
  if (statusCode === 204) {
    await body.dump();
    return nothing;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxAnswerBytes)
      throw new BrokerError('unavailable', `An answer of the engine exceeds ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}
