/**
 * What the mock answers to a prompt: always the same to the same request, and sensible enough for a process to decide by. Pure.
 *
 * In order: `Reply with exactly: X` is obeyed; a JSON schema is filled from the text; `one of: a, b, c` picks the best of them;
 * a request to sum up gives the first sentence; anything else is answered with what was understood.
 */

type Fields = Readonly<Record<string, unknown>>;

/** A chat message as clients send it; content may be a list of parts. */
export interface PromptMessage {
  readonly role: string;
  readonly content?: unknown;
}

export interface PromptRequest {
  readonly messages: readonly PromptMessage[];
  readonly schema?: Fields | undefined;
}

/** The text of the last message of a user, parts joined by spaces. */
export function lastUserText(messages: readonly PromptMessage[]): string {
  const last = messages.findLast(({ role }) => role === 'user') ?? messages.at(-1);
  return textOf(last?.content);
}

/** The text of all messages, for counting tokens. */
export function allText(messages: readonly PromptMessage[]): string {
  return messages.map(({ content }) => textOf(content)).join('\n');
}

/** About four characters make a token. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

/** @returns the text of the answer; JSON text when a schema is given */
export function answer({ messages, schema }: PromptRequest): string {
  const user = lastUserText(messages);
  if (schema) return JSON.stringify(fill(schema, user));
  const exact = /reply with exactly:\s*(.+)/i.exec(user);
  if (exact?.[1]) return exact[1].trim();
  const instructions = allText(messages);
  const choice = /(?:one of|either|one word)[^:\n]*:\s*([^\n.]+)/i.exec(instructions);
  if (choice?.[1]) return choose(optionsIn(choice[1]), user);
  if (/\bsumm?ar|\bsum up\b/i.test(instructions)) return firstSentence(afterColon(user));
  return `You wrote: "${shorten(user, 200)}". This is the mock's answer; no model was asked.`;
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => (isFields(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .filter((text) => text !== '')
    .join(' ');
}

/** Words that speak for an option whose name does not occur in the text. */
const hints: Readonly<Record<string, RegExp>> = {
  complaint: /broken|damaged|angry|unacceptable|disappoint|refund|never again|not work|defect/i,
  negative: /broken|damaged|angry|unacceptable|disappoint|refund|bad|terrible|late|not work|defect/i,
  positive: /thank|great|love|excellent|happy|perfect|wonderful/i,
  praise: /thank|great|love|excellent|happy|perfect|wonderful/i,
  question: /\?|how|what|when|where|which|who|why/i,
  billing: /invoice|charge|bill|payment|paid|price|refund/i,
  technical: /error|crash|login|install|bug|broken|not work/i,
  urgent: /urgent|immediately|asap|right now|at once/i,
  high: /urgent|immediately|asap|right now|at once|broken|down/i,
  yes: /please|yes|agree|approve|ok\b/i,
  approve: /small|standard|within|usual/i,
};

function optionsIn(text: string): string[] {
  return text
    .split(/,|\||\/|\bor\b|\band\b/)
    .map((option) => option.replace(/["'`*()]/g, '').trim())
    .filter((option) => option !== '');
}

function choose(options: readonly string[], text: string): string {
  const words = (option: string) => option.toLowerCase();
  return (
    options.find((option) => hints[words(option)]?.test(text)) ??
    options.find(
      (option) => text.toLowerCase().includes(words(option)) && hints[words(option)] === undefined,
    ) ??
    options.at(-1) ??
    ''
  );
}

/** A value that obeys the schema, with words of the text where there is room. */
function fill(schema: Fields, text: string): unknown {
  if ('const' in schema) return schema['const'];
  const options = schema['enum'];
  if (Array.isArray(options)) return chooseValue(options, text);
  const [variant] = Array.isArray(schema['anyOf']) ? (schema['anyOf'] as unknown[]) : [];
  if (isFields(variant)) return fill(variant, text);
  const type: unknown = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type) {
    case 'object': {
      const properties = isFields(schema['properties']) ? schema['properties'] : {};
      return Object.fromEntries(
        Object.entries(properties).map(([name, part]) => [name, isFields(part) ? fill(part, text) : null]),
      );
    }
    case 'array':
      return isFields(schema['items']) ? [fill(schema['items'], text)] : [];
    case 'number':
    case 'integer': {
      const found = /-?\d+(?:\.\d+)?/.exec(text);
      const number = found ? Number(found[0]) : 1;
      return type === 'integer' ? Math.trunc(number) : number;
    }
    case 'boolean':
      return hints['negative']?.test(text) ?? false;
    case 'null':
      return null;
    default:
      return firstSentence(text);
  }
}

function chooseValue(options: readonly unknown[], text: string): unknown {
  const texts = options.filter((option) => typeof option === 'string');
  return texts.length === options.length ? choose(texts, text) : options[0];
}

function afterColon(text: string): string {
  const [, rest] = /^[^:\n]{0,60}:\s*([\s\S]+)$/.exec(text) ?? [];
  return rest ?? text;
}

function firstSentence(text: string): string {
  const [sentence] = /^[\s\S]*?[.!?](?=\s|$)/.exec(text.trim()) ?? [text.trim()];
  return shorten(sentence, 160);
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}...`;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
