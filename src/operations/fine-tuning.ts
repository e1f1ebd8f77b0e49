/** Fine-tuning: a model trained on examples of your own. */
import { number, object, text } from '../fields/fields';
import { idAnswer } from './kit/id-answer';
import { extraBody, jsonCall, segment } from './kit/json-call';
import { defineOperation } from './kit/operation';
import { oneExample } from './kit/samples';

const documentation = {
  openai: 'https://platform.openai.com/docs/api-reference/fine-tuning',
  'azure-openai': 'https://learn.microsoft.com/azure/ai-foundry/openai/how-to/fine-tuning',
};

const fineTuningJobId = text({
  label: 'Job ID',
  group: 'request',
  required: true,
  placeholder: 'ftjob-...',
  tooltip: '<code>response.body.id</code> of the job’s creation.',
});

export const fineTuningCreate = defineOperation({
  id: 'fineTuningCreate',
  label: 'Fine-tuning: start',
  summary: 'Trains a model on examples of your own.',
  keywords: ['fine-tuning', 'finetune', 'train', 'training'],
  documentation,
  sources: ['Microsoft'],
  input: {
    baseModel: text({
      label: 'Base model',
      group: 'request',
      required: true,
      placeholder: 'gpt-4.1-mini-2025-04-14',
    }),
    trainingFile: text({
      label: 'Training file ID',
      group: 'request',
      required: true,
      placeholder: 'file-...',
      tooltip: 'A file of JSON lines, uploaded with the purpose fine-tuning.',
    }),
    validationFile: text({ label: 'Validation file ID', group: 'request', placeholder: 'file-...' }),
    suffix: text({
      label: 'Suffix of the name',
      group: 'request',
      tooltip: 'Becomes part of the name of the trained model, up to 64 characters.',
    }),
    seed: number(
      { integer: true },
      { label: 'Seed', group: 'tuning', tooltip: 'The same seed makes the same training more likely.' },
    ),
    trainingMethod: object({
      label: 'Method',
      group: 'tuning',
      tooltip:
        '<code>={type: "supervised", supervised: {hyperparameters: {n_epochs: 3}}}</code>. Empty: supervised.',
    }),
    metadata: object({
      label: 'Metadata',
      group: 'tuning',
      tooltip: 'Up to 16 pairs of text that are stored with the job.',
    }),
    extraBody,
  },
  resultExpression: '={fineTuningJobId: response.body.id}',
  examples: {
    minimal: { baseModel: 'gpt-4o-mini', trainingFile: 'file-abc123' },
    typical: { baseModel: 'gpt-4.1-mini-2025-04-14', trainingFile: 'file-abc123', suffix: 'mail' },
    all: [
      {
        baseModel: 'gpt-4o-mini',
        trainingFile: 'file-abc123',
        validationFile: 'file-def456',
        suffix: 'mail',
        seed: 7,
        trainingMethod: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 3 } } },
        metadata: { process: 'mail' },
        extraBody: { seed: 8 },
      },
    ],
  },
  toCall: (input) =>
    jsonCall(
      '/fine_tuning/jobs',
      {
        model: input.baseModel,
        training_file: input.trainingFile,
        validation_file: input.validationFile,
        suffix: input.suffix,
        seed: input.seed,
        method: input.trainingMethod,
        metadata: input.metadata,
      },
      input.extraBody,
      false,
    ),
  read: idAnswer,
});

export const fineTuningGet = defineOperation({
  id: 'fineTuningGet',
  label: 'Fine-tuning: look up',
  summary: 'Tells how far the training is, and the name of the trained model.',
  keywords: ['fine-tuning', 'training status', 'look up'],
  documentation,
  sources: ['Microsoft'],
  input: { fineTuningJobId },
  resultExpression: '={trainingStatus: response.body.status, trainedModel: response.body.fine_tuned_model}',
  examples: oneExample({ fineTuningJobId: 'ftjob-abc123' }),
  toCall: (input) => ({
    method: 'GET',
    path: `/fine_tuning/jobs/${segment(input.fineTuningJobId)}`,
    perDeployment: false,
  }),
  read: idAnswer,
});

export const fineTuningCancel = defineOperation({
  id: 'fineTuningCancel',
  label: 'Fine-tuning: cancel',
  summary: 'Stops a training.',
  keywords: ['fine-tuning', 'cancel', 'stop'],
  documentation,
  sources: ['Microsoft'],
  input: { fineTuningJobId },
  resultExpression: '={trainingStatus: response.body.status}',
  examples: oneExample({ fineTuningJobId: 'ftjob-abc123' }),
  toCall: (input) => ({
    method: 'POST',
    path: `/fine_tuning/jobs/${segment(input.fineTuningJobId)}/cancel`,
    perDeployment: false,
  }),
  read: idAnswer,
});
