/**
 * Multi-instance: the body goes over a list; each item gets an instance of the element, all at once or one after the
 * other. Items are kept once and outputs one by one, so ten thousand of them cost no more than ten thousand times one.
 */
import { listElements } from '../../json/raw-json';
import { evaluate, evaluateBoolean, evaluateList, readerOf, type Reader } from '../data/expressions';
import { collectedOutputs, lookUp, merge, setLocal } from '../data/variables';
import type { ElementModel, Expression, MultiInstance } from '../model/process';
import type { ElementRow } from '../state/rows';
import type { Turn } from '../turn/turn';
import { beginCompletion, createElement, entered, terminate } from './life-cycle';

/** Instances that one step creates; the next step goes on, so that others get their turn. */
const createdPerStep = 100;

type Loop = NonNullable<ElementRow['loop']>;

/** @throws IncidentError EXTRACT_VALUE_ERROR when the collection is not a list */
export function enterBody(turn: Turn, row: ElementRow, loop: MultiInstance): void {
  const items = evaluateList(turn, loop.inputCollection, readerOf(turn, row.scope!));
  const texts = listElements(items);
  turn.items.set(row.key, texts);
  if (texts.length > 0) turn.state.collections.put({ key: row.key, items });
  const outputCollection = loop.outputCollection ?? null;
  turn.state.elements.update(row.key, {
    loop: { size: texts.length, created: 0, completed: 0, terminated: 0, outputCollection },
  });
  entered(turn, row);
  if (texts.length === 0) beginCompletion(turn, row.key);
  else turn.addStep({ kind: 'nextInstances', element: row.key });
}

/** Step: creates the next instance, or the next hundred of a parallel one. */
export function createNextInstances(turn: Turn, body: ElementRow, model: ElementModel): void {
  const { multiInstance: multi } = model;
  const { loop } = body;
  if (multi === undefined || loop === undefined || body.state !== 'ACTIVE') return;
  const items = itemsOf(turn, body);
  const until = Math.min(loop.size, loop.created + (multi.sequential ? 1 : createdPerStep));
  turn.state.elements.update(body.key, { loop: { ...loop, created: until } });
  for (let index = loop.created; index < until; index++)
    createInstanceFor(turn, body, model, multi, index + 1, items[index] ?? 'null');
  if (until < loop.size && !multi.sequential) turn.addStep({ kind: 'nextInstances', element: body.key });
}

/**
 * An instance is about to complete: keeps its output.
 * @throws IncidentError EXTRACT_VALUE_ERROR when the output cannot be evaluated
 */
export function keepOutput(
  turn: Turn,
  row: ElementRow,
  { outputElement, outputCollection }: MultiInstance,
): void {
  if (outputElement === undefined || outputCollection === undefined) return;
  const { json } = evaluate(turn, outputElement, readerOf(turn, row.key), 'EXTRACT_VALUE_ERROR');
  const index = row.loopCounter!;
  turn.state.outputs.put({ key: `${row.scope}/${index}`, body: row.scope!, index, value: json });
}

/**
 * An instance has completed: the next one follows, or the body completes.
 * @param isEnough what the completion condition said
 */
export function afterInstance(turn: Turn, bodyKey: string, model: ElementModel, isEnough: boolean): void {
  const body = turn.state.elements.get(bodyKey)!;
  const { loop } = body;
  if (loop === undefined || body.state !== 'ACTIVE') return;
  if (isEnough) {
    for (const child of [...turn.state.children.of(bodyKey)]) terminate(turn, child);
    beginCompletion(turn, bodyKey);
  } else if (loop.completed + loop.terminated === loop.size) beginCompletion(turn, bodyKey);
  else if (model.multiInstance?.sequential) turn.addStep({ kind: 'nextInstances', element: bodyKey });
}

/** Counts an instance that completes, and asks the completion condition. @throws IncidentError EXTRACT_VALUE_ERROR */
export function countCompleted(turn: Turn, row: ElementRow, multi: MultiInstance): boolean {
  const body = turn.state.elements.get(row.scope!)!;
  const loop = { ...body.loop!, completed: body.loop!.completed + 1 };
  turn.state.elements.update(body.key, { loop });
  if (multi.completionCondition === undefined) return false;
  return evaluateBoolean(turn, multi.completionCondition, withCounts(turn, row, loop));
}

/** The body completes: its outputs become one list, merged into the scope around it. */
export function propagateOutputs(turn: Turn, body: ElementRow): void {
  const name = body.loop?.outputCollection;
  if (name == null) return;
  merge(turn, turn.scopeOf(body)!, new Map([[name, collectedOutputs(turn.state, body)]]));
}

function createInstanceFor(
  turn: Turn,
  body: ElementRow,
  model: ElementModel,
  multi: MultiInstance,
  loopCounter: number,
  item: string,
): void {
  const row = createElement(turn, { model, scope: body, loopCounter });
  if (multi.inputElement !== undefined) setLocal(turn, row, multi.inputElement, item);
  setLocal(turn, row, 'loopCounter', String(loopCounter));
  const output = plainName(multi.outputElement);
  if (output !== undefined && output !== multi.inputElement) setLocal(turn, row, output, 'null');
  turn.addStep({ kind: 'activate', element: row.key });
}

/** An output that is just a variable begins as null, local to the instance. */
function plainName(expression: Expression | undefined): string | undefined {
  if (!expression?.feel) return undefined;
  const [name] = /^[A-Za-z_$][\w$]*/.exec(expression.text.trim()) ?? [];
  return name === expression.text.trim() && name !== 'null' && name !== 'true' && name !== 'false'
    ? name
    : undefined;
}

/** The counts hide variables of the same names. */
function withCounts(turn: Turn, row: ElementRow, loop: Loop): Reader {
  const ended = loop.completed + loop.terminated;
  const counts: Readonly<Record<string, number>> = {
    numberOfInstances: loop.size,
    numberOfActiveInstances: loop.created - ended,
    numberOfCompletedInstances: loop.completed,
    numberOfTerminatedInstances: loop.terminated,
  };
  return (name) => (Object.hasOwn(counts, name) ? String(counts[name]) : lookUp(turn.state, row.key, name));
}

function itemsOf(turn: Turn, body: ElementRow): readonly string[] {
  const known = turn.items.get(body.key);
  if (known !== undefined) return known;
  const items = listElements(turn.state.collections.get(body.key)?.items ?? '[]');
  turn.items.set(body.key, items);
  return items;
}
