/**
 * Keeps calls from an API that said "later", and bounds the calls at a time to one deployment.
 *
 * A rate limit belongs to a deployment (or model) under one credential. When it asks for a rest with a hint, it cools
 * down: no further call is made until then. A job that comes meanwhile waits here when that is short, and is postponed
 * with unchanged retries otherwise. A job type whose jobs all go to one deployment is not even polled.
 */
import { createHash } from 'node:crypto';
import { ConnectorError } from '../errors';
import { headerValue, type HttpExecute, type HttpRequest, type HttpResponse } from '../http/request';
import { retryHintMs } from '../retry/hint';
import { inCall, maxCoolMs, rateLimitStatus, ruleOf } from '../retry/policy';

/** A request that counts against a limit. */
export interface LimitedRequest extends HttpRequest {
  /** The deployment or model whose rate limit the call counts against; absent: none is kept. */
  readonly limitGroup?: string;
}

export interface RateGateOptions {
  /** Calls at a time to one deployment; 0 = no limit. */
  readonly maxConcurrent: number;
  readonly now: () => number;
  readonly random: () => number;
}

/** A deployment that was not called for that long does not count when it is asked what a job type calls. */
const recentMs = 15 * 60_000;

interface Deployment {
  coolUntilMs: number;
  /** Calls under way, those included that wait. */
  callers: number;
  running: number;
  readonly queue: (() => void)[];
}

export class RateGate {
  readonly #options: RateGateOptions;
  readonly #deployments = new Map<string, Deployment>();
  /** By job type: its two latest deployments and when they were called, the latest last. Whether there are more does not matter. */
  readonly #lastCalls = new Map<string, Map<string, number>>();

  constructor(options: RateGateOptions) {
    this.#options = options;
  }

  /** How long the jobs of a type cannot be served, ms; 0 when some can be, or nobody knows. */
  pauseMs(jobType: string): number {
    const now = this.#options.now();
    const calls = this.#lastCalls.get(jobType);
    if (calls === undefined) return 0;
    for (const [key, lastMs] of calls) if (now - lastMs > recentMs) calls.delete(key);
    if (calls.size !== 1) return 0;
    const [key] = calls.keys();
    return Math.max(0, (this.#deployments.get(key!)?.coolUntilMs ?? 0) - now);
  }

  /** Deployments in memory: those that are called or cool down. Tokens rotate and paths hold ids, so others are forgotten. */
  get known(): number {
    return this.#deployments.size;
  }

  /** Deployments that are cooling down now. */
  get cooling(): number {
    const now = this.#options.now();
    return [...this.#deployments.values()].filter(({ coolUntilMs }) => coolUntilMs > now).length;
  }

  /**
   * The port for one job: calls with a `limitGroup` pass the gate, others go straight on.
   * Rejects with ConnectorError RATE_LIMITED (postpone) when the deployment cools down for longer than a moment.
   */
  guard(
    jobType: string,
    execute: HttpExecute,
    sleep: (ms: number) => Promise<void>,
  ): (request: LimitedRequest, signal: AbortSignal) => Promise<HttpResponse> {
    return async (request, signal) => {
      if (request.limitGroup === undefined) return execute(request, signal);
      const key = keyOf(request);
      const deployment = this.#deployment(key);
      this.#noteCall(jobType, key);
      deployment.callers++;
      try {
        await this.#untilCool(deployment, sleep);
        await this.#enter(deployment, signal);
        try {
          await this.#untilCool(deployment, sleep);
          const answer = await execute(request, signal);
          this.#heed(deployment, answer);
          return answer;
        } finally {
          this.#release(deployment);
        }
      } finally {
        deployment.callers--;
        this.#forgetIdle();
      }
    };
  }

  #deployment(key: string): Deployment {
    const known = this.#deployments.get(key) ?? { coolUntilMs: 0, callers: 0, running: 0, queue: [] };
    this.#deployments.set(key, known);
    return known;
  }

  #forgetIdle(): void {
    const now = this.#options.now();
    for (const [key, { callers, coolUntilMs }] of this.#deployments) {
      if (callers === 0 && coolUntilMs <= now) this.#deployments.delete(key);
    }
  }

  #noteCall(jobType: string, key: string): void {
    const calls = this.#lastCalls.get(jobType) ?? new Map<string, number>();
    calls.delete(key);
    calls.set(key, this.#options.now());
    if (calls.size > 2) calls.delete(calls.keys().next().value!);
    this.#lastCalls.set(jobType, calls);
  }

  /** An answer that says "later" cools its deployment. */
  #heed(deployment: Deployment, { status, headers }: HttpResponse): void {
    if (!ruleOf(status).cools) return;
    const hintMs = retryHintMs(status, headers, this.#options.now());
    if (hintMs === undefined) return;
    deployment.coolUntilMs = Math.max(
      deployment.coolUntilMs,
      this.#options.now() + Math.min(hintMs, maxCoolMs),
    );
  }

  async #untilCool(deployment: Deployment, sleep: (ms: number) => Promise<void>): Promise<void> {
    for (;;) {
      const leftMs = deployment.coolUntilMs - this.#options.now();
      if (leftMs <= 0) return;
      if (leftMs > inCall.maxWaitMs) {
        throw new ConnectorError(
          'The API asked to wait before the next call, so this one was not made. The job tries again by itself.',
          {
            code: String(rateLimitStatus),
            cause: ruleOf(rateLimitStatus).cause,
            retry: { kind: 'postpone', waitMs: leftMs },
          },
        );
      }
      // Spread out, or all that wait would call in one instant.
      await sleep(leftMs + Math.round(leftMs * this.#options.random()));
    }
  }

  async #enter(deployment: Deployment, signal: AbortSignal): Promise<void> {
    const { maxConcurrent } = this.#options;
    if (maxConcurrent === 0 || deployment.running < maxConcurrent) {
      deployment.running++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        deployment.queue.splice(deployment.queue.indexOf(enter), 1);
        reject(signal.reason as Error);
      };
      deployment.queue.push(enter);
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** The place goes to the next in line, or becomes free. */
  #release(deployment: Deployment): void {
    const next = deployment.queue.shift();
    if (next) next();
    else deployment.running--;
  }
}

/** Credentials only as a hash: the key stays in memory for long. */
function keyOf(request: LimitedRequest): string {
  const credential =
    headerValue(request.headers, 'authorization') ?? headerValue(request.headers, 'api-key') ?? '';
  const hash = createHash('sha256').update(credential).digest('base64').slice(0, 12);
  return `${new URL(request.url).origin} ${request.limitGroup} ${hash}`;
}
