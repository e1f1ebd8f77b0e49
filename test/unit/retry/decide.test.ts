import { ConnectorError, type RetryRule } from '../../../src/errors';
import { decideRetry } from '../../../src/retry/decide';

const failure = (retry: RetryRule): ConnectorError => new ConnectorError('x', { retry });

describe('what a failure costs', () => {
  it('takes all retries for what waiting cannot heal, and keeps the back-off of the task', () => {
    expect(decideRetry(failure({ kind: 'never' }), 3, 5000, true, 0)).toEqual({
      retries: 0,
      backoffMs: 5000,
    });
  });

  it.each([
    [3, 2],
    [1, 0],
    [0, 0],
  ])('takes one of %d retries for what may heal', (retries, left) => {
    expect(decideRetry(failure({ kind: 'consume' }), retries, undefined, true, 0)).toEqual({
      retries: left,
      backoffMs: 0,
    });
  });

  it('takes none when the server said when to come back', () => {
    expect(decideRetry(failure({ kind: 'postpone', waitMs: 7000 }), 3, 1000, true, 0)).toEqual({
      retries: 3,
      backoffMs: 7000,
    });
  });

  it.each([0, 1, 999])('keeps a job away for a second when the server said %d ms', (waitMs) => {
    expect(decideRetry(failure({ kind: 'postpone', waitMs }), 3, undefined, true, 0)).toEqual({
      retries: 3,
      backoffMs: 1000,
    });
  });

  it('spreads postponed jobs out, never before the time the server named', () => {
    const waits = [0, 0.5, 0.999].map(
      (random) => decideRetry(failure({ kind: 'postpone', waitMs: 10_000 }), 3, 0, true, random).backoffMs,
    );
    expect(waits).toEqual([10_000, 11_000, 11_998]);
  });

  it('takes one once the job was postponed too often, after the longer of both waits', () => {
    const postponed = failure({ kind: 'postpone', waitMs: 7000 });
    expect(decideRetry(postponed, 3, 1000, false, 0)).toEqual({ retries: 2, backoffMs: 7000 });
    expect(decideRetry(postponed, 3, 9000, false, 0)).toEqual({ retries: 2, backoffMs: 9000 });
  });
});
