/** Event streams: the text of one, and the chunks of a chat put together to the ordinary answer. */
import { maxJsonParts, measureJson } from '../../json/json';
import { invalidAnswer, isObject, listOf, member, numberOf, textOf, tooManyParts } from './reply';

export interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * The events of a complete stream, one after the other: there may be millions. Comments and fields nobody needs are
 * skipped; a last event without the end of its line is not delivered, as the standard has it.
 * @see WHATWG HTML, 9.2.6
 */
export function* readEvents(text: string): Generator<StreamEvent, void> {
  let event = '';
  let data: string[] = [];
  for (const line of linesOf(text)) {
    if (line === '') {
      if (data.length > 0) yield { event: event === '' ? 'message' : event, data: data.join('\n') };
      event = '';
      data = [];
      continue;
    }
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') data.push(value);
    else if (name === 'event') event = value;
  }
}

/**
 * The JSON of one event.
 * @returns undefined for what is not JSON, or nested too deeply to be used
 * @throws ConnectorError RESULT_TOO_LARGE
 */
export function parseEvent(data: string, status: number): unknown {
  const { tooDeep, parts } = measureJson(data);
  if (parts > maxJsonParts) throw tooManyParts(status);
  try {
    return tooDeep ? undefined : JSON.parse(data);
  } catch {
    return undefined;
  }
}

function* linesOf(text: string): Generator<string, void> {
  const end = /\r\n?|\n/g;
  let start = 0;
  for (let match = end.exec(text); match !== null; match = end.exec(text)) {
    yield text.slice(start, match.index);
    start = end.lastIndex;
  }
  yield text.slice(start);
}

/** An error that arrives after the status 200. */
export interface StreamFailure {
  readonly failure: unknown;
}

/**
 * Puts the chunks of a streamed chat (or legacy completion) together to the body of an ordinary answer.
 * @returns the body, or the error object the stream ended with
 * @throws ConnectorError INVALID_ANSWER for a stream without its end mark or with data that is not JSON,
 *   RESULT_TOO_LARGE for one of too many parts
 */
export function assembleChat(text: string, status: number): { readonly body: Chunk } | StreamFailure {
  const body: Chunk = {};
  const choices = new Map<number, Choice>();
  const store = new Store(status);
  for (const { event, data } of readEvents(text)) {
    if (data === '[DONE]') {
      const ordered = [...choices.values()].sort((a, b) => a.index - b.index);
      return { body: { ...body, object: bodyObject(body['object']), choices: ordered.map(finished) } };
    }
    const chunk = parseEvent(data, status);
    if (!isObject(chunk)) {
      throw invalidAnswer(status, 'The streamed answer holds an event that is not a JSON object.');
    }
    const { error } = chunk;
    if (typeof error === 'string') return { failure: { message: error } };
    if (event === 'error' || isObject(error)) return { failure: error ?? chunk };
    for (const [key, value] of Object.entries(chunk)) {
      // Azure opens with a chunk of empty names, and all but the last chunk carry `usage: null`.
      if (key === 'choices' || key === 'obfuscation' || value === '' || value === null) continue;
      if (key === '__proto__') continue;
      store.replace(body, key, value);
    }
    for (const part of listOf(chunk['choices'])) addPart(choices, part, store);
  }
  throw invalidAnswer(status, 'The streamed answer broke off before its end mark.');
}

/** Lists and objects kept while pieces are joined: items and members, without bound in a stream of small events. */
class Store {
  readonly #status: number;
  #left = 2 * maxJsonParts;

  constructor(status: number) {
    this.#status = status;
  }

  /** @throws ConnectorError RESULT_TOO_LARGE when the piece is one too many */
  take(piece: unknown): void {
    this.#left -= weigh(piece);
    if (this.#left < 0) throw tooManyParts(this.#status);
  }

  /** Sets a member whose last value counts. @throws ConnectorError RESULT_TOO_LARGE */
  replace(whole: Chunk, key: string, value: unknown): void {
    if (typeof value === 'object' || !Object.hasOwn(whole, key)) this.take(value);
    whole[key] = value;
  }
}

function weigh(piece: unknown): number {
  if (typeof piece !== 'object' || piece === null) return 1;
  let weight = 1;
  for (const member of Object.values(piece)) weight += weigh(member);
  return weight;
}

type Chunk = Record<string, unknown>;
interface Choice extends Chunk {
  index: number;
  message?: Chunk;
  toolCalls: Map<number, Chunk>;
}

function bodyObject(name: unknown): unknown {
  return name === 'chat.completion.chunk' ? 'chat.completion' : name;
}

function addPart(choices: Map<number, Choice>, part: unknown, store: Store): void {
  const index = numberOf(member(part, 'index')) ?? 0;
  let choice = choices.get(index);
  if (choice === undefined) {
    choices.set(index, (choice = { index, toolCalls: new Map() }));
    store.take(part);
  }
  if (!isObject(part)) return;
  for (const [key, value] of Object.entries(part)) {
    if (key === 'index' || key === 'delta' || key === 'toolCalls' || key === '__proto__') continue;
    if (key === 'message' && !isObject(value)) continue;
    if (key === 'text') choice[key] = (textOf(choice[key]) ?? '') + (textOf(value) ?? '');
    else if (key === 'logprobs') choice[key] = joined(choice[key], value, store);
    else if (value !== null || !(key in choice)) store.replace(choice, key, value);
  }
  const { delta } = part;
  if (!isObject(delta)) return;
  choice.message ??= {};
  for (const [key, value] of Object.entries(delta)) {
    if (key === '__proto__') continue;
    if (key === 'tool_calls') for (const call of listOf(value)) addToolCall(choice.toolCalls, call, store);
    else if (key === 'function_call') choice.message[key] = joined(choice.message[key], value, store);
    else if (key === 'role') choice.message[key] ??= value;
    else choice.message[key] = joined(choice.message[key], value, store);
  }
}

/**
 * A later piece joined to an earlier one: texts and lists grow, objects member by member, null says nothing. Lists and
 * objects grow in place, for an answer may come in a hundred thousand pieces.
 */
function joined(before: unknown, piece: unknown, store: Store): unknown {
  if (typeof before === 'string' && typeof piece === 'string') return before + piece;
  if (piece === undefined || piece === null) return before ?? piece;
  store.take(piece);
  return grown(before, piece);
}

function grown(before: unknown, piece: unknown): unknown {
  if (before === undefined || before === null) return piece;
  if (piece === undefined || piece === null) return before;
  if (typeof before === 'string' && typeof piece === 'string') return before + piece;
  if (Array.isArray(before) && Array.isArray(piece)) {
    for (const item of piece as unknown[]) (before as unknown[]).push(item);
    return before as unknown[];
  }
  if (isObject(before) && isObject(piece)) {
    const whole: Chunk = before;
    for (const [key, value] of Object.entries(piece)) {
      if (key === '__proto__') continue;
      whole[key] = key === 'id' || key === 'name' ? (whole[key] ?? value) : grown(whole[key], value);
    }
    return whole;
  }
  return piece;
}

/** The pieces of one call share its index; only the first one carries id, type and name. */
function addToolCall(calls: Map<number, Chunk>, piece: unknown, store: Store): void {
  if (!isObject(piece)) return;
  const position = numberOf(piece['index']) ?? calls.size;
  const { index: _, ...rest } = piece;
  const before = calls.get(position);
  if (before === undefined) {
    store.take(rest);
    calls.set(position, { ...rest });
    return;
  }
  for (const [key, value] of Object.entries(rest)) {
    if (key === '__proto__') continue;
    before[key] = key === 'id' || key === 'type' ? (before[key] ?? value) : joined(before[key], value, store);
  }
}

function finished(choice: Choice): Chunk {
  const { toolCalls, message, ...rest } = choice;
  if (message === undefined) return rest;
  const calls = [...toolCalls.entries()].sort(([a], [b]) => a - b).map(([, call]) => call);
  const content = message['content'] ?? null;
  return {
    ...rest,
    message: { ...message, content, ...(calls.length > 0 ? { tool_calls: calls } : {}) },
  };
}
