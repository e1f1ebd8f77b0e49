/** The records of rows, with the members that tests and people look at. */
import type { ElementRow, ElementState, IncidentRow, JobRow, TimerRow, UserTaskRow } from '../state/rows';
import type { Turn } from './turn';

export type JobIntent =
  | 'CREATED'
  | 'COMPLETED'
  | 'FAILED'
  | 'ERROR_THROWN'
  | 'TIMED_OUT'
  | 'TIMEOUT_UPDATED'
  | 'RETRIES_UPDATED'
  | 'CANCELED'
  | 'YIELDED'
  | 'RECURRED_AFTER_BACKOFF';

const tenantId = '<default>';
const none = '-1';

export type ElementIntent = `ELEMENT_${Exclude<ElementState, 'ACTIVE'>}` | 'ELEMENT_ACTIVATED';

export function recordElement(turn: Turn, row: ElementRow, intent: ElementIntent): void {
  const { processId, version, parentInstance, parentElement } = turn.instance(row);
  const outermost = row.scope === null;
  turn.record({
    valueType: 'PROCESS_INSTANCE',
    intent,
    key: row.key,
    value: {
      bpmnElementType: row.type,
      elementId: row.elementId,
      bpmnProcessId: processId,
      version,
      processDefinitionKey: row.definition,
      processInstanceKey: row.instance,
      flowScopeKey: row.scope ?? none,
      parentProcessInstanceKey: (outermost ? parentInstance : null) ?? none,
      parentElementInstanceKey: (outermost ? parentElement : null) ?? none,
      tenantId,
    },
  });
}

export function recordFlow(turn: Turn, scope: ElementRow, flowId: string): void {
  const { processId, version } = turn.instance(scope);
  turn.record({
    valueType: 'PROCESS_INSTANCE',
    intent: 'SEQUENCE_FLOW_TAKEN',
    key: turn.keys.beside(scope.key),
    value: {
      bpmnElementType: 'SEQUENCE_FLOW',
      elementId: flowId,
      bpmnProcessId: processId,
      version,
      processDefinitionKey: scope.definition,
      processInstanceKey: scope.instance,
      flowScopeKey: scope.key,
      tenantId,
    },
  });
}

/**
 * @param command what the command brought: JSON text of its variables, and its back-off
 */
export function recordJob(
  turn: Turn,
  job: JobRow,
  intent: JobIntent,
  command: { readonly variables?: string; readonly retryBackoff?: number; readonly timeout?: number } = {},
): void {
  turn.record({
    valueType: 'JOB',
    intent,
    key: job.key,
    value: jobValue(turn, job, command),
    raw: { variables: command.variables ?? '{}' },
  });
}

export function jobValue(
  turn: Turn,
  job: JobRow,
  { retryBackoff = 0, timeout = -1 }: { readonly retryBackoff?: number; readonly timeout?: number },
): Record<string, unknown> {
  const { behaviour } = turn.model(job);
  return {
    type: job.type,
    retries: job.retries,
    retryBackoff,
    timeout,
    worker: job.worker,
    deadline: job.state === 'ACTIVATED' ? job.due : -1,
    errorCode: job.errorCode ?? '',
    errorMessage: job.errorMessage ?? '',
    customHeaders: behaviour.kind === 'job' ? behaviour.headers : {},
    elementId: job.elementId,
    elementInstanceKey: job.elementInstance,
    bpmnProcessId: turn.instance(job).processId,
    processInstanceKey: job.instance,
    processDefinitionKey: job.definition,
    tenantId,
  };
}

export function recordIncident(turn: Turn, incident: IncidentRow, intent: 'CREATED' | 'RESOLVED'): void {
  turn.record({
    valueType: 'INCIDENT',
    intent,
    key: incident.key,
    value: {
      errorType: incident.type,
      errorMessage: incident.message,
      elementId: incident.elementId,
      elementInstanceKey: incident.elementInstance,
      bpmnProcessId: turn.instance(incident).processId,
      processInstanceKey: incident.instance,
      processDefinitionKey: incident.definition,
      jobKey: incident.job ?? none,
      tenantId,
    },
  });
}

export function recordUserTask(
  turn: Turn,
  task: UserTaskRow,
  intent: 'CREATED' | 'ASSIGNED' | 'COMPLETED' | 'CANCELED',
): void {
  turn.record({
    valueType: 'USER_TASK',
    intent,
    key: task.key,
    value: {
      assignee: task.assignee ?? '',
      elementId: task.elementId,
      elementInstanceKey: task.elementInstance,
      bpmnProcessId: turn.instance(task).processId,
      processInstanceKey: task.instance,
      processDefinitionKey: task.definition,
      tenantId,
    },
  });
}

export function recordTimer(turn: Turn, timer: TimerRow, intent: 'CREATED' | 'TRIGGERED' | 'CANCELED'): void {
  turn.record({
    valueType: 'TIMER',
    intent,
    key: timer.key,
    value: {
      dueDate: timer.due,
      repetitions: timer.repetitions,
      targetElementId: timer.elementId,
      elementInstanceKey: timer.elementInstance ?? none,
      processInstanceKey: timer.instance ?? none,
      processDefinitionKey: timer.definition,
      tenantId,
    },
  });
}
