/** What is done to process instances at random, see process-driver.ts. */
import fc from 'fast-check';
import type { Variables } from './process-tree';
import { names, someVariables as vars } from './random-process';

/** `pick` chooses among what is there. */
export type Action =
  | { readonly kind: 'activate'; readonly pick: number; readonly max: number }
  | { readonly kind: 'complete'; readonly pick: number; readonly vars: Variables }
  | {
      readonly kind: 'fail';
      readonly pick: number;
      readonly vars: Variables;
      readonly retries: number;
      readonly backOffMs: number;
    }
  | { readonly kind: 'throw'; readonly pick: number; readonly vars: Variables; readonly code: string }
  | {
      readonly kind: 'publish';
      readonly pick: number;
      readonly vars: Variables;
      readonly timeToLiveMs: number;
    }
  | { readonly kind: 'pass' | 'jump'; readonly ms: number }
  | { readonly kind: 'resolve'; readonly pick: number; readonly retries: boolean }
  | { readonly kind: 'set'; readonly pick: number; readonly vars: Variables }
  | { readonly kind: 'cancel'; readonly pick: number }
  | { readonly kind: 'signal' }
  | { readonly kind: 'restart' };

const pick = fc.nat(1000);
const weighted: [number, fc.Arbitrary<Action>][] = [
  [5, fc.record({ kind: fc.constant('activate'), pick, max: fc.integer({ min: 1, max: 3 }) })],
  [10, fc.record({ kind: fc.constant('complete'), pick, vars })],
  [
    2,
    fc.record({
      kind: fc.constant('fail'),
      pick,
      vars,
      retries: fc.nat(2),
      backOffMs: fc.constantFrom(0, 5000),
    }),
  ],
  [3, fc.record({ kind: fc.constant('throw'), pick, vars, code: fc.constantFrom('E1', 'E1', 'E2', 'E3') })],
  [4, fc.record({ kind: fc.constant('publish'), pick, vars, timeToLiveMs: fc.constantFrom(0, 20_000) })],
  [
    3,
    fc.record({
      kind: fc.constantFrom('pass', 'jump'),
      ms: fc.integer({ min: 1, max: 25 }).map((s) => s * 1000),
    }),
  ],
  [3, fc.record({ kind: fc.constant('resolve'), pick, retries: fc.boolean() })],
  [1, fc.record({ kind: fc.constant('set'), pick, vars })],
  [1, fc.constant({ kind: 'signal' })],
];
const cancel: fc.Arbitrary<Action> = fc.record({ kind: fc.constant('cancel'), pick });

/** @param restarts whether the engine is also restarted */
export function randomActions(options: { restarts: boolean; maxLength: number }): fc.Arbitrary<Action[]> {
  const all = weighted.map(([weight, arbitrary]) => ({ weight: weight * 4, arbitrary }));
  const restart = fc.constant<Action>({ kind: 'restart' });
  return fc.array(
    fc.oneof(
      ...all,
      { weight: 1, arbitrary: cancel },
      ...(options.restarts ? [{ weight: 16, arbitrary: restart }] : []),
    ),
    { maxLength: options.maxLength, size: 'max' },
  );
}

/** What the instances begin with. */
export const startVariables: fc.Arbitrary<Variables> = fc.record(
  {
    ...Object.fromEntries(names.map((name) => [name, fc.integer({ min: 0, max: 2 })])),
    items: fc.constantFrom<unknown>([1], [1, 2], [], 5),
  },
  { noNullPrototype: true },
);
