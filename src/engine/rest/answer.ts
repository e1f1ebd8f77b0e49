/** What a request is answered with, before it is written. */

export interface Answer {
  readonly status: number;
  /** Content type of the body. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export const noContent: Answer = { status: 204 };

/** @param text JSON */
export function jsonAnswer(text: string, status = 200): Answer {
  return { status, type: 'application/json', body: text };
}

/** A refusal that is about HTTP and not about the engine; those are `Rejection`s. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
  ) {
    super(`${title}: ${detail}`);
  }
}

/** Problem details as RFC 9457 has them; clients read title and detail. */
export function problem(
  { status, title, detail }: Pick<HttpRefusal, 'status' | 'title' | 'detail'>,
  path: string,
): Answer {
  return {
    status,
    type: 'application/problem+json',
    body: JSON.stringify({ type: 'about:blank', title, status, detail, instance: path }),
  };
}

/** One JSON object: members that are values, then members that are JSON texts already. */
export function jsonObject(
  members: Readonly<Record<string, unknown>>,
  texts: Readonly<Record<string, string>>,
): string {
  const head = JSON.stringify(members).slice(1, -1);
  const tail = Object.entries(texts).map(([name, text]) => `${JSON.stringify(name)}:${text}`);
  return `{${(head === '' ? tail : [head, ...tail]).join(',')}}`;
}
