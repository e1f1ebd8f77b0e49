/** Jobs and incidents as clients see them. */
import type { ActivatedJob } from '../../api';
import type { IncidentRow, JobRow, JobState } from '../../state/rows';
import { jsonObject } from '../answer';
import {
  date,
  defaultTenant,
  flag,
  headers,
  key,
  nothing,
  number,
  rowsOf,
  tenantId,
  text,
  type Entity,
  type Field,
  type View,
} from '../search/fields';

/** Clients know no state for a job that somebody works on, and none for one in back-off. */
const shownStates: Readonly<Record<JobState, string>> = {
  ACTIVATABLE: 'CREATED',
  ACTIVATED: 'CREATED',
  BACKOFF: 'FAILED',
  FAILED: 'FAILED',
  ERROR_THROWN: 'ERROR_THROWN',
  ERROR_CAUGHT: 'ERROR_THROWN',
  COMPLETED: 'COMPLETED',
  CANCELED: 'CANCELED',
};

const kind = 'BPMN_ELEMENT';
const listenerEventType = 'UNSPECIFIED';

function processId(row: { readonly definition: string }, { state }: View): string {
  return state.definitions.get(row.definition)?.processId ?? '';
}

const rootProcessInstanceKey: Field<{ readonly instance: string }> = {
  kind: 'key',
  of: (row, { state }) => state.instances.get(row.instance)?.rootInstance ?? null,
};

function headersOf(row: JobRow, { processOf }: View): Readonly<Record<string, string>> {
  const behaviour = processOf(row.definition)?.elements.get(row.elementId)?.behaviour;
  return behaviour?.kind === 'job' ? behaviour.headers : {};
}

/** One that has ended may hold the message of a failure too; it has no second try. */
function hasFailedBefore(row: JobRow): boolean {
  return row.errorMessage !== null && row.retries > 0 && row.endTime === null && row.state !== 'ERROR_THROWN';
}

export const job: Entity<JobRow> = {
  label: 'job',
  get: (state, found) => state.jobs.get(found),
  rows: (state, instance) => rowsOf(state.jobs, state.jobsByInstance, instance),
  fields: {
    jobKey: key((row) => row.key),
    type: text((row) => row.type),
    worker: text((row) => row.worker),
    state: text((row) => shownStates[row.state]),
    kind: text(() => kind),
    listenerEventType: text(() => listenerEventType),
    retries: number((row) => row.retries),
    isDenied: nothing,
    deniedReason: nothing,
    hasFailedWithRetriesLeft: flag(hasFailedBefore),
    errorCode: text((row) => row.errorCode),
    errorMessage: text((row) => row.errorMessage),
    customHeaders: headers(headersOf),
    deadline: date((row) => (row.state === 'ACTIVATED' ? row.due : null)),
    creationTime: date((row) => row.creationTime),
    lastUpdateTime: date((row) => row.lastUpdateTime),
    endTime: date((row) => row.endTime),
    processDefinitionId: text(processId),
    processDefinitionKey: key((row) => row.definition),
    processInstanceKey: key((row) => row.instance),
    rootProcessInstanceKey,
    elementId: text((row) => row.elementId),
    elementInstanceKey: key((row) => row.elementInstance),
    tenantId,
    priority: number(() => 0),
    businessId: nothing,
  },
};

export const incident: Entity<IncidentRow> = {
  label: 'incident',
  get: (state, found) => state.incidents.get(found),
  rows: (state, instance) => rowsOf(state.incidents, state.incidentsByInstance, instance),
  fields: {
    incidentKey: key((row) => row.key),
    errorType: text((row) => row.type),
    errorMessage: text((row) => row.message),
    state: text((row) => row.state),
    creationTime: date((row) => row.creationTime),
    processDefinitionId: text(processId),
    processDefinitionKey: key((row) => row.definition),
    processInstanceKey: key((row) => row.instance),
    rootProcessInstanceKey,
    elementId: text((row) => row.elementId),
    elementInstanceKey: key((row) => row.elementInstance),
    jobKey: key((row) => row.job),
    tenantId,
  },
};

/** JSON text of a job as a poll gets it; newer clients miss any of these. */
export function activatedJobText({ job: row, ...more }: ActivatedJob): string {
  return jsonObject(
    {
      jobKey: row.key,
      type: row.type,
      processInstanceKey: row.instance,
      processDefinitionId: more.processId,
      processDefinitionVersion: more.version,
      processDefinitionKey: row.definition,
      rootProcessInstanceKey: more.rootInstance,
      elementId: row.elementId,
      elementInstanceKey: row.elementInstance,
      customHeaders: more.headers,
      worker: row.worker,
      retries: row.retries,
      deadline: row.due ?? 0,
      tenantId: defaultTenant,
      kind,
      listenerEventType,
      tags: more.tags,
      userTask: null,
      businessId: null,
      priority: 0,
      physicalTenantId: 'default',
      leaseToken: null,
    },
    { variables: more.variables },
  );
}
