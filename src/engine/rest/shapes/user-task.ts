/** User tasks as clients see them. */
import type { UserTaskRow } from '../../state/rows';
import {
  date,
  headers,
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

function timeOf(isoText: string | null): number | null {
  const time = isoText === null ? NaN : Date.parse(isoText);
  return Number.isNaN(time) ? null : time;
}

function headersOf(row: UserTaskRow, { processOf }: View): Readonly<Record<string, string>> {
  const behaviour = processOf(row.definition)?.elements.get(row.elementId)?.behaviour;
  return behaviour?.kind === 'userTask' ? behaviour.headers : {};
}

export const userTask: Entity<UserTaskRow> = {
  label: 'user task',
  get: (state, found) => state.userTasks.get(found),
  rows: (state, instance) => rowsOf(state.userTasks, state.userTasksByInstance, instance),
  variables: {
    processInstanceVariables: (row) => row.instance,
    localVariables: (row) => row.elementInstance,
  },
  fields: {
    userTaskKey: key((row) => row.key),
    name: text(
      (row, { processOf }) => processOf(row.definition)?.elements.get(row.elementId)?.name ?? row.elementId,
    ),
    state: text((row) => row.state),
    assignee: text((row) => row.assignee),
    elementId: text((row) => row.elementId),
    elementInstanceKey: key((row) => row.elementInstance),
    candidateGroups: texts((row) => row.candidateGroups),
    candidateUsers: texts((row) => row.candidateUsers),
    processDefinitionId: text((row, { state }) => state.definitions.get(row.definition)?.processId ?? ''),
    processDefinitionKey: key((row) => row.definition),
    processDefinitionVersion: number((row, { state }) => state.definitions.get(row.definition)?.version ?? 0),
    processName: text((row, { state }) => state.definitions.get(row.definition)?.name ?? null),
    processInstanceKey: key((row) => row.instance),
    rootProcessInstanceKey: key((row, { state }) => state.instances.get(row.instance)?.rootInstance ?? null),
    creationDate: date((row) => row.creationDate),
    completionDate: date((row) => row.completionDate),
    followUpDate: date((row) => timeOf(row.followUpDate)),
    dueDate: date((row) => timeOf(row.dueDate)),
    priority: number((row) => row.priority),
    // A form is a link here: its id is known, but nothing was deployed that has a key.
    formKey: text(() => null),
    externalFormReference: text((row) => row.externalFormReference),
    customHeaders: headers(headersOf),
    businessId: nothing,
    tags: texts((row, { state }) => state.instances.get(row.instance)?.tags ?? []),
    tenantId,
    candidateGroup: hidden(texts((row) => row.candidateGroups)),
    candidateUser: hidden(texts((row) => row.candidateUsers)),
  },
};
