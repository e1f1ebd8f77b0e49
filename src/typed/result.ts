/** What result variable and result expression see. */
import type { HeaderLines } from '../http/request';
import { stringifyJson } from '../json/json';
import { knownJson, objectText, plainText, type JsonText } from '../json/text';
import type { Reading } from '../operations/kit/operation';
import type { Reply } from '../operations/kit/reply';

/** Header names in lower case, several lines of one name joined by a comma; cookies are the server's business. */
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
export function resultText(reply: Reply, reading: Reading): JsonText {
  const { body, text, json, finishReason, usage, documents } = reading;
  return objectText({
    status: plainText(reply.status),
    headers: plainText(reply.headers),
    body: body === undefined ? jsonBody(reply) : knownJson(body),
    text: plainText(text?.toWellFormed() ?? null),
    json: json === undefined ? plainText(null) : stringifyJson(json),
    finishReason: plainText(finishReason ?? null),
    usage: plainText(usage ?? null),
    documents: plainText(documents ?? []),
  });
}

/** The body as JSON text: itself when it is JSON, else a JSON string; null when there is none. */
export function jsonBody(reply: Reply): JsonText {
  const text = reply.text().trim();
  if (text === '') return plainText(null);
  return reply.isJson() ? knownJson(text) : plainText(text.toWellFormed());
}
