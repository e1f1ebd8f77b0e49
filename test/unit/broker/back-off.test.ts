import * as fc from 'fast-check';
import { jitteredWaitMs } from '../../../src/broker/back-off';

test('pauses grow from 100 ms and end at the limit', () => {
  expect([0, 1, 2, 3, 10].map((attempt) => jitteredWaitMs(attempt, 0.999, 100, 5_000))).toEqual([
    200, 400, 799, 1599, 4995,
  ]);
});

test('any attempt and any chance give a pause within the limits', () => {
  fc.assert(
    fc.property(fc.double(), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
      const ms = jitteredWaitMs(attempt, random, 100, 5_000);
      expect(ms).toBeGreaterThanOrEqual(100);
      expect(ms).toBeLessThanOrEqual(5_000);
    }),
  );
});
