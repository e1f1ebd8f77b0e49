/** Looks at a process instance in the engine's tables, as process-view.ts looks at a model's tree. */
import type { ElementRow } from '../../src/engine/state/rows';
import { isLive, type EngineState } from '../../src/engine/state/state';
import { visibleFrom } from '../../src/engine/data/variables';
import { textOf, type Placed, type PlacedIncident, type PlacedJob, type View } from './process-view';

/**
 * @param instance key of one that nobody has called
 * @param flowTarget gives the id of the element that a flow leads to
 */
export function viewEngine(
  state: EngineState,
  instance: string,
  flowTarget: (flow: string) => string,
): View<string> {
  const jobs: PlacedJob<string>[] = [];
  const incidents: PlacedIncident<string>[] = [];
  const lines: string[] = [];
  const variables = (scope: string, path: string): void => {
    const vars = parsed(state.localVariables(scope).map(({ name, value }) => [name, value]));
    if (Object.keys(vars).length > 0) lines.push(`variables ${path} ${textOf(vars)}`);
  };
  for (const row of elementsOf(state, instance)) {
    const placed = placeOf(state, row);
    const { path } = placed;
    lines.push(`element ${path}`);
    variables(row.key, path);
    for (const [flow, count] of Object.entries(row.tokens ?? {}))
      for (let n = 0; n < count; n++) lines.push(`token ${path} ${flowTarget(flow)}`);
    for (const key of state.timersByElement.of(row.key)) {
      const { elementId, due, repetitions } = state.timers.get(key)!;
      lines.push(`timer ${path} ${elementId} ${due} ${repetitions}`);
    }
    for (const key of state.subscriptionsByElement.of(row.key)) {
      const { kind, elementId } = state.subscriptions.get(key)!;
      lines.push(`${kind} ${path} ${elementId}`);
    }
    for (const key of state.incidentsByElement.of(row.key))
      incidents.push({ ...placed, id: key, type: state.incidents.get(key)!.type });
    for (const key of state.jobsByElement.of(row.key)) {
      const { type, state: jobState, retries, due, endTime } = state.jobs.get(key)!;
      if (endTime !== null) continue;
      const vars = parsed([...visibleFrom(state, row.key)]);
      jobs.push({ ...placed, id: key, type, state: jobState, retries, due, vars });
    }
    for (const key of state.userTasksByElement.of(row.key)) {
      if (state.userTasks.get(key)!.state !== 'CREATED') continue;
      const vars = parsed([...visibleFrom(state, row.key)]);
      jobs.push({ ...placed, id: key, type: row.elementId, state: 'CREATED', retries: 3, due: null, vars });
    }
  }
  const top = state.instances.get(instance)!;
  if (top.state !== 'ACTIVE') variables(instance, top.processId);
  return { state: top.state, jobs, incidents, lines };
}

function* elementsOf(state: EngineState, root: string): Generator<ElementRow> {
  for (const row of state.elements.values())
    if (isLive(row) && state.instances.get(row.instance)!.rootInstance === root) yield row;
}

/** Ids from the outermost process in, and the keys that go with them. */
function placeOf(state: EngineState, element: ElementRow): Placed {
  const ids: string[] = [];
  const trail: bigint[] = [];
  for (let row: ElementRow | undefined = element; row !== undefined;) {
    ids.unshift(row.loopCounter === undefined ? row.elementId : `${row.elementId}#${row.loopCounter}`);
    trail.unshift(BigInt(row.key));
    const outer: string | null = row.scope ?? state.instances.get(row.instance)!.parentElement;
    row = outer === null ? undefined : state.elements.get(outer);
  }
  return { path: ids.join('/'), trail };
}

function parsed(variables: readonly (readonly [string, string])[]): Record<string, unknown> {
  return Object.fromEntries(variables.map(([name, value]) => [name, JSON.parse(value) as unknown]));
}
