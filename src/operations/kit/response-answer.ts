/** Reading answers of the Responses API: ordinary, streamed, or made in the background. */
import { ConnectorError } from '../../errors';
import type { Json } from '../../json/json';
import { refused, truncated, type ChatExpectation } from './chat-answer';
import { parseEvent, readEvents } from './event-stream';
import { segment } from './json-call';
import type { Caveat, Reading, Tools } from './operation';
import { FailedAnswer, invalidAnswer, isObject, listOf, member, textOf, type Reply } from './reply';
import { readStructured } from './structured-output';
import { readUsage } from './usage';

/** ms between two looks at an answer that is made in the background. */
const firstPollMs = 2000;
const longestPollMs = 15_000;
/** The finished response: from the stream, or after looking again and again while it is made in the background. */
export async function finalBody(reply: Reply, tools: Tools): Promise<{ body: unknown; replaced: boolean }> {
  if (reply.contentType === 'text/event-stream') return { body: fromStream(reply), replaced: true };
  let body: unknown = reply.object();
  const id = textOf(member(body, 'id'));
  let replaced = false;
  for (let waitMs = firstPollMs; isUnfinished(body); waitMs = Math.min(waitMs * 1.5, longestPollMs)) {
    if (id === undefined) throw invalidAnswer(reply.status, 'The unfinished response has no id.');
    await tools.sleep(waitMs);
    body = await lookAt(id, tools);
    replaced = true;
  }
  return { body, replaced };
}

/** A look that fails leaves the work as it is: the next try looks again, unless the provider does not know the id. */
async function lookAt(id: string, tools: Tools): Promise<unknown> {
  try {
    const reply = await tools.fetch({
      method: 'GET',
      path: `/responses/${segment(id)}`,
      perDeployment: false,
    });
    return reply.object();
  } catch (error) {
    if (error instanceof ConnectorError) throw error.with({ inAnswer: error.causeName === 'NOT_FOUND' });
    throw error;
  }
}

function isUnfinished(body: unknown): boolean {
  const status = member(body, 'status');
  return status === 'queued' || status === 'in_progress';
}

const lastEvents = /^(error|response\.(completed|incomplete|failed))$/;
/** What such an event holds somewhere; most events need not be parsed. */
const maybeLast = /"(?:error|response\.(?:completed|incomplete|failed))"/;

/** The last event carries the whole response. */
function fromStream(reply: Reply): unknown {
  let last: { readonly type: string; readonly content: unknown } | undefined;
  for (const { event, data } of readEvents(reply.text())) {
    if (!lastEvents.test(event) && !maybeLast.test(data)) continue;
    const content = parseEvent(data, reply.status);
    const type = textOf(member(content, 'type')) ?? event;
    if (content !== undefined && lastEvents.test(type)) last = { type, content };
  }
  if (last === undefined) throw invalidAnswer(reply.status, 'The streamed answer broke off before its end.');
  const { type, content } = last;
  if (type === 'error') throw new FailedAnswer(member(content, 'error') ?? content);
  return member(content, 'response');
}

/** Text, data, finish reason, usage and caveat of a finished response. @throws FailedAnswer, ConnectorError INVALID_ANSWER */
export function readBody(body: unknown, status: number, expected: ChatExpectation): Reading {
  const state = textOf(member(body, 'status'));
  if (state === 'failed' || isObject(member(body, 'error'))) {
    throw new FailedAnswer(member(body, 'error') ?? { message: 'The response failed' });
  }
  if (state === 'cancelled') throw new FailedAnswer({ message: 'The response was cancelled', status: 409 });
  if (!isObject(body)) throw invalidAnswer(status, 'The answer holds no response.');
  const output = listOf(body['output']);
  const parts = output
    .filter((item) => member(item, 'type') === 'message')
    .flatMap((item) => listOf(member(item, 'content')));
  const textsOf = (type: string, key: string): string[] =>
    parts.filter((part) => member(part, 'type') === type).map((part) => textOf(member(part, key)) ?? '');
  const texts = textsOf('output_text', 'text');
  const refusals = textsOf('refusal', 'refusal');
  const answerText = texts.length > 0 ? texts.join('') : undefined;
  const reason = textOf(member(body['incomplete_details'], 'reason'));
  const calls = output.some((item) => member(item, 'type') === 'function_call');
  const caught = responseCaveatOf(reason, refusals.length > 0 ? refusals.join(' ') : undefined);
  let json: Json | undefined;
  let mismatch: Caveat | undefined;
  if (expected.format === 'json' && caught === undefined && answerText !== undefined) {
    ({ json, caveat: mismatch } = readStructured(answerText, expected.schema));
  }
  const caveat = caught ?? mismatch;
  const usage = readUsage(body);
  const shown = answerText ?? (refusals.length > 0 ? refusals.join(' ') : undefined);
  return {
    ...(shown === undefined ? {} : { text: shown }),
    ...(json === undefined || mismatch !== undefined ? {} : { json }),
    finishReason: finishReason(reason, calls),
    ...(usage === undefined ? {} : { usage }),
    ...(caveat === undefined ? {} : { caveat }),
  };
}

/** In the words of chat completions, so that one expression serves both. */
function finishReason(incomplete: string | undefined, calls: boolean): string {
  if (incomplete === 'max_output_tokens') return 'length';
  return incomplete ?? (calls ? 'tool_calls' : 'stop');
}

function responseCaveatOf(reason: string | undefined, refusal: string | undefined): Caveat | undefined {
  if (reason === 'content_filter') {
    return {
      cause: 'CONTENT_FILTERED',
      message: 'The provider’s content filter cut the answer. Change the prompt or the filter.',
    };
  }
  if (refusal !== undefined) return refused(refusal);
  return reason === 'max_output_tokens' ? truncated : undefined;
}
