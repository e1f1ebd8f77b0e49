import { flag, number, text, texts } from '../fields/fields';
import { readCompletion } from './kit/chat-answer';
import { streamOptions } from './kit/chat-request';
import { extraBody, ifOn, jsonCall, oneOrMany } from './kit/json-call';
import { bodyModel, modelField } from './kit/models';
import { defineOperation } from './kit/operation';
import { sampleSampling } from './kit/samples';
import {
  choiceCount,
  frequencyPenalty,
  logitBias,
  presencePenalty,
  seed,
  stop,
  temperature,
  topP,
  user,
} from './kit/tuning';

export const completion = defineOperation({
  id: 'completion',
  label: 'Completion (legacy)',
  summary: 'Continues one or several texts with an older completion model; new processes should use chat.',
  keywords: ['completion', 'legacy', 'text', 'continue', 'instruct'],
  documentation: {
    openai: 'https://platform.openai.com/docs/api-reference/completions/create',
    'azure-openai': 'https://learn.microsoft.com/azure/ai-foundry/openai/reference#completions',
  },
  sources: ['Camunda Azure OpenAI', 'Prismatic', 'Microsoft'],
  input: {
    model: modelField(['gpt-3.5-turbo-instruct', 'davinci-002', 'babbage-002']),
    prompt: texts(2048, {
      label: 'Prompt',
      group: 'request',
      required: true,
      long: true,
      placeholder: 'Text to be continued',
      tooltip:
        'Several texts in one call: a FEEL list. Their answers are in <code>response.json</code>, in the same order.',
    }),
    suffix: text({
      label: 'Suffix',
      group: 'tuning',
      tooltip: 'Text that follows after what the model inserts. gpt-3.5-turbo-instruct only.',
    }),
    maxTokens: number(
      { min: 1, integer: true },
      {
        label: 'Max. tokens of the answer',
        group: 'tuning',
        tooltip: 'Empty: 16, which is a short sentence.',
      },
    ),
    temperature,
    topP,
    n: choiceCount,
    bestOf: number(
      { min: 1, max: 20, integer: true },
      {
        label: 'Best of',
        group: 'tuning',
        tooltip: '1 to 20 tries are made and billed, the best are returned. Not below the number of answers.',
      },
    ),
    likelyTokens: number(
      { min: 0, max: 5, integer: true },
      { label: 'Log probabilities', group: 'tuning', tooltip: '0 to 5 most likely tokens at every place.' },
    ),
    echo: flag({ label: 'Echo', group: 'tuning', tooltip: 'Repeats the prompt before the answer.' }),
    stop,
    frequencyPenalty,
    presencePenalty,
    seed,
    logitBias,
    user,
    extraBody,
  },
  outcomes: ['onContentFilter', 'onTruncated'],
  streaming: true,
  resultExpression: '={answer: response.text}',
  examples: {
    minimal: { model: 'gpt-3.5-turbo-instruct', prompt: 'Roses' },
    typical: {
      model: 'gpt-3.5-turbo-instruct',
      prompt: ['Roses are red, ', 'Violets are blue, '],
      maxTokens: 50,
    },
    all: [
      {
        model: 'gpt-3.5-turbo-instruct',
        prompt: 'Roses',
        suffix: 'blue',
        maxTokens: 50,
        ...sampleSampling,
        bestOf: 2,
        likelyTokens: 3,
        echo: true,
        user: 'user-1',
        extraBody: { user: 'user-2' },
      },
    ],
  },
  toCall: (input, tools) =>
    jsonCall(
      '/completions',
      {
        model: bodyModel(input.model, tools.target),
        prompt: oneOrMany(input.prompt),
        suffix: input.suffix,
        max_tokens: input.maxTokens,
        temperature: input.temperature,
        top_p: input.topP,
        n: input.n,
        best_of: input.bestOf,
        logprobs: input.likelyTokens,
        echo: ifOn(input.echo),
        stop: oneOrMany(input.stop),
        frequency_penalty: input.frequencyPenalty,
        presence_penalty: input.presencePenalty,
        seed: input.seed,
        logit_bias: input.logitBias,
        user: input.user,
        ...(tools.stream ? { stream: true, stream_options: streamOptions(tools.target) } : {}),
      },
      input.extraBody,
    ),
  read: (reply) => readCompletion(reply),
});
