/**
 * Random graphs without any structure but that nothing leads back, and the plain token game on them: how many tokens
 * stand at each task, and on each flow in front of a joining gateway.
 */
import fc from 'fast-check';
import * as dsl from './engine-bpmn';
import type { Part } from './engine-bpmn';

type Kind = 'task' | 'pass' | 'exclusive' | 'parallel' | 'inclusive';

interface Way {
  readonly id: string;
  readonly from: number;
  /** Number of the node; one behind the last is an end event. */
  readonly to: number;
  /** The flow is taken when `a` has this value. */
  readonly value: number;
}

interface Place {
  readonly kind: Kind;
  /** The last one of several is the default of a gateway with conditions. */
  readonly ways: readonly Way[];
}

export interface Graph {
  readonly places: readonly Place[];
}

export type Values = Readonly<{ a: number }>;

const kinds: readonly Kind[] = [
  'task',
  'task',
  'task',
  'pass',
  'exclusive',
  'parallel',
  'parallel',
  'inclusive',
  'inclusive',
];

/** Places lead only to later ones; the first one is where a token begins. */
export const randomGraph: fc.Arbitrary<Graph> = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...kinds),
      ways: fc.array(fc.record({ skip: fc.nat(3), value: fc.nat(2) }), { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 4, maxLength: 12, size: 'max' },
  )
  .map((drawn) => ({
    places: drawn.map(({ kind, ways }, from) => ({ kind, ways: distinct(ways, from, drawn.length) })),
  }))
  .filter((graph) => mostTokens(graph) <= 40);

/** Two flows between the same places would have the same id. */
function distinct(drawn: readonly { skip: number; value: number }[], from: number, end: number): Way[] {
  const ways = drawn.map(({ skip, value }) => {
    const to = Math.min(from + 1 + skip, end);
    return { id: `${nameOf(from)}-${to === end ? 'end' : nameOf(to)}`, from, to, value };
  });
  return ways.filter((way, index) => ways.findIndex(({ to }) => to === way.to) === index);
}

function nameOf(place: number): string {
  return `n${place}`;
}

/** At most so many tokens can ever be on their way: each fork doubles them. */
function mostTokens({ places }: Graph): number {
  const most = places.map((_, index): number => (index === 0 ? 1 : 0));
  for (const [index, { ways }] of places.entries())
    for (const { to } of ways) if (to < places.length) most[to] = most[to]! + most[index]!;
  return most.reduce((sum, count) => sum + count, 0);
}

export function graphToBpmn(processId: string, { places }: Graph): string {
  const parts = places.flatMap(({ kind, ways }, index) => [
    elementOf(kind, nameOf(index), ways),
    ...ways.map((way, at) => flowOf(way, places, hasConditions(kind) && at < ways.length - 1)),
  ]);
  return dsl.bpmn(processId, dsl.path(dsl.start(), nameOf(0)), dsl.end(), ...parts);
}

function hasConditions(kind: Kind): boolean {
  return kind === 'exclusive' || kind === 'inclusive';
}

function elementOf(kind: Kind, id: string, ways: readonly Way[]): Part {
  if (kind === 'task') return dsl.serviceTask(id, { type: 'task' });
  if (kind === 'pass') return dsl.throwEvent(id);
  if (kind === 'parallel') return dsl.parallel(id);
  const last = ways.at(-1)!.id.split('-')[1]!;
  return dsl[kind](id, ways.length > 1 ? { otherwise: last } : {});
}

function flowOf({ id, from, to, value }: Way, places: readonly Place[], isConditional: boolean): Part {
  const target = to === places.length ? 'end' : nameOf(to);
  return dsl.flow(nameOf(from), target, isConditional ? `=a = ${value}` : undefined, id);
}

/** The tokens of one instance. */
export class TokenGame {
  readonly #incoming: readonly (readonly Way[])[];
  /** Tokens in tasks, by number of the place. */
  readonly #working = new Map<number, number>();
  /** Tokens in front of joining gateways, by flow. */
  readonly #waiting = new Map<Way, number>();

  constructor(
    private readonly graph: Graph,
    private values: Values,
  ) {
    const ways = graph.places.flatMap((place) => place.ways);
    this.#incoming = graph.places.map((_, index) => ways.filter(({ to }) => to === index));
    this.#enter(0);
    this.#joinInclusively();
  }

  /** Ids of tasks with a token, once for each, and flows with a token, once for each. */
  get tokens(): string[] {
    const tasks = [...this.#working].flatMap(([place, count]) =>
      new Array<string>(count).fill(nameOf(place)),
    );
    const flows = [...this.#waiting].flatMap(([{ id }, count]) => new Array<string>(count).fill(id));
    return [...tasks, ...flows].sort();
  }

  complete(task: string, values: Values): void {
    this.values = values;
    const place = Number(task.slice(1));
    take(this.#working, place);
    this.#leave(place);
    this.#joinInclusively();
  }

  #enter(place: number): void {
    const { kind } = this.graph.places[place]!;
    if (kind === 'task') put(this.#working, place);
    else this.#leave(place);
  }

  #leave(place: number): void {
    for (const way of this.#chosen(this.graph.places[place]!)) {
      const target = this.graph.places[way.to];
      if (target === undefined) continue;
      const joins =
        (target.kind === 'parallel' || target.kind === 'inclusive') && this.#incoming[way.to]!.length > 1;
      if (!joins) this.#enter(way.to);
      else {
        put(this.#waiting, way);
        if (target.kind === 'parallel' && this.#open(way.to).length === 0) this.#fire(way.to);
      }
    }
  }

  #chosen({ kind, ways }: Place): readonly Way[] {
    if (!hasConditions(kind) || ways.length === 1) return ways;
    const fitting = ways.slice(0, -1).filter(({ value }) => value === this.values.a);
    const chosen = kind === 'exclusive' ? fitting.slice(0, 1) : fitting;
    return chosen.length > 0 ? chosen : ways.slice(-1);
  }

  /** Flows into a place without a token. */
  #open(place: number): Way[] {
    return this.#incoming[place]!.filter((way) => !this.#waiting.has(way));
  }

  #fire(place: number): void {
    for (const way of this.#incoming[place]!) if (this.#waiting.has(way)) take(this.#waiting, way);
    this.#enter(place);
  }

  /** The first inclusive gateway with tokens that no other token can come to, until there is none. */
  #joinInclusively(): void {
    for (let place = 0; place < this.graph.places.length; place++) {
      if (this.graph.places[place]!.kind !== 'inclusive') continue;
      const incoming = this.#incoming[place]!;
      if (incoming.length < 2) continue;
      while (incoming.some((way) => this.#waiting.has(way)) && !this.#canStillCome(place)) this.#fire(place);
    }
  }

  #canStillCome(place: number): boolean {
    const open = this.#open(place);
    if (open.length === 0) return false;
    const active = new Set(this.#working.keys());
    // What waits at an inclusive gateway will go on; what waits at a parallel one may wait for ever.
    for (const { to } of this.#waiting.keys())
      if (to !== place && this.graph.places[to]!.kind === 'inclusive') active.add(to);
    return open.some(({ from }) => [...active].some((each) => this.#leads(each, from)));
  }

  #leads(from: number, to: number): boolean {
    return (
      from === to || this.graph.places[from]!.ways.some((way) => way.to <= to && this.#leads(way.to, to))
    );
  }
}

function put<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function take<K>(counts: Map<K, number>, key: K): void {
  const left = counts.get(key)! - 1;
  if (left === 0) counts.delete(key);
  else counts.set(key, left);
}
