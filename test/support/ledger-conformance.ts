/** What every ledger must do; run against memory, file and Redis. */
import { LedgerError, type Ledger } from '../../src/ledger/ledger';
import { dieAt, outcomes, steps } from './ledger-crashes';

export interface LedgerUnderTest {
  readonly ledger: Ledger;
  /** A second process's view of the same store; the same ledger where a store has one process only. */
  readonly other: Ledger;
}

export const smallBytes = 2 * 1024 * 1024;

let jobs = 0;
const newKey = () => ({ jobKey: `job-${process.pid}-${Date.now()}-${++jobs}`, requestHash: 'hash' });
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param open the ledger under test, open already
 * @param small the same kind of ledger with room for about `smallBytes`
 */
export function ledgerConformance(open: () => LedgerUnderTest, small: () => Ledger | Promise<Ledger>): void {
  const ttlMs = 10_000;

  test('the first claim gets the entry, a second one finds it busy', async () => {
    const { ledger, other } = open();
    const key = newKey();
    expect(await ledger.claim(key, 'a', ttlMs)).toEqual({ kind: 'claimed', doubtful: false });
    const second = await other.claim(key, 'b', ttlMs);
    expect(second.kind).toBe('busy');
    expect(second.kind === 'busy' && second.endsInMs).toBeGreaterThan(ttlMs / 2);
  });

  test('of many racing claims exactly one gets the entry', async () => {
    const { ledger, other } = open();
    const key = newKey();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) => (index % 2 ? ledger : other).claim(key, `c${index}`, ttlMs)),
    );
    expect(outcomes.filter((outcome) => outcome.kind === 'claimed')).toHaveLength(1);
  });

  test('a kept answer is found by everybody, byte by byte', async () => {
    const { ledger, other } = open();
    const key = newKey();
    const answer = Buffer.from([0, 1, 2, 255, 254, 10, 13, 0]);
    await ledger.claim(key, 'a', ttlMs);
    await ledger.keep(key, answer);
    expect(await other.claim(key, 'b', ttlMs)).toEqual({ kind: 'answered', answer });
    expect(await ledger.claim(key, 'a', ttlMs)).toEqual({ kind: 'answered', answer });
  });

  test('another request of the same job is another entry', async () => {
    const { ledger } = open();
    const key = newKey();
    await ledger.claim(key, 'a', ttlMs);
    expect((await ledger.claim({ ...key, requestHash: 'other' }, 'a', ttlMs)).kind).toBe('claimed');
  });

  test('a claim whose time is over can be taken, and the taker is told of the doubt', async () => {
    const { ledger, other } = open();
    const key = newKey();
    await ledger.claim(key, 'a', 50);
    await wait(120);
    expect(await other.claim(key, 'b', ttlMs)).toEqual({ kind: 'claimed', doubtful: true });
  });

  test('a renewed claim lasts, and cannot be renewed by somebody else', async () => {
    const { ledger, other } = open();
    const key = newKey();
    await ledger.claim(key, 'a', 200);
    expect(await ledger.renew(key, 'a', ttlMs)).toBe(true);
    await wait(250);
    expect(await other.renew(key, 'b', ttlMs)).toBe(false);
    expect((await other.claim(key, 'b', ttlMs)).kind).toBe('busy');
  });

  test('a claim renewed for no time at all leaves a doubt at once', async () => {
    const { ledger, other } = open();
    const key = newKey();
    await ledger.claim(key, 'a', ttlMs);
    await ledger.renew(key, 'a', 0);
    expect(await other.claim(key, 'b', ttlMs)).toEqual({ kind: 'claimed', doubtful: true });
  });

  test('a released claim is gone without a doubt; nobody else can release it', async () => {
    const { ledger, other } = open();
    const key = newKey();
    await ledger.claim(key, 'a', ttlMs);
    await other.release(key, 'b');
    expect((await other.claim(key, 'b', ttlMs)).kind).toBe('busy');
    await ledger.release(key, 'a');
    expect(await other.claim(key, 'b', ttlMs)).toEqual({ kind: 'claimed', doubtful: false });
  });

  test('an answer is kept even when the claim went to somebody else', async () => {
    const { ledger, other } = open();
    const key = newKey();
    await ledger.claim(key, 'a', 20);
    await wait(60);
    await other.claim(key, 'b', ttlMs);
    await ledger.keep(key, Buffer.from('late'));
    expect((await other.claim(key, 'c', ttlMs)).kind).toBe('answered');
  });

  test('a discarded answer is asked for anew, without a doubt; a claim is not discarded', async () => {
    const { ledger, other } = open();
    const key = newKey();
    await ledger.claim(key, 'a', ttlMs);
    await other.discard(key);
    expect((await other.claim(key, 'b', ttlMs)).kind).toBe('busy');
    await ledger.keep(key, Buffer.from('no good'));
    await other.discard(key);
    expect(await other.claim(key, 'b', ttlMs)).toEqual({ kind: 'claimed', doubtful: false });
  });

  test('postponements are counted from the first one on', async () => {
    const { ledger, other } = open();
    const { jobKey } = newKey();
    expect(await ledger.postponed(jobKey, 1_000)).toEqual({ count: 1, sinceMs: 1_000 });
    expect(await other.postponed(jobKey, 5_000)).toEqual({ count: 2, sinceMs: 1_000 });
  });

  test('a forgotten job has no answer and no count any more', async () => {
    const { ledger, other } = open();
    const key = newKey();
    await ledger.claim(key, 'a', ttlMs);
    await ledger.keep(key, Buffer.from('x'));
    await ledger.postponed(key.jobKey, 1);
    await other.forget(key.jobKey);
    expect(await ledger.claim(key, 'b', ttlMs)).toEqual({ kind: 'claimed', doubtful: false });
    expect((await ledger.postponed(key.jobKey, 9)).count).toBe(1);
  });

  test('of two workers that race again and again exactly one wins each time', async () => {
    const { ledger, other } = open();
    for (let round = 0; round < 300; round++) {
      const key = newKey();
      const racers = [ledger.claim(key, 'a', ttlMs), other.claim(key, 'b', ttlMs)] as const;
      const [a, b] = await Promise.all(racers);
      expect([a.kind, b.kind].sort()).toEqual(['busy', 'claimed']);
    }
  });

  test('of two workers that race for a claim that has ended exactly one gets it, and is told of the doubt', async () => {
    const { ledger, other } = open();
    const keys = Array.from({ length: 50 }, newKey);
    await Promise.all(keys.map((key) => ledger.claim(key, 'dead', 1)));
    await wait(20);
    for (const key of keys) {
      const racers = [ledger.claim(key, 'a', ttlMs), other.claim(key, 'b', ttlMs)] as const;
      const won = (await Promise.all(racers)).filter(({ kind }) => kind === 'claimed');
      expect(won).toEqual([{ kind: 'claimed', doubtful: true }]);
    }
  });

  test('an answer, a release or a renewal that comes late harms nobody', async () => {
    const { ledger, other } = open();
    const key = newKey();
    await ledger.claim(key, 'a', 1);
    await wait(20);
    await other.claim(key, 'b', ttlMs);
    expect(await ledger.renew(key, 'a', ttlMs)).toBe(false);
    await ledger.release(key, 'a');
    expect((await ledger.claim(key, 'c', ttlMs)).kind).toBe('busy');
    await other.keep(key, Buffer.from('paid'));
    expect(await ledger.renew(key, 'a', ttlMs)).toBe(false);
    await ledger.release(key, 'a');
    await other.release(key, 'b');
    expect((await ledger.claim(key, 'c', ttlMs)).kind).toBe('answered');
  });

  test.each(steps)('a worker that dies when it has %s leaves what the next one needs', async (step) => {
    const { ledger, other } = open();
    expect(await dieAt(step, ledger, other, newKey().jobKey)).toEqual(outcomes[step]);
  });

  test('an answer that finds no room is kept or leaves a doubt, and the ledger stays within its size', async () => {
    const ledger = await small();
    const keys = Array.from({ length: 60 }, newKey);
    const refused: unknown[] = [];
    const refusal = (error: unknown): void => void refused.push(error);
    const claimed: typeof keys = [];
    for (const key of keys) {
      const outcome = await ledger.claim(key, 'a', 1).catch(refusal);
      if (outcome?.kind !== 'claimed') continue;
      claimed.push(key);
      await ledger.keep(key, Buffer.alloc(smallBytes / 20, key.jobKey)).catch(refusal);
    }
    expect(claimed.length).toBeGreaterThan(10);
    for (const error of refused) expect(error).toBeInstanceOf(LedgerError);
    await wait(20);
    let answered = 0;
    for (const key of claimed) {
      const outcome = await ledger.claim(key, 'b', 1).catch(refusal);
      // What cannot even be asked is not called either.
      if (outcome === undefined) continue;
      if (outcome.kind === 'answered') answered++;
      else expect(outcome).toEqual({ kind: 'claimed', doubtful: true });
    }
    expect(answered).toBeGreaterThan(5);
    expect(answered).toBeLessThan(30);
    await ledger.close();
  });
}
