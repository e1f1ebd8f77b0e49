/** What people do with user tasks. */
import { readVariables } from '../data/variables';
import { beginCompletion } from '../rules/life-cycle';
import { deliver } from '../rules/triggers';
import type { UserTaskRow } from '../state/rows';
import { recordUserTask } from '../turn/records';
import type { Turn } from '../turn/turn';
import { invalidState, notFound } from './refuse';

export function completeUserTask(turn: Turn, key: string, variables: string): void {
  const task = openTask(turn, 'COMPLETE', key);
  const element = turn.state.elements.get(task.elementInstance)!;
  const completed = turn.state.userTasks.update(key, { state: 'COMPLETED', completionDate: turn.now });
  recordUserTask(turn, completed, 'COMPLETED');
  deliver(turn, element, turn.model(element), readVariables(variables));
  beginCompletion(turn, element.key);
}

/**
 * @param assignee null takes the assignee away
 * @param allowOverride whether a task that somebody has may go to somebody else
 */
export function assignUserTask(
  turn: Turn,
  key: string,
  assignee: string | null,
  allowOverride: boolean,
): void {
  const task = openTask(turn, 'ASSIGN', key);
  if (!allowOverride && task.assignee !== null && task.assignee !== assignee)
    throw invalidState('CLAIM', 'user task', key, 'ASSIGNED');
  recordUserTask(turn, turn.state.userTasks.update(key, { assignee }), 'ASSIGNED');
}

function openTask(turn: Turn, verb: string, key: string): UserTaskRow {
  const task = turn.state.userTasks.get(key);
  if (task?.state !== 'CREATED') throw notFound(verb, 'user task', key);
  return task;
}
