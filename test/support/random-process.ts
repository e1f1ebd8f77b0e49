/**
 * Random processes made of blocks, small enough that a run is short. What comes out of the dice is made valid by
 * name-blocks.ts; fast-check makes a failing one smaller, and prints its seed.
 */
import fc from 'fast-check';
import type {
  Block,
  Boundary,
  Branch,
  End,
  EventSub,
  Flow,
  Line,
  Mapping,
  Multi,
  RandomProcess,
  Task,
  Test,
  Trigger,
} from './blocks';
import { nameBlocks } from './name-blocks';

/** A process with more blocks says little more, and takes long. */
const maxBlocks = 40;
const maxDepth = 2;

/** Variables that workers and messages bring. */
export const names = ['a', 'b', 'c'] as const;
const codes = ['E1', 'E2', 'E3'] as const;

/** What a command brings: some of the variables that processes look at. */
export const someVariables = fc.dictionary(fc.constantFrom(...names, 'r'), fc.integer({ min: 0, max: 3 }), {
  maxKeys: 2,
  noNullPrototype: true,
});

const test: fc.Arbitrary<Test> = fc.record({
  name: fc.constantFrom(...names),
  value: fc.integer({ min: 0, max: 2 }),
});
const timer: fc.Arbitrary<Trigger> = fc.record({
  kind: fc.constant('timer'),
  ms: fc.integer({ min: 1, max: 20 }),
  times: fc.constantFrom(1, 1, 2, 3),
});
const message = fc.constant<Trigger>({ kind: 'message' });
const signal = fc.constant<Trigger>({ kind: 'signal' });
const caught = fc
  .tuple(
    fc.constantFrom('error' as const, 'escalation' as const),
    fc.constantFrom(...codes.slice(0, 2), undefined),
  )
  .map(([kind, code]): Trigger => ({ kind, ...(code !== undefined && { code }) }));
const waitedFor = fc.oneof(message, timer, signal);

const mapping = (target: string): fc.Arbitrary<Mapping> =>
  fc
    .record({
      source: fc.constantFrom(...names),
      unless: fc.constantFrom(undefined, undefined, undefined, 3),
    })
    .map(({ source, unless }) => ({ target, source, ...(unless !== undefined && { unless }) }));
const mappings = (targets: readonly string[]): fc.Arbitrary<Mapping[]> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Mapping[]>([]) },
    { weight: 1, arbitrary: fc.constantFrom(...targets).chain((target) => fc.tuple(mapping(target))) },
  );

const multi: fc.Arbitrary<Multi> = fc
  .record({
    sequential: fc.boolean(),
    items: fc.oneof(
      { weight: 4, arbitrary: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 3 }) },
      { weight: 1, arbitrary: fc.constantFrom([], 'items') },
    ),
    output: fc.constantFrom('result' as const, 'counter' as const, undefined),
    enough: fc.constantFrom(undefined, undefined, 1, 2),
  })
  .map(({ sequential, items, output, enough }) => ({
    sequential,
    items,
    ...(output !== undefined && { output }),
    ...(enough !== undefined && { enough }),
  }));

/** By depth, made once: they are built of one another many times over. */
const linesByDepth = new Map<number, fc.Arbitrary<Line>>();

function line(depth: number): fc.Arbitrary<Line> {
  const made = linesByDepth.get(depth) ?? newLine(depth);
  linesByDepth.set(depth, made);
  return made;
}

function newLine(depth: number): fc.Arbitrary<Line> {
  if (depth < 0) return fc.constant({ kind: 'line', blocks: [{ kind: 'pass', id: '' }] });
  return fc
    .array(block(depth), { minLength: depth === maxDepth ? 2 : 1, maxLength: depth === maxDepth ? 4 : 2 })
    .map((blocks) => ({ kind: 'line', blocks }));
}

function flow(depth: number): fc.Arbitrary<Flow> {
  return fc.record({
    line: line(depth),
    eventSubs: or(fc.array(eventSub(depth), { minLength: 1, maxLength: 2 }), [], 2),
  });
}

/** @param often how much more often the other is taken */
function or<T>(arbitrary: fc.Arbitrary<T>, other: T, often: number): fc.Arbitrary<T> {
  return fc.oneof({ weight: often * 10, arbitrary: fc.constant(other) }, { weight: 10, arbitrary });
}

function eventSub(depth: number): fc.Arbitrary<EventSub> {
  return fc.record({
    id: fc.constant(''),
    trigger: fc.oneof(caught, waitedFor),
    interrupting: fc.boolean(),
    body: line(depth - 1),
  });
}

function boundary(depth: number): fc.Arbitrary<Boundary> {
  return fc.record({
    id: fc.constant(''),
    trigger: fc.oneof(caught, waitedFor),
    interrupting: fc.boolean(),
    handler: line(depth - 1),
    rejoins: fc.boolean(),
  });
}

/** What tasks, sub-processes and call activities have in common. */
function activity(depth: number) {
  return {
    id: fc.constant(''),
    inputs: mappings(['b', 'c']),
    outputs: mappings(['c', 'r']),
    boundaries: or(fc.array(boundary(depth), { minLength: 1, maxLength: 2 }), [], 1.2),
    multi: or<Multi | undefined>(multi, undefined, 3),
  };
}

/** Absent rather than undefined. */
function withMulti<T extends { readonly multi: Multi | undefined }>(
  made: T,
): Omit<T, 'multi'> & { multi?: Multi } {
  const { multi: loop, ...rest } = made;
  return { ...rest, ...(loop !== undefined && { multi: loop }) };
}

function block(depth: number): fc.Arbitrary<Block> {
  const id = fc.constant('');
  const task = fc
    .record({
      kind: fc.constant('task' as const),
      ...activity(depth),
      flavour: fc.constantFrom<Task['flavour']>('service', 'send', 'script', 'rule', 'user', 'receive'),
    })
    .map(withMulti);
  const wait = fc.record({ kind: fc.constant('wait' as const), id, trigger: waitedFor });
  const pass = fc.record({ kind: fc.constant('pass' as const), id });
  const end = fc.record({
    kind: fc.constant('end' as const),
    id,
    effect: fc.constantFrom<End['effect']>('none', 'terminate', 'error', 'escalation'),
    code: fc.constantFrom('E1', 'E1', 'E2', 'E3'),
  });
  if (depth <= 0)
    return fc.oneof(
      { weight: 6, arbitrary: task },
      { weight: 1, arbitrary: wait },
      { weight: 1, arbitrary: pass },
      { weight: 1, arbitrary: end },
    );
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 6, arbitrary: task },
    { weight: 1, arbitrary: wait },
    { weight: 1, arbitrary: pass },
    { weight: 1, arbitrary: end },
    ...composites(depth),
  );
}

function composites(depth: number): { weight: number; arbitrary: fc.Arbitrary<Block> }[] {
  const id = fc.constant('');
  const inner = line(depth - 1);
  const branch: fc.Arbitrary<Branch> = fc.record({ test, line: inner });
  const choice = fc
    .record({
      kind: fc.constantFrom('exclusive' as const, 'inclusive' as const),
      id,
      branches: fc.array(branch, { minLength: 1, maxLength: 3 }),
      otherwise: fc.option(inner, { nil: undefined, freq: 4 }),
    })
    .map(({ otherwise, ...rest }) => ({ ...rest, ...(otherwise !== undefined && { otherwise }) }));
  const lines = fc.array(inner, { minLength: 2, maxLength: 3 });
  const event = fc.record({ id, trigger: waitedFor, line: inner });
  const events = fc.array(event, { minLength: 2, maxLength: 3 });
  const rounds = fc.integer({ min: 1, max: 3 });
  return [
    { weight: 2, arbitrary: choice },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('parallel' as const), id, lines }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('loop' as const), id, line: inner, rounds }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('race' as const), id, events }) },
    {
      weight: 3,
      arbitrary: fc
        .record({ kind: fc.constant('sub' as const), ...activity(depth), flow: flow(depth - 1) })
        .map(withMulti),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({
          kind: fc.constant('call' as const),
          ...activity(depth),
          flow: flow(depth - 1),
          takesAll: fc.boolean(),
          givesAll: fc.boolean(),
        })
        .map(withMulti),
    },
  ];
}

/** A process with the id `p`. */
export const randomProcess: fc.Arbitrary<RandomProcess> = flow(maxDepth)
  .map((made) => nameBlocks({ id: 'p', flow: made }))
  .filter(({ blocks }) => blocks <= maxBlocks)
  .map(({ process }) => process);
