/** What result variable and result expression see. Pure. */
import type { HeaderLines } from '../http/request';
import { stringifyJson } from '../json/json';
import type { Answer } from '../operations/kit/operation';
import type { Reply } from '../operations/kit/reply';

/** Header names in lower case, several lines of one name joined by a comma; cookies are the server's business. Pure. */
export function plainHeaders(lines: HeaderLines): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of lines) {
    const key = name.toLowerCase();
    if (key === 'set-cookie' || key === '__proto__') continue;
    headers[key] = Object.hasOwn(headers, key) ? `${headers[key]}, ${value}` : value;
  }
  return headers;
}

/**
 * JSON text of `{status, headers, body, text, json, finishReason, usage, documents}`; what the answer lacks is null.
 * The body is embedded as the server wrote it, so that no digit is lost.
 */
export function resultText(reply: Reply, answer: Answer): string {
  const members = [
    `"status":${reply.status}`,
    `"headers":${JSON.stringify(reply.headers)}`,
    `"body":${answer.body ?? jsonBody(reply)}`,
    `"text":${answer.text === undefined ? 'null' : JSON.stringify(answer.text.toWellFormed())}`,
    `"json":${answer.json === undefined ? 'null' : stringifyJson(answer.json)}`,
    `"finishReason":${JSON.stringify(answer.finishReason ?? null)}`,
    `"usage":${JSON.stringify(answer.usage ?? null)}`,
    `"documents":${JSON.stringify(answer.documents ?? [])}`,
  ];
  return `{${members.join(',')}}`;
}

/** The body as JSON text: itself when it is JSON, else a JSON string; null when there is none. */
export function jsonBody(reply: Reply): string {
  const text = reply.text().trim();
  if (text === '') return 'null';
  return reply.isJson() ? text : JSON.stringify(text.toWellFormed());
}
