/** Workers that die at any step of a paid call, on any ledger: what the next one finds, and what is paid. */
import { randomUUID } from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../../src/http/request';
import { createAnswerCodec } from '../../src/ledger/answer-codec';
import { LedgerError, type Ledger } from '../../src/ledger/ledger';
import { payOnce, type LedgerEvent, type PaidCalls } from '../../src/ledger/pay-once';

export const paidRequest = (url = 'http://api.test/v1/x'): HttpRequest => ({
  method: 'POST',
  url,
  headers: [['authorization', 'Bearer k']],
  body: Buffer.from('{"a":1}'),
  connectTimeoutMs: 0,
  idleTimeoutMs: 0,
  totalTimeoutMs: 0,
  maxBodyBytes: 1e6,
});
const answer: HttpResponse = {
  status: 200,
  reason: 'OK',
  headers: [['A', 'b']],
  body: Buffer.from('{"x":1}'),
};
const signal = new AbortController().signal;
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Events but for the wait for a dead worker's claim: on a slow machine it has ended before anybody asks. */
export const toldOf = ({ events }: Activation): LedgerEvent[] => events.filter((event) => event !== 'waited');

/** Where a worker dies. What is paid then and what the next worker is told. */
export const steps = ['claimed', 'sent', 'heard', 'kept', 'forgotten'] as const;
export type Step = (typeof steps)[number];
/** Calls the upstream has seen in the end, and the events of the worker that takes over. */
export const outcomes: Readonly<
  Record<Step, { readonly paid: number; readonly events: readonly LedgerEvent[] }>
> = {
  claimed: { paid: 1, events: ['doubt', 'miss'] },
  sent: { paid: 2, events: ['doubt', 'miss'] },
  heard: { paid: 2, events: ['doubt', 'miss'] },
  kept: { paid: 1, events: ['hit'] },
  forgotten: { paid: 2, events: ['miss'] },
};

export interface Activation extends PaidCalls {
  readonly events: LedgerEvent[];
}

/** One activation of a job: its own claimant. */
export function activation(
  ledger: Ledger,
  jobKey: string,
  claimMs: number,
  execute: (request: HttpRequest) => Promise<HttpResponse>,
  onLedgerFailure: 'refuse' | 'unprotected' = 'refuse',
): Activation {
  const events: LedgerEvent[] = [];
  const paid = payOnce(execute, {
    ledger,
    codec: createAnswerCodec(undefined),
    jobKey,
    claimant: randomUUID(),
    secrets: new Map(),
    onLedgerFailure,
    claimMs,
    sleep: wait,
    onEvent: (event) => events.push(event),
  });
  return { ...paid, events };
}

/**
 * Lets a first worker die at a step and a second one take over.
 * @returns calls the upstream has seen, and the second worker's events
 */
export async function dieAt(
  step: Step,
  first: Ledger,
  second: Ledger,
  jobKey: string,
): Promise<{ paid: number; events: readonly LedgerEvent[] }> {
  const claimMs = 200;
  let paid = 0;
  const grave = new Grave(first);
  const victim = activation(grave.ledger, jobKey, claimMs, async () => {
    if (step === 'claimed') await grave.die();
    paid++;
    if (step === 'sent') await grave.die();
    if (step === 'heard') await grave.die();
    return answer;
  });
  const life = (async () => {
    await victim.call(paidRequest(), signal);
    if (step === 'forgotten') await grave.ledger.forget(jobKey);
    await grave.die();
  })().catch(() => undefined);
  await grave.dead;
  const heir = activation(second, jobKey, claimMs, () => {
    paid++;
    return Promise.resolve(answer);
  });
  const found = await heir.call(paidRequest(), signal);
  grave.close();
  await life;
  if (found.status !== answer.status) throw new Error(`Unexpected answer ${found.status}`);
  return { paid, events: toldOf(heir) };
}

/** A ledger as a worker sees it that stops in the middle: from its death on it changes nothing. */
class Grave {
  readonly ledger: Ledger;
  readonly dead: Promise<void>;
  #onDeath!: () => void;
  #isDead = false;
  #wake: ((error: Error) => void) | undefined;

  constructor(ledger: Ledger) {
    this.dead = new Promise((resolve) => (this.#onDeath = resolve));
    const alive = <Result>(action: () => Promise<Result>): Promise<Result> =>
      this.#isDead ? Promise.reject(new LedgerError('dead')) : action();
    this.ledger = {
      claim: (...given) => alive(() => ledger.claim(...given)),
      renew: (...given) => alive(() => ledger.renew(...given)),
      keep: (...given) => alive(() => ledger.keep(...given)),
      release: (...given) => alive(() => ledger.release(...given)),
      discard: (...given) => alive(() => ledger.discard(...given)),
      postponed: (...given) => alive(() => ledger.postponed(...given)),
      forget: (...given) => alive(() => ledger.forget(...given)),
      close: () => Promise.resolve(),
    };
  }

  /** Never returns, until the grave is closed. */
  die(): Promise<never> {
    this.#isDead = true;
    this.#onDeath();
    return new Promise((_, reject) => (this.#wake = reject));
  }

  close(): void {
    this.#wake?.(new Error('buried'));
  }
}
