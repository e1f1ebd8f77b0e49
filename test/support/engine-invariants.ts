/** What must hold of the engine's tables whenever no command is running. */
import type { ElementRow } from '../../src/engine/state/rows';
import { EngineState, isLive } from '../../src/engine/state/state';
import { GroupIndex, type Row } from '../../src/engine/state/table';

/** @returns a sentence for each thing that is wrong */
export function brokenInvariants(state: EngineState): string[] {
  return [
    ...scopes(state),
    ...jobs(state),
    ...userTasks(state),
    ...belongings(state),
    ...unfinished(state),
    ...indexes(state),
  ];
}

/** @returns a sentence for each row that should have gone with the last instance */
export function leftovers(state: EngineState): string[] {
  const gone = ['timer', 'subscription', 'continuation', 'output', 'collection'];
  const rows = gone.flatMap((name) =>
    [...state.tables.get(name)!.values()].map(({ key }) => `${name} ${key}`),
  );
  const elements = [...state.elements.values()].filter(isLive).map(({ elementId }) => `element ${elementId}`);
  const jobsLeft = [...state.jobs.values()].filter(({ endTime }) => endTime === null);
  const incidents = [...state.incidents.values()].filter((incident) => incident.state === 'ACTIVE');
  return [
    ...rows,
    ...elements,
    ...[...jobsLeft, ...incidents].map(({ key, elementId }) => `${elementId} ${key}`),
  ].map((what) => `After the end of all instances there still is ${what}.`);
}

/** All rows, and all groups of rows, in their order, as one text. */
export function snapshotOf(state: EngineState): string {
  const lines: string[] = [];
  for (const [name, table] of state.tables)
    for (const row of table.values()) lines.push(`${name} ${JSON.stringify(row)}`);
  for (const [name, index] of indexesOf(state))
    for (const group of [...index.groups()].sort())
      lines.push(`${name} ${group}: ${[...index.of(group)].join()}`);
  return lines.join('\n');
}

function indexesOf(state: EngineState): (readonly [string, GroupIndex<Row>])[] {
  const members = Object.entries(state) as [string, unknown][];
  return members.flatMap(([name, member]) =>
    member instanceof GroupIndex ? [[name, member as GroupIndex<Row>] as const] : [],
  );
}

function* scopes(state: EngineState): Generator<string> {
  for (const row of state.elements.values()) {
    if (!isLive(row)) continue;
    const instance = state.instances.get(row.instance);
    if (instance?.state !== 'ACTIVE') yield `${row.elementId} ${row.key} is live, its instance is not.`;
    const scope = row.scope === null ? undefined : state.elements.get(row.scope);
    if (row.scope !== null && (scope === undefined || !isLive(scope)))
      yield `${row.elementId} ${row.key} is live, the scope around it is not.`;
    if (isEmptyScope(state, row)) yield `${row.elementId} ${row.key} is active with nothing in it.`;
  }
  for (const instance of state.instances.values()) {
    const root = state.elements.get(instance.key);
    if (instance.state === 'ACTIVE' && (root === undefined || !isLive(root)))
      yield `Instance ${instance.key} is active without its element.`;
    const caller = instance.parentElement === null ? undefined : state.elements.get(instance.parentElement);
    if (
      instance.state === 'ACTIVE' &&
      instance.parentElement !== null &&
      (caller === undefined || !isLive(caller))
    )
      yield `Instance ${instance.key} is active, its caller is not.`;
  }
}

const scopeTypes: ReadonlySet<string> = new Set([
  'PROCESS',
  'SUB_PROCESS',
  'EVENT_SUB_PROCESS',
  'MULTI_INSTANCE_BODY',
]);

function isEmptyScope(state: EngineState, row: ElementRow): boolean {
  const isScope = row.state === 'ACTIVE' && scopeTypes.has(row.type);
  return isScope && row.tokens === undefined && state.children.count(row.key) === 0;
}

function* jobs(state: EngineState): Generator<string> {
  const busy = new Set<string>();
  for (const job of state.jobs.values()) {
    if (job.endTime !== null) continue;
    const element = state.elements.get(job.elementInstance);
    if (element?.state !== 'ACTIVE')
      yield `Job ${job.key} of ${job.elementId} is open, its element is not active.`;
    if (busy.has(job.elementInstance)) yield `${job.elementId} ${job.elementInstance} has two open jobs.`;
    busy.add(job.elementInstance);
    const isTimed = job.state === 'ACTIVATED' || job.state === 'BACKOFF';
    if (isTimed !== (job.due !== null)) yield `Job ${job.key} is ${job.state} and due at ${job.due}.`;
    const incidents = [...state.incidents.values()].filter(
      (each) => each.job === job.key && each.state === 'ACTIVE',
    );
    const isStuck = job.state === 'FAILED' || job.state === 'ERROR_THROWN';
    if (incidents.length !== (isStuck ? 1 : 0))
      yield `Job ${job.key} is ${job.state} with ${incidents.length} incidents.`;
  }
}

function* userTasks(state: EngineState): Generator<string> {
  const open = [...state.userTasks.values()].filter((task) => task.state === 'CREATED');
  const elements = open.map(({ elementInstance }) => state.elements.get(elementInstance));
  for (const element of elements)
    if (element?.state !== 'ACTIVE')
      yield `A user task is open, its element ${element?.elementId} is not active.`;
  if (new Set(elements).size < elements.length) yield 'An element has two open user tasks.';
}

function* belongings(state: EngineState): Generator<string> {
  const owned = [
    ...[...state.timers.values()].map((row) => ['timer', row.key, row.elementInstance] as const),
    ...[...state.subscriptions.values()].map(
      (row) => ['subscription', row.key, row.elementInstance] as const,
    ),
    ...[...state.incidents.values()]
      .filter((row) => row.state === 'ACTIVE')
      .map((row) => ['incident', row.key, row.elementInstance] as const),
    ...[...state.outputs.values()].map((row) => ['output', row.key, row.body] as const),
    ...[...state.collections.values()].map((row) => ['collection', row.key, row.key] as const),
    ...[...state.variables.values()]
      // Those of a process stay after its end, for people who look.
      .filter((row) => state.instances.get(row.scope) === undefined)
      .map((row) => ['variable', row.key, row.scope] as const),
  ];
  for (const [what, key, owner] of owned) {
    const element = owner === null ? undefined : state.elements.get(owner);
    if (owner !== null && (element === undefined || !isLive(element)))
      yield `The ${what} ${key} belongs to ${element?.elementId ?? 'nothing'} ${owner}, which is not live.`;
  }
}

/** Whatever is still in the middle of something waits for an incident to be resolved. */
function* unfinished(state: EngineState): Generator<string> {
  if (state.continuations.size > 0) yield 'A continuation is left at rest.';
  for (const row of state.elements.values()) {
    if (!isLive(row) || row.state === 'ACTIVE') continue;
    if (state.incidentsByElement.count(row.key) === 0)
      yield `${row.elementId} ${row.key} rests in ${row.state} without an incident.`;
  }
}

/** Every index of the state holds what a scan of its table finds: a second state that is given all rows has the same. */
function* indexes(state: EngineState): Generator<string> {
  const scanned = new EngineState();
  for (const [name, table] of state.tables)
    for (const row of table.values()) scanned.tables.get(name)!.restore(row.key, row);
  const others = new Map(indexesOf(scanned));
  for (const [name, index] of indexesOf(state)) {
    const other = others.get(name)!;
    for (const group of new Set([...index.groups(), ...other.groups()])) {
      const [has, finds] = [sorted(index.of(group)), sorted(other.of(group))];
      if (has !== finds) yield `The index ${name} has [${has}] for ${group}, a scan finds [${finds}].`;
    }
  }
  for (const { key } of [...state.elements.values(), ...state.instances.values()]) {
    const [has, finds] = [state, scanned].map((each) =>
      sorted(each.localVariables(key).map((row) => row.key)),
    );
    if (has !== finds) yield `The variables of ${key} are [${has}], a scan finds [${finds}].`;
  }
  yield* missingDues(state, scanned);
}

function sorted(keys: Iterable<string>): string {
  return [...keys].sort().join(', ');
}

/** Out of date entries may be left in the heap, but none may be missing. */
function* missingDues(state: EngineState, scanned: EngineState): Generator<string> {
  const [has, wanted] = [entriesOf(state), entriesOf(scanned)];
  for (const entry of wanted) if (!has.has(entry)) yield `Nothing waits for the due time of ${entry}.`;
}

/** All entries of the heap, which is as before afterwards. */
function entriesOf({ due }: EngineState): Set<string> {
  const entries = [];
  for (let entry = due.pop(); entry !== undefined; entry = due.pop()) entries.push(entry);
  for (const entry of entries) due.push(entry);
  return new Set(entries.map(({ table, key, due: time }) => `${table} ${key} at ${time}`));
}
