/**
 * The ledger: which answers are paid for already. Before a call a job claims an entry, afterwards the answer is kept in
 * it until the job is done. A second activation of the job finds the answer and does not call again.
 *
 *   (none) --claim--> claimed --keep--> answered --forget--> (none)
 *              claimed --release--> (none)           the call failed for sure, nothing was paid
 *              claimed --time over--> doubtful       the claimant died: sent or not, answered or not
 *
 * One conformance suite runs against all adapters.
 */

export interface EntryKey {
  readonly jobKey: string;
  /** Hash of the canonical request: a job whose input changed pays for its new request. */
  readonly requestHash: string;
}

export type ClaimOutcome =
  /** The entry is ours; `doubtful` when an earlier claim ended without an answer. */
  | { readonly kind: 'claimed'; readonly doubtful: boolean }
  /** Somebody else waits for the answer; the claim ends after `endsInMs` unless it is renewed. */
  | { readonly kind: 'busy'; readonly endsInMs: number }
  | { readonly kind: 'answered'; readonly answer: Buffer };

/** How often and since when a job was postponed. */
export interface Postponements {
  readonly count: number;
  /** ms since 1970. */
  readonly sinceMs: number;
}

export interface Ledger {
  /**
   * Claims the entry for a claimant, atomically.
   * @param claimant unique for one activation of a job
   * @throws LedgerError
   */
  claim(key: EntryKey, claimant: string, ttlMs: number): Promise<ClaimOutcome>;
  /** Prolongs a claim. @returns false when it is not the claimant's any more @throws LedgerError */
  renew(key: EntryKey, claimant: string, ttlMs: number): Promise<boolean>;
  /** Keeps the answer, whoever holds the claim: an answer is never thrown away. @throws LedgerError */
  keep(key: EntryKey, answer: Buffer): Promise<void>;
  /** Gives a claim up: the call failed and nothing was paid. @throws LedgerError */
  release(key: EntryKey, claimant: string): Promise<void>;
  /** Forgets an answer that is no good. @throws LedgerError */
  discard(key: EntryKey): Promise<void>;
  /** Counts one more postponement of a job. @throws LedgerError */
  postponed(jobKey: string, nowMs: number): Promise<Postponements>;
  /** Removes all that is known of a job. @throws LedgerError */
  forget(jobKey: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * - `away`: the ledger cannot be asked or written
 * - `sealed`: an entry was written with another key; with that key it can be read
 * - `damaged`: an entry can never be read again
 */
export type LedgerFault = 'away' | 'sealed' | 'damaged';

/** The ledger, or an entry of it, cannot be used. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  constructor(
    message: string,
    readonly fault: LedgerFault = 'away',
  ) {
    super(message);
  }
}

/** What every adapter needs to know. */
export interface LedgerLimits {
  /** Entries older than this are gone, ms. */
  readonly expiryMs: number;
  /** Bytes of kept answers, at most; adapters that share a store leave this to the store. */
  readonly maxBytes: number;
}

/** One job's record, as adapters keep it. */
export interface JobRecord {
  readonly entries: Record<string, EntryRecord>;
  readonly postponements?: Postponements;
}

export interface EntryRecord {
  readonly claimant?: string;
  /** ms since 1970. */
  readonly claimEndsMs?: number;
  readonly answer?: Buffer;
}

/** The rules of a claim, the same for all adapters that can read and write a record in one step. */
export function decideClaim(
  entry: EntryRecord | undefined,
  claimant: string,
  nowMs: number,
  ttlMs: number,
): { outcome: ClaimOutcome; next?: EntryRecord } {
  if (entry?.answer !== undefined) return { outcome: { kind: 'answered', answer: entry.answer } };
  const endsInMs = (entry?.claimEndsMs ?? 0) - nowMs;
  if (entry !== undefined && entry.claimant !== claimant && endsInMs > 0) {
    return { outcome: { kind: 'busy', endsInMs } };
  }
  const doubtful = entry !== undefined && entry.claimant !== claimant;
  return { outcome: { kind: 'claimed', doubtful }, next: { claimant, claimEndsMs: nowMs + ttlMs } };
}
