/** What is said on the diagram about each element: tokens, incidents, jobs, and the way that was taken. */
import type { ElementInstance, Incident, Instance, JobItem } from './shapes';
import { jobWords, type JobCondition } from './words';

export interface JobMark {
  readonly condition: JobCondition;
  readonly count: number;
  readonly sentences: readonly string[];
}

export interface ElementMark {
  /** Active element instances. */
  readonly tokens: number;
  readonly incidents: number;
  readonly completed: number;
  readonly terminated: number;
  readonly jobs: readonly JobMark[];
}

export type Marks = ReadonlyMap<string, ElementMark>;

export interface Seen {
  readonly elements: readonly ElementInstance[];
  readonly incidents: readonly Incident[];
  readonly jobs: readonly JobItem[];
  /** Instances that were called from here. */
  readonly called: readonly Instance[];
}

const maxSentences = 5;

/** By the id of the element. */
export function marksOf(seen: Seen, now: Date): Marks {
  const marks = new Map<string, ElementMark>();
  for (const [elementId, instances] of byElement(seen.elements)) {
    const inState = (state: string): number => countTokens(instances.filter((one) => one.state === state));
    marks.set(elementId, {
      tokens: inState('ACTIVE'),
      completed: inState('COMPLETED'),
      terminated: inState('TERMINATED'),
      incidents: incidentsAt(instances, seen),
      jobs: jobMarks(seen, elementId, now),
    });
  }
  return marks;
}

/** The body of a multi-instance stands for no work of its own, unless there is nothing in it. */
function countTokens(instances: readonly ElementInstance[]): number {
  const inner = instances.filter(({ type }) => type !== 'MULTI_INSTANCE_BODY').length;
  return inner > 0 ? inner : instances.length;
}

/** A call activity also shows those of the instance that it has called. */
function incidentsAt(instances: readonly ElementInstance[], { incidents, called }: Seen): number {
  const keys = new Set(instances.map(({ elementInstanceKey }) => elementInstanceKey));
  const own = incidents.filter(({ elementInstanceKey }) => keys.has(elementInstanceKey)).length;
  const inCalled = called.filter(
    ({ hasIncident, parentElementInstanceKey }) => hasIncident && keys.has(parentElementInstanceKey ?? ''),
  );
  return own + inCalled.length;
}

function jobMarks({ jobs, incidents }: Seen, elementId: string, now: Date): JobMark[] {
  const found = new Map<JobCondition, { count: number; sentences: string[] }>();
  for (const job of jobs) {
    if (job.elementId !== elementId) continue;
    const { condition, sentence } = jobWords(job, incidents, now);
    const mark = found.get(condition) ?? { count: 0, sentences: [] };
    mark.count += 1;
    if (mark.sentences.length < maxSentences) mark.sentences.push(sentence);
    found.set(condition, mark);
  }
  return [...found].map(([condition, mark]) => ({ condition, ...mark }));
}

function byElement(elements: readonly ElementInstance[]): Map<string, ElementInstance[]> {
  const groups = new Map<string, ElementInstance[]>();
  for (const element of elements) {
    const group = groups.get(element.elementId);
    if (group === undefined) groups.set(element.elementId, [element]);
    else group.push(element);
  }
  return groups;
}

export interface Flow {
  readonly id: string;
  readonly source: string;
  readonly target: string;
}

/**
 * Flows that have been taken for certain. The API does not report flows, so each follows from its ends: its target was
 * entered and has no other way in, or its source completed and takes all its ways out. What stays unknown, such as a
 * flow from an exclusive gateway into a join, is left out rather than guessed.
 * @param choosing ids of the elements that take some of their flows only
 */
export function takenFlows(flows: readonly Flow[], choosing: ReadonlySet<string>, marks: Marks): Set<string> {
  const out = countBy(flows, ({ source }) => source);
  const into = countBy(flows, ({ target }) => target);
  const taken = flows.filter(({ source, target }) => {
    const left = (marks.get(source)?.completed ?? 0) > 0;
    if (!left) return false;
    if (out.get(source) === 1 || !choosing.has(source)) return true;
    return into.get(target) === 1 && marks.has(target);
  });
  return new Set(taken.map(({ id }) => id));
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}
