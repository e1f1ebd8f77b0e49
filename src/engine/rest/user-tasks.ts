/** What people do with user tasks. */
import { noContent, type Answer } from './answer';
import type { ApiCall, Route } from './call';
import { keyFromText } from './keys';

export const userTaskRoutes: readonly Route[] = [
  ['POST', '/v2/user-tasks/{userTaskKey}/completion', complete],
  ['POST', '/v2/user-tasks/{userTaskKey}/assignment', assign],
  ['DELETE', '/v2/user-tasks/{userTaskKey}/assignee', unassign],
];

async function complete(call: ApiCall): Promise<Answer> {
  const key = userTaskKey(call);
  await call.engine.completeUserTask(key, (await call.body()).variables());
  return noContent;
}

async function assign(call: ApiCall): Promise<Answer> {
  const key = userTaskKey(call);
  const body = await call.body();
  await call.engine.assignUserTask(key, body.needed('assignee'), body.flag('allowOverride') ?? true);
  return noContent;
}

async function unassign(call: ApiCall): Promise<Answer> {
  await call.engine.assignUserTask(userTaskKey(call), null, true);
  return noContent;
}

function userTaskKey({ params }: ApiCall): string {
  return keyFromText(params['userTaskKey']!, 'userTaskKey');
}
