/**
 * The recorded cases of the Java runtime's REST connector and the rules by which a run is compared with them.
 * What Java leaves open is not compared: the order of header lines, members and violations, user agent and accepted
 * encodings, dumps of FEEL contexts, feel-scala's wording, class names inside messages of null pointers.
 */
import { readFileSync } from 'node:fs';
import {
  isJsonList,
  isJsonObject,
  JsonNumber,
  parseJson,
  stringifyJson,
  toPlain,
  type Json,
  type JsonObject,
} from '../../src/json/json';
import type { Answer, Fault, ReceivedRequest } from './http-server';

/** From the top of the repository, where tests and generators run. */
const recordedCases = 'test/fixtures/rest-connector/vectors.json';

export interface VectorAnswer {
  readonly match?: { readonly path: string };
  readonly status?: number;
  readonly reason?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
  readonly bodyBase64?: string;
  readonly bodyRepeat?: { readonly text: string; readonly count: number };
  readonly gzip?: boolean;
  readonly fault?: string;
}

export interface ExpectedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: string;
  readonly bodyBase64?: string;
}

export interface ExpectedCommand {
  readonly type: 'complete' | 'fail' | 'throwError';
  readonly variables: unknown;
  readonly retries?: number;
  readonly retryBackoffMs?: number;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly errorMessageSuffix?: boolean;
  readonly errorMessageLength?: number;
}

export interface Expectation {
  readonly requests: readonly ExpectedRequest[];
  readonly spacingMs?: readonly number[];
  readonly command: ExpectedCommand;
  readonly stored?: readonly {
    readonly text: string;
    readonly metadata: { readonly contentType?: string };
  }[];
  readonly documentCalls?: readonly string[];
}

export interface RestVector {
  readonly name: string;
  readonly group: string;
  /** JSON text, every number as it was written. */
  readonly variables: string;
  readonly customHeaders: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly job?: { readonly retries: number };
  readonly httpResponse?: VectorAnswer | null;
  readonly httpResponses?: readonly VectorAnswer[];
  readonly documents?: Readonly<
    Record<string, { readonly content: string; readonly contentType?: string; readonly fileName?: string }>
  >;
  readonly expect: Expectation;
}

/** What a run did, in the shape of an expectation. */
export interface Observed {
  readonly requests: readonly ReceivedRequest[];
  readonly command: {
    readonly type: string;
    readonly retries?: number;
    readonly retryBackoffMs?: number;
    readonly errorCode?: string;
    readonly errorMessage?: string;
    /** JSON text. */
    readonly variables: string;
  };
}

/** Reads the recorded cases. */
export function loadRestVectors(): RestVector[] {
  const cases = parseJson(readFileSync(recordedCases, 'utf8'));
  if (!isJsonList(cases)) throw new Error('The recorded cases are no list');
  return cases.map((entry) => {
    const { jobVariables, ...rest } = entry as { readonly [name: string]: Json };
    return {
      ...(toPlain(rest) as Omit<RestVector, 'variables'>),
      variables: stringifyJson(jobVariables ?? {}),
    };
  });
}

/**
 * The cases with a host of their own each, so that all can run side by side. A host is as long as the recorded one, so
 * that lengths and positions stay.
 */
export function hostedVectors(): { readonly host: string; readonly vector: RestVector }[] {
  return loadRestVectors().map((vector, index) => {
    const host = `c${String(index).padStart(3, '0')}.tst`;
    return { host, vector: withHost(vector, host) };
  });
}

/** The same data with another host in place of the recorded one. */
export function withHost<T>(data: T, host: string): T {
  return JSON.parse(JSON.stringify(data).replaceAll('api.test', host)) as T;
}

/** What the upstream answers to a request of a case. */
export function answerFor(vector: RestVector, request: ReceivedRequest): Answer {
  const { pathname } = new URL(request.url, 'http://upstream');
  const answers = vector.httpResponses ?? (vector.httpResponse == null ? [] : [vector.httpResponse]);
  const given = answers.find(({ match }) => match === undefined || match.path === pathname);
  if (given === undefined) return { headers: [['Content-Type', 'application/json']], body: '{}' };
  const { status, reason, headers = [], gzip, fault } = given;
  const knownFault = fault === undefined ? undefined : faults[fault];
  return {
    ...(status === undefined ? {} : { status }),
    ...(reason === undefined ? {} : { reason }),
    headers,
    body: bodyOf(given),
    ...(gzip === undefined ? {} : { gzip }),
    ...(knownFault === undefined ? {} : { fault: knownFault }),
  };
}

/** Faults that the upstream makes; the others (unknown host, refused connection) come from the address. */
const faults: Readonly<Record<string, Fault>> = {
  'read-timeout': 'silent',
  'truncated-body': 'truncated',
  stall: 'stall',
  drop: 'drop',
};

function bodyOf(answer: VectorAnswer): Buffer {
  if (answer.bodyBase64 !== undefined) return Buffer.from(answer.bodyBase64, 'base64');
  const { bodyRepeat } = answer;
  return Buffer.from(
    bodyRepeat === undefined ? (answer.body ?? '') : bodyRepeat.text.repeat(bodyRepeat.count),
  );
}

/** Every difference between what was expected and what happened, in words; empty when there is none. */
export function differences(expected: Expectation, observed: Observed): string[] {
  return [
    ...requestDifferences(expected.requests, observed.requests),
    ...commandDifferences(expected.command, observed.command),
  ];
}

function requestDifferences(
  expected: readonly ExpectedRequest[],
  received: readonly ReceivedRequest[],
): string[] {
  if (expected.length !== received.length) {
    return [`requests: expected ${expected.length}, got ${received.length}`];
  }
  return expected.flatMap((request, index) => {
    const actual = received[index];
    if (actual === undefined) return [];
    const multipart = request.headers.some(([, value]) => value.startsWith('multipart/'));
    return [
      ...compare(`request ${index} method`, request.method, actual.method),
      ...compare(`request ${index} url`, request.url, urlOf(actual)),
      ...compare(
        `request ${index} headers`,
        comparableHeaders(request.headers, multipart),
        comparableHeaders(actual.headers, multipart),
      ),
      ...compare(
        `request ${index} body`,
        comparableBody(
          request.headers,
          request.bodyBase64 === undefined
            ? Buffer.from(request.body ?? '')
            : Buffer.from(request.bodyBase64, 'base64'),
        ),
        comparableBody(actual.headers, actual.body),
      ),
    ];
  });
}

/** The URL by the host header, as the recordings have it. */
function urlOf({ url, headers }: ReceivedRequest): string {
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? '';
  return `http://${host}${url.replace(/^[a-z]+:\/\/[^/]*/, '')}`;
}

function comparableHeaders(
  headers: readonly (readonly [string, string])[],
  multipart: boolean,
): (readonly [string, string])[] {
  const ignored = [
    'user-agent',
    'accept-encoding',
    ...(multipart ? ['content-length', 'transfer-encoding'] : []),
  ];
  return headers
    .map(([name, value]) => [name.toLowerCase(), withoutBoundary(value)] as const)
    .filter(([name]) => !ignored.includes(name))
    .sort((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right)));
}

function withoutBoundary(value: string): string {
  return value.replace(/boundary=[-\w]+/, 'boundary=<boundary>');
}

function comparableBody(headers: readonly (readonly [string, string])[], body: Buffer): unknown {
  const contentType = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const text = body.toString('latin1');
  if (contentType.includes('multipart/form-data')) {
    const boundary = /^--([^\r]*)\r\n/.exec(text)?.[1] ?? '';
    return text.replaceAll(boundary, '<boundary>').split('--<boundary>');
  }
  if (contentType.includes('x-www-form-urlencoded')) return text.split('&').sort();
  try {
    return comparableJson(parseJson(body.toString('utf8')));
  } catch {
    return text;
  }
}

/** JSON data with numbers as text of their value, so that `1.0` and `1` are one and big integers are told apart. */
function comparableJson(value: Json): unknown {
  if (typeof value === 'number' || value instanceof JsonNumber) {
    const text = value instanceof JsonNumber ? value.text : String(value);
    return `number ${/^-?\d+$/.test(text) ? BigInt(text) : normalNumber(text)}`;
  }
  if (isJsonList(value)) return value.map(comparableJson);
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, comparableJson(member)]));
  }
  return value;
}

function normalNumber(text: string): string {
  const number = Number(text);
  return Number.isInteger(number) && Math.abs(number) < 2 ** 53 ? String(BigInt(number)) : String(number);
}

function commandDifferences(expected: ExpectedCommand, actual: Observed['command']): string[] {
  if (expected.type !== actual.type) {
    return [`command: expected ${expected.type}, got ${JSON.stringify(actual)}`];
  }
  return [
    ...(expected.type === 'fail'
      ? [
          ...compare('retries', expected.retries, actual.retries),
          ...compare('retry back-off', expected.retryBackoffMs ?? 0, actual.retryBackoffMs ?? 0),
        ]
      : []),
    ...compare('error code', expected.errorCode, actual.errorCode),
    ...messageDifferences(expected, actual.errorMessage ?? ''),
    ...valueDifferences('variables', expected.variables, parseJson(actual.variables)),
  ];
}

function messageDifferences(expected: ExpectedCommand, actual: string): string[] {
  const wanted = expected.errorMessage ?? '';
  const suffix = ' | Error variables: ';
  const message =
    expected.errorMessageSuffix === true && actual.includes(suffix)
      ? actual.slice(0, actual.indexOf(suffix))
      : actual;
  const cut = expected.errorMessageSuffix === true && !actual.includes(suffix);
  return [
    ...(cut && actual.length < 6000 ? [`message: lacks "${suffix}": ${actual}`] : []),
    ...(cut || textMatches(wanted, message) ? [] : [`message: expected ${wanted}, got ${message}`]),
    ...(expected.errorMessageLength === undefined
      ? []
      : compare('message length', expected.errorMessageLength, actual.length)),
  ];
}

function valueDifferences(path: string, expected: unknown, actual: Json | undefined): string[] {
  if (typeof expected === 'string' && typeof actual === 'string') {
    return textMatches(expected, actual)
      ? []
      : [`${path}: expected ${expected.slice(0, 500)}, got ${actual.slice(0, 500)}`];
  }
  if (Array.isArray(expected) && isJsonList(actual) && expected.length === actual.length) {
    return expected.flatMap((member, index) => valueDifferences(`${path}[${index}]`, member, actual[index]));
  }
  if (typeof expected === 'object' && expected !== null && !Array.isArray(expected)) {
    const number = (expected as { readonly $number?: string }).$number;
    if (number !== undefined) return compare(path, normal(new JsonNumber(number)), normal(actual ?? null));
    if (isJsonObject(actual)) return memberDifferences(path, expected as Record<string, unknown>, actual);
  }
  return compare(path, normal(expected as Json), normal(actual ?? null));
}

function memberDifferences(path: string, expected: Record<string, unknown>, actual: JsonObject): string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
  return names.flatMap((name) => {
    if (!Object.hasOwn(expected, name)) return [`${path}.${name}: not expected`];
    if (!Object.hasOwn(actual, name)) return [`${path}.${name}: missing`];
    return valueDifferences(`${path}.${name}`, expected[name], actual[name]);
  });
}

function normal(value: Json): unknown {
  return comparableJson(value);
}

/** Whether a text is as recorded, but for what Java leaves open. */
function textMatches(expected: string, actual: string): boolean {
  if (expected === actual || expected.startsWith('Cannot invoke "')) return true;
  const shortened = /^([\s\S]*)<(\d+) characters>$/.exec(expected);
  if (shortened !== null) {
    return actual.length === Number(shortened[2]) && actual.startsWith(shortened[1]?.slice(0, 1000) ?? '');
  }
  if (expected.startsWith('Failed to evaluate expression ')) {
    const [before = ''] = expected.split('. Reason: ');
    const pattern = before.split('<context>').map(escapeRegex).join('[\\s\\S]*');
    return new RegExp(`^${pattern}\\. Reason: [\\s\\S]+$`).test(actual);
  }
  const lines = (text: string): string => text.split('\n').sort().join('\n');
  return expected.includes(' - Property: ') && lines(expected) === lines(actual);
}

function escapeRegex(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function compare(what: string, expected: unknown, actual: unknown): string[] {
  const left = JSON.stringify(expected, sortedKeys);
  const right = JSON.stringify(actual, sortedKeys);
  return left === right ? [] : [`${what}: expected ${left}, got ${right}`];
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}
