/** User tasks that a person or a test completes through the API. */
import {
  evaluateInteger,
  evaluateNames,
  evaluateOptionalText,
  readerOf,
  type Reader,
} from '../data/expressions';
import type { Behaviour, Expression } from '../model/process';
import type { ElementRow } from '../state/rows';
import { recordUserTask } from '../turn/records';
import type { Turn } from '../turn/turn';

type UserTaskBehaviour = Extract<Behaviour, { kind: 'userTask' }>;

/** Zeebe's own when the model gives none. */
const usualPriority = 50;

/** @throws IncidentError EXTRACT_VALUE_ERROR when one of its fields cannot be worked out */
export function createUserTask(turn: Turn, row: ElementRow, behaviour: UserTaskBehaviour): void {
  const read: Reader = readerOf(turn, row.key);
  const text = (expression: Expression | undefined): string | null =>
    expression === undefined ? null : evaluateOptionalText(turn, expression, read);
  const names = (expression: Expression | undefined): string[] =>
    expression === undefined ? [] : evaluateNames(turn, expression, read);
  const task = turn.state.userTasks.put({
    key: turn.keys.beside(row.key),
    instance: row.instance,
    definition: row.definition,
    elementId: row.elementId,
    elementInstance: row.key,
    state: 'CREATED',
    assignee: text(behaviour.assignee),
    candidateGroups: names(behaviour.candidateGroups),
    candidateUsers: names(behaviour.candidateUsers),
    dueDate: text(behaviour.dueDate),
    followUpDate: text(behaviour.followUpDate),
    priority:
      behaviour.priority === undefined ? usualPriority : evaluateInteger(turn, behaviour.priority, read),
    formId: behaviour.formId ?? null,
    externalFormReference: behaviour.externalFormReference ?? null,
    creationDate: turn.now,
    completionDate: null,
  });
  recordUserTask(turn, task, 'CREATED');
}
