/** Process instances and the elements in them, as clients see them. */
import type { ElementRow, InstanceRow } from '../../state/rows';
import { isLive, type EngineState } from '../../state/state';
import {
  date,
  flag,
  hidden,
  key,
  nothing,
  number,
  rowsOf,
  tenantId,
  text,
  texts,
  type Entity,
  type View,
} from '../search/fields';

/** Keys of an instance and of all that were called from it, directly or not. */
export function calledTree(state: EngineState, top: InstanceRow): readonly string[] {
  if (top.key === top.rootInstance) return [...state.instancesByRoot.of(top.key)];
  const keys = [top.key];
  // Grows while it is gone through.
  for (const instance of keys)
    for (const element of state.elementsByInstance.of(instance)) keys.push(...state.calledBy.of(element));
  return keys;
}

function activeIncidents({ state }: View, instance: string) {
  return [...state.incidentsByInstance.of(instance)]
    .map((found) => state.incidents.get(found)!)
    .filter((incident) => incident.state === 'ACTIVE');
}

function elementsOf({ state }: View, instance: string): ElementRow[] {
  return [...state.elementsByInstance.of(instance)].map((found) => state.elements.get(found)!);
}

/** An element instance moves through its states within one command; who looks sees three of them. */
function shownState(row: ElementRow): string {
  return isLive(row) ? 'ACTIVE' : row.state;
}

export const processInstance: Entity<InstanceRow> = {
  label: 'process instance',
  get: (state, found) => state.instances.get(found),
  rows: (state, instance) => {
    if (instance === undefined) return state.instances.values();
    const row = state.instances.get(instance);
    return row === undefined ? [] : [row];
  },
  // Of the process itself; what a task keeps to itself is not looked at.
  variables: { variables: (row) => row.key },
  fields: {
    processInstanceKey: key((row) => row.key),
    processDefinitionId: text((row) => row.processId),
    processDefinitionName: text((row, { state }) => state.definitions.get(row.definition)?.name ?? null),
    processDefinitionVersion: number((row) => row.version),
    processDefinitionVersionTag: text(
      (row, { state }) => state.definitions.get(row.definition)?.versionTag ?? null,
    ),
    processDefinitionKey: key((row) => row.definition),
    parentProcessInstanceKey: key((row) => row.parentInstance),
    parentElementInstanceKey: key((row) => row.parentElement),
    rootProcessInstanceKey: key((row) => row.rootInstance),
    startDate: date((row) => row.startDate),
    endDate: date((row) => row.endDate),
    suspendedDate: nothing,
    state: text((row) => row.state),
    hasIncident: flag((row, view) =>
      calledTree(view.state, row).some((instance) => activeIncidents(view, instance).length > 0),
    ),
    tenantId,
    tags: texts((row) => row.tags),
    businessId: nothing,
    elementId: hidden(texts((row, view) => elementsOf(view, row.key).map(({ elementId }) => elementId))),
    elementInstanceState: hidden(texts((row, view) => elementsOf(view, row.key).map(shownState))),
    hasElementInstanceIncident: hidden(flag((row, view) => activeIncidents(view, row.key).length > 0)),
    errorMessage: hidden(texts((row, view) => activeIncidents(view, row.key).map(({ message }) => message))),
    hasRetriesLeft: hidden(
      flag((row, { state }) =>
        [...state.jobsByInstance.of(row.key)].some((job) => state.jobs.get(job)?.state === 'BACKOFF'),
      ),
    ),
    batchOperationId: hidden(nothing),
    batchOperationKey: hidden(nothing),
  },
};

/** The process itself is an element to the engine; clients know it as the process instance. Not verified on a cluster. */
function withoutProcess(row: ElementRow | undefined): ElementRow | undefined {
  return row?.type === 'PROCESS' ? undefined : row;
}

export const elementInstance: Entity<ElementRow> = {
  label: 'element instance',
  get: (state, found) => withoutProcess(state.elements.get(found)),
  rows: function* (state, instance) {
    for (const row of rowsOf(state.elements, state.elementsByInstance, instance))
      if (withoutProcess(row) !== undefined) yield row;
  },
  fields: {
    elementInstanceKey: key((row) => row.key),
    processInstanceKey: key((row) => row.instance),
    rootProcessInstanceKey: key((row, { state }) => state.instances.get(row.instance)?.rootInstance ?? null),
    processDefinitionKey: key((row) => row.definition),
    processDefinitionId: text((row, { state }) => state.definitions.get(row.definition)?.processId ?? ''),
    elementId: text((row) => row.elementId),
    elementName: text(
      (row, { processOf }) => processOf(row.definition)?.elements.get(row.elementId)?.name ?? row.elementId,
    ),
    type: text((row) => row.type),
    state: text(shownState),
    startDate: date((row) => row.startDate),
    endDate: date((row) => row.endDate),
    hasIncident: flag((row, { state }) => state.incidentsByElement.count(row.key) > 0),
    incidentKey: key((row, { state }) => state.incidentsByElement.first(row.key) ?? null),
    tenantId,
    elementInstanceScopeKey: hidden(key((row) => row.scope)),
  },
};
