/** Messages and signals. */
import { jsonAnswer, type Answer } from './answer';
import { checkTenant } from './body';
import type { ApiCall, Route } from './call';
import { defaultTenant } from './search/fields';

export const messageRoutes: readonly Route[] = [
  ['POST', '/v2/messages/publication', publish],
  ['POST', '/v2/messages/correlation', correlate],
  ['POST', '/v2/signals/broadcast', broadcast],
];

async function publish(call: ApiCall): Promise<Answer> {
  const body = await call.body();
  checkTenant(body.text('tenantId'));
  const { key } = await call.engine.publishMessage({
    name: body.needed('name'),
    correlationKey: body.text('correlationKey') ?? '',
    timeToLiveMs: Math.max(0, body.integer('timeToLive') ?? 0),
    messageId: body.text('messageId') ?? '',
    variables: body.variables(),
  });
  return jsonAnswer(JSON.stringify({ messageKey: key, tenantId: defaultTenant }));
}

async function correlate(call: ApiCall): Promise<Answer> {
  const body = await call.body();
  checkTenant(body.text('tenantId'));
  const { key, instance } = await call.engine.correlateMessage({
    name: body.needed('name'),
    correlationKey: body.text('correlationKey') ?? '',
    variables: body.variables(),
  });
  return jsonAnswer(
    JSON.stringify({ messageKey: key, tenantId: defaultTenant, processInstanceKey: instance }),
  );
}

async function broadcast(call: ApiCall): Promise<Answer> {
  const body = await call.body();
  checkTenant(body.text('tenantId'));
  const { key } = await call.engine.broadcastSignal(body.needed('signalName'), body.variables());
  return jsonAnswer(JSON.stringify({ signalKey: key, tenantId: defaultTenant }));
}
