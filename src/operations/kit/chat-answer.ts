/** Reading the answers of chat and legacy completions. */
import { maxJsonParts, measureJson, type Json, type JsonObject } from '../../json/json';
import { assembleChat } from './event-stream';
import type { Caveat, Reading } from './operation';
import {
  FailedAnswer,
  invalidAnswer,
  isObject,
  listOf,
  member,
  textOf,
  tooManyParts,
  type Reply,
} from './reply';
import { readStructured } from './structured-output';
import { readUsage } from './usage';

export interface ChatExpectation {
  /** `json`: data was asked for, `schema` says which. */
  readonly format: 'text' | 'json';
  readonly schema?: JsonObject | undefined;
}

/** The body of an answer, ordinary or streamed. `assembled` is set when it is not what the server sent. */
export function chatBody(reply: Reply): { readonly body: unknown; readonly assembled?: string } {
  if (reply.contentType === 'text/event-stream') {
    const stream = assembleChat(reply.text(), reply.status);
    if ('failure' in stream) throw new FailedAnswer(stream.failure);
    const assembled = JSON.stringify(stream.body);
    if (measureJson(assembled).parts > maxJsonParts) throw tooManyParts(reply.status);
    return { body: stream.body, assembled };
  }
  const body = reply.object();
  // Seen with status 200: the body says that the call failed.
  if (isObject(body['error']) && !Array.isArray(body['choices'])) throw new FailedAnswer(body['error']);
  return { body };
}

/**
 * Text, finish reason, usage and caveat of a chat answer. With several choices the first one counts.
 * @throws ConnectorError INVALID_ANSWER when there is no choice
 */
export function readChat(reply: Reply, expected: ChatExpectation): Reading {
  const { body, assembled } = chatBody(reply);
  const choices = listOf(member(body, 'choices'));
  const first = choices[0];
  if (first === undefined) throw invalidAnswer(reply.status, 'The answer holds no choice.');
  const message = member(first, 'message');
  const text = messageText(member(message, 'content'));
  const refusal = textOf(member(message, 'refusal'));
  const finishReason = textOf(member(first, 'finish_reason'));
  const usage = readUsage(body);
  const caught = caveatOf(finishReason, refusal);
  let json: Json | undefined;
  let mismatch: Caveat | undefined;
  if (expected.format === 'json' && caught === undefined && text !== undefined) {
    ({ json, caveat: mismatch } = readStructured(text, expected.schema));
  }
  const caveat = caught ?? mismatch;
  return {
    ...(text === undefined && refusal === undefined ? {} : { text: text ?? refusal! }),
    ...(json === undefined || mismatch !== undefined ? {} : { json }),
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(usage === undefined ? {} : { usage }),
    ...(assembled === undefined ? {} : { body: assembled }),
    ...(caveat === undefined ? {} : { caveat }),
  };
}

/** The texts of all choices of a legacy completion; the first one is the answer. */
export function readCompletion(reply: Reply): Reading {
  const { body, assembled } = chatBody(reply);
  const choices = listOf(member(body, 'choices'));
  if (choices.length === 0) throw invalidAnswer(reply.status, 'The answer holds no choice.');
  const texts = choices.map((choice) => textOf(member(choice, 'text')) ?? '');
  const reasons = choices.map((choice) => textOf(member(choice, 'finish_reason')));
  const usage = readUsage(body);
  const caveat = caveatOf(reasons.find((reason) => reason === 'content_filter') ?? reasons[0], undefined);
  return {
    text: texts[0]!,
    json: texts,
    ...(reasons[0] === undefined ? {} : { finishReason: reasons[0] }),
    ...(usage === undefined ? {} : { usage }),
    ...(assembled === undefined ? {} : { body: assembled }),
    ...(caveat === undefined ? {} : { caveat }),
  };
}

/** Content is text, or (with some servers) a list of parts. */
function messageText(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  const parts = listOf(content).map((part) => textOf(member(part, 'text')));
  return parts.some((part) => part !== undefined) ? parts.map((part) => part ?? '').join('') : undefined;
}

/** A good status with a caveat. */
export function caveatOf(finishReason: string | undefined, refusal: string | undefined): Caveat | undefined {
  if (finishReason === 'content_filter') {
    return {
      cause: 'CONTENT_FILTERED',
      message:
        'The provider’s content filter cut the answer. See content_filter_results in the body; change the prompt or the filter of the deployment.',
    };
  }
  if (refusal !== undefined && refusal !== '') return refused(refusal);
  return finishReason === 'length' ? truncated : undefined;
}

/** In both APIs' words the same outcome. */
export const truncated: Caveat = {
  cause: 'TRUNCATED',
  message:
    'The answer was cut off at the token limit. Raise "Max. tokens of the answer", or ask for a shorter answer.',
};

/** @param refusal what the model said instead */
export function refused(refusal: string): Caveat {
  return { cause: 'REFUSED', message: `The model refused to answer: ${refusal}` };
}
