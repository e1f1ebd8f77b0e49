/** Form data (multipart) with files. */
import { stringifyJson, type Json, type JsonObject } from '../../json/json';
import type { LoadedFile } from './attachments';
import type { Call, Part } from './operation';

export function filePart(name: string, { bytes, fileName, contentType }: LoadedFile): Part {
  return { name, bytes, fileName, contentType };
}

/** Texts, numbers and booleans as fields; a list as one field per entry; a context as JSON. Absent ones are left out. */
export function fieldParts(fields: Readonly<Record<string, Json | undefined>>): Part[] {
  return Object.entries(fields).flatMap(([name, value]): Part[] => {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return (value as readonly Json[]).map((item) => ({ name, value: plain(item) }));
    return [{ name, value: plain(value) }];
  });
}

function plain(value: Json): string {
  return typeof value === 'string' ? value : stringifyJson(value);
}

/** Fields first, files last: servers that read on the fly know all of them before a file begins. */
export function formCall(
  path: string,
  files: readonly Part[],
  fields: Readonly<Record<string, Json | undefined>>,
  extra: JsonObject | undefined,
  perDeployment = true,
): Call {
  const parts = [...fieldParts({ ...fields, ...extra }), ...files];
  return { method: 'POST', path, perDeployment, body: { kind: 'multipart', parts } };
}
