/** Which model answers: its field, the names offered, and its place in a body. */
import { inputError } from '../../errors';
import { model } from '../../fields/fields';
import type { Target } from './operation';

const modelTip =
  'Names change often: choose <strong>Another model</strong> above for one that is not in the list. See the <a target="_blank" href="https://platform.openai.com/docs/models">list of models</a>.';

/** Models are only ever added: removing one would silently replace the choice of existing tasks on an update. */
export const chatModels = [
  'gpt-5.4-mini',
  'gpt-5.6-sol',
  'gpt-5.6-terra',
  'gpt-5.6-luna',
  'gpt-5.5',
  'gpt-5.4',
  'gpt-5.4-nano',
  'gpt-5.2',
  'gpt-5.1',
  'gpt-5',
  'gpt-5-mini',
  'gpt-5-nano',
  'gpt-4.1',
  'gpt-4.1-mini',
  'gpt-4.1-nano',
  'gpt-4o',
  'gpt-4o-mini',
  'o3',
  'o4-mini',
] as const;

/** @param names offered in the template, which presets the first */
export function modelField(names: readonly [string, ...string[]], tooltip = modelTip) {
  return model(names, {
    label: 'Model',
    group: 'request',
    required: 'template',
    providers: ['openai'],
    tooltip,
  });
}

/**
 * The value of `model` in a body: the model's name, or the deployment where the path does not have it.
 * @param perDeployment whether a dated version of Azure has the deployment in the path of this call
 * @throws ConnectorError INVALID_INPUT when there is neither
 */
export function bodyModel(
  name: string | undefined,
  target: Target,
  perDeployment = true,
): string | undefined {
  if (target.provider === 'azure-openai') {
    if (target.apiVersion !== undefined && perDeployment) return undefined;
    if (target.deployment !== undefined) return target.deployment;
    throw inputError(
      'Field "Deployment" (connection.deployment) is empty. Put in the name under which the model is deployed in Azure.',
    );
  }
  if (name === undefined) {
    throw inputError('Field "Model" (input.model) is empty. Choose a model from the list or type its name.');
  }
  return name;
}
