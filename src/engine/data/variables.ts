/** Variables: where a name is found, where a value goes. Values are JSON texts throughout, so no number loses a digit. */
import { objectMembers } from '../../json/raw-json';
import type { Turn } from '../turn/turn';
import type { ElementRow } from '../state/rows';
import type { EngineState } from '../state/state';

/** Variables by name, as JSON texts. */
export type Variables = ReadonlyMap<string, string>;

export const noVariables: Variables = new Map();

/** @param json text of an object as the engine keeps it (json-edge.ts) */
export function readVariables(json: string): Variables {
  return objectMembers(json);
}

/**
 * The value that an expression sees from a scope: its own, or that of the nearest scope around it.
 * @param scope key of an element instance
 */
export function lookUp(state: EngineState, scope: string, name: string): string | undefined {
  for (let key: string | null = scope; key !== null;) {
    const row = state.elements.get(key);
    const own = state.localVariable(key, name)?.value ?? (row && growingOutput(state, row, name));
    if (own !== undefined) return own;
    key = row?.scope ?? null;
  }
  return undefined;
}

/** All that can be seen from a scope; of variables with one name the nearest. */
export function visibleFrom(state: EngineState, scope: string): Map<string, string> {
  const visible = new Map<string, string>();
  for (let key: string | null = scope; key !== null; key = state.elements.get(key)?.scope ?? null) {
    for (const { name, value } of state.localVariables(key)) if (!visible.has(name)) visible.set(name, value);
  }
  return visible;
}

/** Only what belongs to the scope itself. */
export function localTo(state: EngineState, scope: string): Map<string, string> {
  return new Map(state.localVariables(scope).map(({ name, value }) => [name, value]));
}

/** Creates or changes a variable of this very scope. */
export function setLocal(turn: Turn, scope: ElementRow, name: string, value: string): void {
  const { state } = turn;
  const before = state.localVariable(scope.key, name);
  if (before?.value === value) return;
  const row =
    before === undefined
      ? state.variables.put({
          key: turn.keys.beside(scope.key),
          instance: scope.instance,
          scope: scope.key,
          name,
          value,
        })
      : state.variables.update(before.key, { value });
  turn.record({
    valueType: 'VARIABLE',
    intent: before === undefined ? 'CREATED' : 'UPDATED',
    key: row.key,
    value: {
      name,
      value,
      scopeKey: scope.key,
      processInstanceKey: scope.instance,
      processDefinitionKey: scope.definition,
      bpmnProcessId: turn.instance(scope).processId,
      tenantId: '<default>',
    },
  });
}

export function setAllLocal(turn: Turn, scope: ElementRow, variables: Variables): void {
  for (const [name, value] of variables) setLocal(turn, scope, name, value);
}

/**
 * Merges variables from a scope upwards: each goes to the nearest scope that has its name, else to the process.
 * @param from the first scope to look at
 */
export function merge(turn: Turn, from: ElementRow, variables: Variables): void {
  for (const [name, value] of variables) {
    let scope = from;
    while (turn.state.localVariable(scope.key, name) === undefined) {
      const outer = turn.scopeOf(scope);
      if (outer === undefined) break;
      scope = outer;
    }
    setLocal(turn, scope, name, value);
  }
}

/** Removes the variables of an element instance that has ended. */
export function dropLocal(state: EngineState, scope: string): void {
  for (const { key } of state.localVariables(scope)) state.variables.delete(key);
}

/** JSON text of an object. */
export function toObject(variables: Iterable<readonly [string, string]>): string {
  const members: string[] = [];
  for (const [name, value] of variables) members.push(`${JSON.stringify(name)}:${value}`);
  return `{${members.join(',')}}`;
}

/**
 * What a running multi-instance has collected so far, for completion conditions that ask for it. It is put together on
 * demand: keeping it as a variable would write all outputs again with each of them.
 */
function growingOutput(state: EngineState, row: ElementRow, name: string): string | undefined {
  return row.loop?.outputCollection === name ? collectedOutputs(state, row) : undefined;
}

/** The outputs of a multi-instance in the order of its items; null where there is none. */
export function collectedOutputs(state: EngineState, body: ElementRow): string {
  const values = new Array<string>(body.loop?.size ?? 0).fill('null');
  for (const key of state.outputsByBody.of(body.key)) {
    const output = state.outputs.get(key)!;
    values[output.index - 1] = output.value;
  }
  return `[${values.join(',')}]`;
}
