/** What can be seen of a process instance from outside, in words that the engine's rows and the model's tree share. */
import { armedAt } from './process-joins';
import { seenInside, type Incident, type JobState, type Tree, type Variables } from './process-tree';

/** Something that stands somewhere; `trail` orders what stands at the same path by its coming to be. */
export interface Placed {
  readonly path: string;
  readonly trail: readonly (number | bigint)[];
}

export interface PlacedJob<Id> extends Placed {
  readonly id: Id;
  readonly type: string;
  readonly state: string;
  readonly retries: number;
  readonly due: number | null;
  readonly vars: Variables;
}

export interface PlacedIncident<Id> extends Placed {
  readonly id: Id;
  readonly type: string;
}

/** @typeParam Id how jobs and incidents are told apart */
export interface View<Id = number> {
  readonly state: 'ACTIVE' | 'COMPLETED' | 'TERMINATED';
  readonly jobs: readonly PlacedJob<Id>[];
  readonly incidents: readonly PlacedIncident<Id>[];
  /** One line for each element, token, timer, subscription and set of variables. */
  readonly lines: readonly string[];
}

/** Everything as sorted lines, without what tells jobs apart. */
export function linesOf({ state, jobs, incidents, lines }: View<unknown>): string[] {
  return [
    state,
    ...[
      ...lines,
      ...jobs.map(
        (job) => `job ${job.path} ${job.state} ${job.retries} ${job.due ?? '-'} ${textOf(job.vars)}`,
      ),
      ...incidents.map(({ path, type }) => `incident ${path} ${type}`),
    ].sort(),
  ];
}

/** Jobs or incidents so that those of two views that stand at the same place are the same. */
export function inOrder<P extends Placed>(placed: readonly P[]): P[] {
  return [...placed].sort((a, b) => compare(a.path, b.path) || compareTrails(a.trail, b.trail));
}

function compareTrails(a: Placed['trail'], b: Placed['trail']): number {
  for (const [index, value] of a.entries()) {
    const order = compare(value, b[index]!);
    if (order !== 0) return order;
  }
  return 0;
}

function compare<T>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The same text for the same variables in any order. */
export function textOf(vars: Variables): string {
  return JSON.stringify(Object.fromEntries(Object.entries(vars).sort(([a], [b]) => compare(a, b))));
}

/** Looks at a model's tree. */
export function viewOf(tree: Tree, state: View['state']): View {
  const view = { jobs: [], incidents: [], lines: [] };
  look(tree, { path: '', trail: [] }, {}, view);
  return { state, ...view };
}

interface Growing {
  readonly jobs: PlacedJob<number>[];
  readonly incidents: PlacedIncident<number>[];
  readonly lines: string[];
}

function look(tree: Tree, place: Placed, seen: Variables, view: Growing): void {
  const goIn = (inner: readonly (Tree | undefined)[], at = place): void => {
    for (const each of inner) if (each !== undefined) look(each, at, seenInside(tree, seen), view);
  };
  const note = (incident: Incident | undefined, { path, trail }: Placed): void => {
    if (incident !== undefined) view.incidents.push({ path, trail, id: incident.stamp, type: incident.type });
  };
  switch (tree.at) {
    case 'before': {
      if (!('id' in tree.block)) return;
      const here = within(place, tree.block.id, tree.stamp);
      view.lines.push(`element ${here.path}`);
      return note(tree.incident, here);
    }
    case 'line':
    case 'loop':
      return goIn([tree.inner]);
    case 'fork':
      for (const branch of tree.branches)
        if (branch.at === 'passed') view.lines.push(`token ${place.path} ${tree.block.id}-j`);
      return goIn(tree.branches);
    case 'waiting': {
      if (tree.block.kind === 'task') return void view.lines.push(...armedLines(tree, place.path));
      const here = within(place, tree.block.id, tree.stamp);
      view.lines.push(`element ${here.path}`, ...armedLines(tree, here.path));
      return;
    }
    case 'host': {
      const here = within(place, tree.block.id, tree.stamp);
      view.lines.push(`element ${here.path}`, ...armedLines(tree, here.path));
      return goIn([tree.inner], here);
    }
    case 'many':
      return goIn(tree.instances);
    case 'scope':
      return lookAtScope(tree, place, view, goIn, note);
    case 'job': {
      const { path, trail } = place;
      const { block, stamp: id, job } = tree;
      view.jobs.push({ path, trail, id, type: block.id, ...jobLine(job), vars: seen });
      return note(tree.incident, place);
    }
    case 'field':
      view.lines.push(...armedLines(tree, place.path, '-on'));
      return goIn([tree.main, ...tree.sides, ...tree.eventSubs]);
    case 'passed':
    case 'gone':
    case 'entering':
  }
}

function lookAtScope(
  scope: Extract<Tree, { at: 'scope' }>,
  place: Placed,
  view: Growing,
  goIn: (inner: readonly Tree[], at: Placed) => void,
  note: (incident: Incident | undefined, at: Placed) => void,
): void {
  const { of, stamp, inner, incident } = scope;
  const isOver = of.kind === 'process' && (inner.at === 'gone' || inner.at === 'passed');
  const here = placeOf(scope, place, stamp);
  if (here !== place && !isOver) view.lines.push(`element ${here.path}`);
  if (Object.keys(scope.vars).length > 0) view.lines.push(`variables ${here.path} ${textOf(scope.vars)}`);
  note(incident, here);
  goIn([inner], here);
}

/** The instance of an activity that is no multi-instance stands where its host stands. */
function placeOf({ of }: Extract<Tree, { at: 'scope' }>, place: Placed, stamp: number): Placed {
  switch (of.kind) {
    case 'process':
      return within(place, of.id, stamp);
    case 'eventSub':
      return within(place, of.eventSub.id, stamp);
    case 'activity':
      return of.counter === undefined ? place : within(place, `${of.block.id}#${of.counter}`, stamp);
  }
}

function within({ path, trail }: Placed, id: string, stamp: number): Placed {
  return { path: path === '' ? id : `${path}/${id}`, trail: [...trail, stamp] };
}

function jobLine({ state, retries, due }: JobState): JobState {
  return { state, retries, due };
}

function armedLines(tree: Tree, path: string, suffix = ''): string[] {
  return armedAt(tree).map(({ id, trigger, due, left }) =>
    trigger.kind === 'timer'
      ? `timer ${path} ${id}${suffix} ${due} ${left}`
      : `${trigger.kind} ${path} ${id}${suffix}`,
  );
}
