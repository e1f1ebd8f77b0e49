import { createReadiness } from '../../../src/management/readiness';

test('ready once a poll succeeded for every type, and not any more when one is too old', () => {
  const readiness = createReadiness(['a', 'b'], 30_000, () => false);
  expect(readiness.status(0).reasons).toEqual({
    a: 'no poll has succeeded yet',
    b: 'no poll has succeeded yet',
  });
  readiness.pollSucceeded('a', 1_000);
  readiness.pollSucceeded('b', 2_000);
  expect(readiness.status(31_000)).toEqual({ ready: true, reasons: {} });
  expect(readiness.status(31_500).reasons).toEqual({ a: 'no poll has succeeded for 31 s' });
});

test('a full worker opens no poll and stays ready', () => {
  const readiness = createReadiness(['a'], 30_000, () => true);
  readiness.pollSucceeded('a', 0);
  expect(readiness.status(1_000_000).ready).toBe(true);
});

test('a stopping worker is not ready', () => {
  const readiness = createReadiness(['a'], 30_000, () => false);
  readiness.pollSucceeded('a', 0);
  readiness.stop();
  expect(readiness.status(1).ready).toBe(false);
});
