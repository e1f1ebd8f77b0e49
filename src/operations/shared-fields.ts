/** Fields that several operations share: same name, label and meaning, so that switching the operation loses nothing. */
import { inputError } from '../errors';
import { isJsonObject, setOwn, type Json, type JsonObject } from '../json/json';
import { choice, longText, model, number, object, text, texts, type Choice } from './fields';
import type { Call, Target } from './operation';

const names = (values: readonly string[]): readonly Choice[] =>
  values.map((value) => ({ name: value, value }));

const modelTip =
  'Names change often: choose <strong>Another model</strong> above for one that is not in the list. See the <a target="_blank" href="https://platform.openai.com/docs/models">list of models</a>.';

/** Models are only ever added: removing one would silently replace the choice of existing tasks on an update. */
export const chatModels = names([
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
]);

export function modelField(choices: readonly Choice[], tooltip = modelTip) {
  return model({
    label: 'Model',
    group: 'request',
    choices,
    required: 'template',
    providers: ['openai'],
    preset: choices[0]!.value,
    tooltip,
  });
}

export function listedModels(...values: readonly string[]): readonly Choice[] {
  return names(values);
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

export const temperature = number(
  { min: 0, max: 2 },
  {
    label: 'Temperature',
    group: 'tuning',
    tooltip:
      '0 to 2; higher is more varied. Empty: the model decides. Reasoning models refuse any value, so leave it empty for them.',
  },
);

export const topP = number(
  { min: 0, max: 1 },
  {
    label: 'Top P',
    group: 'tuning',
    tooltip:
      '0 to 1: share of the probability mass that is considered. Change this or the temperature, not both.',
  },
);

export const choiceCount = number(
  { min: 1, max: 128, integer: true },
  { label: 'Number of answers', group: 'tuning', tooltip: '1 to 128. Every answer is billed.' },
);

const penaltyRange = { min: -2, max: 2 } as const;

export const frequencyPenalty = number(penaltyRange, {
  label: 'Frequency penalty',
  group: 'tuning',
  tooltip: '-2 to 2; above 0 makes repeating the same words less likely.',
});

export const presencePenalty = number(penaltyRange, {
  label: 'Presence penalty',
  group: 'tuning',
  tooltip: '-2 to 2; above 0 makes new topics more likely.',
});

export const seed = number(
  { integer: true },
  { label: 'Seed', group: 'tuning', tooltip: 'The same seed makes the same answer more likely.' },
);

export const stop = texts(4, {
  label: 'Stop sequences',
  group: 'tuning',
  tooltip: 'The answer ends before this text. Several: a FEEL list of up to four.',
});

export const logitBias = object({
  label: 'Logit bias',
  group: 'tuning',
  tooltip: 'Token ids and their bias from -100 to 100, e.g. <code>={"50256": -100}</code>.',
});

export const user = text({
  label: 'User',
  group: 'tuning',
  tooltip: 'An id of the end user without personal data, for the provider’s abuse monitoring.',
});

export const extraBody = object({
  label: 'Extra body fields',
  group: 'options',
  tooltip:
    'A FEEL context that is merged into the request body at last. What the API learns tomorrow works today: <code>={new_field: 1}</code>.',
});

export const prompt = longText({
  label: 'Prompt',
  group: 'request',
  required: true,
  placeholder: 'What the model is to do',
});

/** A document reference, a list of them, or texts with URLs. */
export const documentsHint =
  'a document reference (or a list of them) as a file upload or another connector leaves it in a variable';

/** The whole body without what was not filled in, `extraBody` merged in last. Pure. */
export function jsonCall(
  path: string,
  body: Readonly<Record<string, Json | undefined>>,
  extra: JsonObject | undefined,
  perDeployment = true,
): Call {
  return {
    method: 'POST',
    path,
    perDeployment,
    body: { kind: 'json', json: withoutAbsent(body, extra) },
  };
}

/** The members that have a value; those of `extra` win. */
export function withoutAbsent(
  body: Readonly<Record<string, Json | undefined>>,
  extra: JsonObject = {},
): JsonObject {
  const present: Record<string, Json> = {};
  for (const part of [body, extra]) {
    for (const name of Object.keys(part)) {
      const value = part[name];
      if (value !== undefined) setOwn(present, name, value);
    }
  }
  return present;
}

/** One text alone, several as a list. */
export function oneOrMany(values: readonly string[] | undefined): Json | undefined {
  return values?.length === 1 ? values[0] : values;
}

/** A check box whose empty state means: not sent. The Modeler writes `false` for a box nobody touched. */
export function ifOn(value: boolean | undefined): true | undefined {
  return value === true ? true : undefined;
}

/** A name that becomes a segment of a path. */
export function segment(value: string): string {
  return encodeURIComponent(value.trim());
}

/** A tool choice or similar: a word, a context, or the JSON text of one. */
export function wordOrObject(value: Json, fieldName: string, words: readonly string[]): Json {
  if (isJsonObject(value)) return value;
  if (typeof value === 'string' && words.includes(value.trim())) return value.trim();
  throw inputError(`${fieldName} must be one of ${words.join(', ')} or a context.`);
}

/** What chat completions and responses have in common beyond sampling. */
export const verbosity = choice(['low', 'medium', 'high'], {
  label: 'Verbosity',
  group: 'tuning',
  tooltip: 'How long-winded the answer is. Newer models only. Azure: API version v1.',
});

export const serviceTier = choice(['auto', 'default', 'flex', 'priority'], {
  label: 'Service tier',
  group: 'tuning',
  providers: ['openai'],
  tooltip: 'flex is cheaper and slower, priority faster and dearer.',
});

export const metadata = object({
  label: 'Metadata',
  group: 'tuning',
  tooltip: 'Up to 16 pairs of text that are stored with the conversation.',
});
