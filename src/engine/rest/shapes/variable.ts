/** Variables as clients see them: the value is JSON text, and long ones are cut unless the client wants all of it. */
import type { VariableRow } from '../../state/rows';
import type { EngineState } from '../../state/state';
import { flag, key, tenantId, text, type Entity } from '../search/fields';

/** Characters that a search shows of a value. */
const shownLength = 8191;

function* ofInstance(state: EngineState, instance: string): Iterable<VariableRow> {
  yield* state.localVariables(instance);
  for (const scope of state.elementsByInstance.of(instance))
    if (scope !== instance) yield* state.localVariables(scope);
}

function variable(truncated: boolean): Entity<VariableRow> {
  const isCut = (row: VariableRow): boolean => truncated && row.value.length > shownLength;
  return {
    label: 'variable',
    get: (state, found) => state.variables.get(found),
    rows: (state, instance) =>
      instance === undefined ? state.variables.values() : ofInstance(state, instance),
    fields: {
      variableKey: key((row) => row.key),
      name: text((row) => row.name),
      value: text((row) => row.value),
      isTruncated: flag(isCut),
      scopeKey: key((row) => row.scope),
      processInstanceKey: key((row) => row.instance),
      rootProcessInstanceKey: key(
        (row, { state }) => state.instances.get(row.instance)?.rootInstance ?? null,
      ),
      tenantId,
    },
  };
}

export const wholeVariable = variable(false);
export const truncatedVariable = variable(true);

/** Cuts what a search shows; filters and sorting have seen the whole value. */
export function cutValue(item: Record<string, unknown>): Record<string, unknown> {
  return item['isTruncated'] === true
    ? { ...item, value: (item['value'] as string).slice(0, shownLength).toWellFormed() }
    : item;
}
