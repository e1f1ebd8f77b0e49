/** Process instances: creating, cancelling; variables of their elements; incidents; deployments. */
import type { CreationRequest, Resource } from '../api';
import { jsonAnswer, jsonObject, noContent, type Answer } from './answer';
import { checkTenant, invalid, type CheckedBody } from './body';
import type { ApiCall, Route } from './call';
import { keyFromText } from './keys';
import { defaultTenant } from './search/fields';
import { deploymentShape } from './shapes/process-definition';

/** How long a caller waits for an instance's end who does not say; a broker's default. */
const defaultAwaitMs = 15_000;
const maxTags = 10;
const tagPattern = /^[A-Za-z][A-Za-z0-9_:.-]{0,99}$/;

export const instanceRoutes: readonly Route[] = [
  ['POST', '/v2/deployments', deploy],
  ['POST', '/v2/process-instances', create],
  ['POST', '/v2/process-instances/{processInstanceKey}/cancellation', cancel],
  ['PUT', '/v2/element-instances/{elementInstanceKey}/variables', setVariables],
  ['POST', '/v2/incidents/{incidentKey}/resolution', resolveIncident],
];

async function deploy(call: ApiCall): Promise<Answer> {
  const form = await call.form(call.switches.limits.message);
  checkTenant(form.find(({ name }) => name === 'tenantId')?.content.toString('utf8'));
  const resources: Resource[] = [];
  for (const { name, fileName, content } of form) {
    if (name !== 'resources') continue;
    if (fileName === undefined) throw invalid('A part named resources must have a file name.');
    resources.push({ name: fileName, content: content.toString('utf8') });
  }
  if (resources.length === 0) throw invalid('No resources provided: send files as parts named resources.');
  return jsonAnswer(JSON.stringify(deploymentShape(await call.engine.deploy(resources))));
}

async function create(call: ApiCall): Promise<Answer> {
  const created = await call.engine.createInstance(creationRequest(await call.body()));
  const { key, processId, version, definitionKey, tags, variables } = created;
  return jsonAnswer(
    jsonObject(
      {
        processDefinitionId: processId,
        processDefinitionVersion: version,
        processDefinitionKey: definitionKey,
        processInstanceKey: key,
        tenantId: defaultTenant,
        tags,
        businessId: null,
      },
      { variables },
    ),
  );
}

function creationRequest(body: CheckedBody): CreationRequest {
  const processId = body.text('processDefinitionId');
  const definitionKey = body.key('processDefinitionKey');
  if ((processId === undefined) === (definitionKey === undefined))
    throw invalid('Give either a processDefinitionId or a processDefinitionKey.');
  checkTenant(body.text('tenantId'));
  for (const name of ['startInstructions', 'runtimeInstructions']) {
    // Without them the instance would run other elements than the caller wants.
    if (!['[]', undefined].includes(body.raw(name))) throw invalid(`The local engine has no ${name}.`);
  }
  const tags = [...new Set(body.texts('tags'))];
  if (tags.length > maxTags || !tags.every((tag) => tagPattern.test(tag)))
    throw invalid(
      `tags must be at most ${maxTags} texts that begin with a letter and hold letters, digits and -_:. only.`,
    );
  const version = body.integer('processDefinitionVersion');
  const timeoutMs = body.waitMs('requestTimeout');
  return {
    ...(processId !== undefined && { processId }),
    ...(version !== undefined && { version }),
    ...(definitionKey !== undefined && { definitionKey }),
    variables: body.variables(),
    tags,
    ...(body.flag('awaitCompletion') === true && {
      awaitCompletion: {
        timeoutMs: timeoutMs > 0 ? timeoutMs : defaultAwaitMs,
        fetchVariables: body.texts('fetchVariables'),
      },
    }),
  };
}

async function cancel(call: ApiCall): Promise<Answer> {
  const key = keyFromText(call.params['processInstanceKey']!, 'processInstanceKey');
  // Its only member is a reference for audit logs; broken JSON is still refused.
  await call.body();
  await call.engine.cancelInstance(key);
  return noContent;
}

async function setVariables(call: ApiCall): Promise<Answer> {
  const key = keyFromText(call.params['elementInstanceKey']!, 'elementInstanceKey');
  const body = await call.body();
  if (body.raw('variables') === undefined) throw invalid('No variables provided.');
  await call.engine.setVariables(key, body.variables(), body.flag('local') ?? false);
  return noContent;
}

async function resolveIncident(call: ApiCall): Promise<Answer> {
  const key = keyFromText(call.params['incidentKey']!, 'incidentKey');
  await call.body();
  await call.engine.resolveIncident(key);
  return noContent;
}
