/** A successful answer of an API, read leniently: half of the real ones break their own contract somewhere. */
import { ConnectorError } from '../../errors';
import { maxJsonParts, measureJson } from '../../json/json';

type Member = Readonly<Record<string, unknown>>;

export class Reply {
  #parsed: { readonly value: unknown } | undefined;
  #decoded: string | undefined;

  constructor(
    readonly status: number,
    /** Lower-case names. */
    readonly headers: Readonly<Record<string, string>>,
    readonly bytes: Buffer,
  ) {}

  /** Media type without parameters, lower case; "" when the server sent none. */
  get contentType(): string {
    return (this.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  }

  text(): string {
    if (this.#decoded === undefined) {
      const text = this.bytes.toString('utf8');
      this.#decoded = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    }
    return this.#decoded;
  }

  /**
   * The body as plain data; numbers become doubles.
   * @throws ConnectorError INVALID_ANSWER when it is not JSON, RESULT_TOO_LARGE when it is too much of it
   */
  json(): unknown {
    this.#parsed ??= { value: parseAnswer(this.text(), this.status, this.contentType) };
    return this.#parsed.value;
  }

  /** Whether the body is JSON; it is read once. */
  isJson(): boolean {
    try {
      this.json();
      return true;
    } catch {
      return false;
    }
  }

  /** @throws ConnectorError INVALID_ANSWER when the body is not a JSON object */
  object(): Member {
    const value = this.json();
    if (isObject(value)) return value;
    throw invalidAnswer(this.status, 'The answer is JSON, but not an object.');
  }
}

/** An answer with a good status whose body says that the call failed; the connector finds out what it means. */
export class FailedAnswer extends Error {
  override readonly name = 'FailedAnswer';
  /** @param error the error object of the API */
  constructor(readonly error: unknown) {
    super('The answer holds an error');
  }
}

/** An answer nobody can use. What sent it is mostly a gateway in between, so another try may help. */
export function invalidAnswer(status: number, message: string): ConnectorError {
  return new ConnectorError(message, {
    code: String(status),
    cause: 'INVALID_ANSWER',
    retry: { kind: 'consume' },
  });
}

/** An answer whose JSON would fill the memory; asked again it would be the same. */
export function tooManyParts(status: number): ConnectorError {
  return new ConnectorError(
    `The answer holds more than ${maxJsonParts} pieces of JSON, which is more than the worker reads. Ask for less at a time; embeddings as base64 count as one piece each.`,
    { code: String(status), cause: 'RESULT_TOO_LARGE', retry: { kind: 'never' } },
  );
}

function parseAnswer(text: string, status: number, contentType: string): unknown {
  const { tooDeep, parts } = measureJson(text);
  if (tooDeep) {
    throw invalidAnswer(
      status,
      `The answer has status ${status}, but its JSON is nested too deeply to be used.`,
    );
  }
  if (parts > maxJsonParts) throw tooManyParts(status);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const kind = contentType === '' ? 'no content type' : contentType;
    const what = text.trim() === '' ? 'is empty' : `is not JSON (${kind})`;
    throw invalidAnswer(
      status,
      `The answer has status ${status}, but its body ${what}. Check that the address of the API is right and that no proxy answers in its place.`,
    );
  }
}

export function isObject(value: unknown): value is Member {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Member of something that may not be an object. */
export function member(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
