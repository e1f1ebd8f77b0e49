/** Bodies as the APIs write them, where the mock's library has none or another shape. Pure: ids come from the content. */
import { createHash } from 'node:crypto';
import { answer, allText, countTokens, isFields, type PromptMessage } from './answers';

type Fields = Readonly<Record<string, unknown>>;

/** A fixed time, so that the same request has the same answer: 2026-01-01. */
const created = 1_767_225_600;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The list of messages in a chat request; empty when there is none. */
export function messagesOf(request: Fields): PromptMessage[] {
  const messages = request['messages'];
  return Array.isArray(messages)
    ? messages.filter((message): message is PromptMessage => isFields(message))
    : [];
}

/** The schema of `response_format: {type: 'json_schema', json_schema: {schema}}`, if that is what was asked. */
export function schemaOf(request: Fields): Fields | undefined {
  const format = request['response_format'];
  const wrapper = isFields(format) ? format['json_schema'] : undefined;
  const schema = isFields(wrapper) ? wrapper['schema'] : undefined;
  return isFields(schema) ? schema : undefined;
}

/** `chat.completion` with as many choices as `n` asks for; with the filter's annotations of Azure when wished. */
export function chatCompletion(request: Fields, model: string, azure: boolean): Fields {
  const messages = messagesOf(request);
  const content = answer({ messages, schema: schemaOf(request) });
  const choices = Array.from({ length: numberIn(request, 'n', 1) }, (_, index) => ({
    index,
    message: { role: 'assistant', content, refusal: null },
    logprobs: null,
    finish_reason: 'stop',
    ...(azure ? { content_filter_results: safeResults } : {}),
  }));
  return {
    id: `chatcmpl-${digest(request)}`,
    object: 'chat.completion',
    created,
    model,
    choices,
    ...(azure ? { prompt_filter_results: [{ prompt_index: 0, content_filter_results: safeResults }] } : {}),
    usage: usage(allText(messages), content.repeat(choices.length)),
  };
}

/** The same answer as an event stream: one event per word. */
export function chatStream(completion: Fields, includeUsage: boolean): string {
  const {
    choices = [],
    usage: tokens,
    ...envelope
  } = completion as {
    choices?: { index: number; message: { content: string } }[];
    usage?: unknown;
  } & Fields;
  const head = { ...envelope, object: 'chat.completion.chunk' };
  const event = (fields: Fields) => `data: ${JSON.stringify({ ...head, ...fields })}\n\n`;
  const parts = choices.flatMap(({ index, message }) => [
    event({ choices: [{ index, delta: { role: 'assistant', content: '' }, finish_reason: null }] }),
    ...(message.content.match(/\S+\s*/g) ?? []).map((word) =>
      event({ choices: [{ index, delta: { content: word }, finish_reason: null }] }),
    ),
    event({ choices: [{ index, delta: {}, finish_reason: 'stop' }] }),
  ]);
  const last = includeUsage ? [event({ choices: [], usage: tokens })] : [];
  return [...parts, ...last, 'data: [DONE]\n\n'].join('');
}

/** Legacy `text_completion`: `n` choices for each prompt, in order. */
export function textCompletion(request: Fields, model: string): Fields {
  const prompt = request['prompt'];
  const prompts = (Array.isArray(prompt) ? prompt : [prompt ?? '']).map(String);
  const texts = prompts.flatMap((content) => {
    const text = answer({ messages: [{ role: 'user', content }] });
    const whole = request['echo'] === true ? `${content}${text}` : text;
    return Array.from({ length: numberIn(request, 'n', 1) }, () => whole);
  });
  return {
    id: `cmpl-${digest(request)}`,
    object: 'text_completion',
    created,
    model,
    choices: texts.map((text, index) => ({ text, index, logprobs: null, finish_reason: 'stop' })),
    usage: usage(prompts.join('\n'), texts.join('\n')),
  };
}

const moderationWords: Readonly<Record<string, RegExp>> = {
  harassment: /\bidiot|\bstupid|\bmoron/i,
  'harassment/threatening': /\bi will (?:kill|hurt|find) you/i,
  hate: /\bhate (?:all|every|those)\b/i,
  'hate/threatening': /\ball of them should die\b/i,
  illicit: /\bcounterfeit\b|\bsteal a car\b/i,
  'illicit/violent': /\bbuild a bomb\b/i,
  'self-harm': /\bhurt myself\b/i,
  'self-harm/intent': /\bi want to die\b/i,
  'self-harm/instructions': /\bhow to hurt myself\b/i,
  sexual: /\bexplicit sex\b/i,
  'sexual/minors': /(?!)/,
  violence: /\bkill|\bbomb|\bstab\b/i,
  'violence/graphic': /\bblood everywhere\b/i,
};

/** One result per input; a word list stands in for the model. */
export function moderation(request: Fields): Fields {
  const input = request['input'];
  const parts = Array.isArray(input) ? (input as unknown[]) : [input];
  // A list of typed parts is one input; a list of texts is many.
  const inputs = parts.some(isFields) ? [parts] : parts.map((part) => [part]);
  return {
    id: `modr-${digest(request)}`,
    model: typeof request['model'] === 'string' ? request['model'] : 'omni-moderation-latest',
    results: inputs.map(moderateOne),
  };
}

function moderateOne(parts: readonly unknown[]): Fields {
  const text = parts
    .map((part) => (isFields(part) ? part['text'] : part))
    .filter((part) => typeof part === 'string')
    .join(' ');
  const verdicts = Object.entries(moderationWords).map(
    ([category, words]) => [category, words.test(text)] as const,
  );
  return {
    flagged: verdicts.some(([, flagged]) => flagged),
    categories: Object.fromEntries(verdicts),
    category_scores: Object.fromEntries(
      verdicts.map(([category, flagged]) => [category, flagged ? 0.97 : 0.0001]),
    ),
    category_applied_input_types: Object.fromEntries(verdicts.map(([category]) => [category, ['text']])),
  };
}

/** Azure's refusal of a prompt: 400 with the filter's findings. */
export function azurePromptRefused(): Answer {
  return {
    status: 400,
    body: {
      error: {
        message:
          "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. " +
          'Please modify your prompt and retry.',
        type: null,
        param: 'prompt',
        code: 'content_filter',
        status: 400,
        innererror: {
          code: 'ResponsibleAIPolicyViolation',
          content_filter_result: { ...safeResults, violence: { filtered: true, severity: 'medium' } },
        },
      },
    },
  };
}

/** Azure's 429 with both of its hints. */
export function azureThrottled(retryAfterMs: number): Answer {
  const seconds = Math.ceil(retryAfterMs / 1000);
  return {
    status: 429,
    headers: { 'retry-after-ms': String(retryAfterMs), 'retry-after': String(seconds) },
    body: {
      error: {
        code: '429',
        message: `Requests to this deployment have exceeded the call rate limit. Please retry after ${seconds} seconds.`,
      },
    },
  };
}

/** @param code such as DeploymentNotFound, or the status as text */
export function azureError(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}

/** OpenAI's error envelope. */
export function openAiError(status: number, type: string, code: string | null, message: string): Answer {
  return { status, body: { error: { message, type, param: null, code } } };
}

const safe = { filtered: false, severity: 'safe' };
const safeResults = { hate: safe, self_harm: safe, sexual: safe, violence: safe };

function usage(prompt: string, completion: string): Fields {
  const promptTokens = countTokens(prompt);
  const completionTokens = countTokens(completion);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  };
}

function numberIn(request: Fields, name: string, otherwise: number): number {
  const value = request[name];
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 128
    ? value
    : otherwise;
}

function digest(request: Fields): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex').slice(0, 24);
}
