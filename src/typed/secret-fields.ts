/** Secrets in a job's variables: only the connection and headers may hold placeholders, never prompts. */
import { isJsonObject, type Json, type JsonObject } from '../json/json';
import { replaceSecretsInText, secretNamesInText } from '../secrets/placeholders';

/** Names of the secrets that the variables refer to, in order of appearance. */
export function secretNamesOf({ connection, input }: JsonObject): readonly string[] {
  const headers = isJsonObject(input) ? input['headers'] : undefined;
  const names = new Set<string>();
  for (const part of [connection, headers]) if (part !== undefined) collectNames(part, names);
  return [...names];
}

/** The value with the secrets put in, at any depth; keys stay as they are. */
export function withSecrets(value: Json | undefined, secrets: ReadonlyMap<string, string>): Json | undefined {
  if (typeof value === 'string') return replaceSecretsInText(value, secrets);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => withSecrets(item, secrets)!);
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withSecrets(item, secrets)!]));
  }
  return value;
}

/** The variable `input` with the secrets put into its header fields. */
export function inputWithSecrets(
  input: Json | undefined,
  secrets: ReadonlyMap<string, string>,
): Json | undefined {
  if (!isJsonObject(input) || input['headers'] === undefined) return input;
  return { ...input, headers: withSecrets(input['headers'], secrets) ?? null };
}

function collectNames(value: Json, names: Set<string>): void {
  if (typeof value === 'string') for (const name of secretNamesInText(value)) names.add(name);
  else if (Array.isArray(value)) for (const item of value as readonly Json[]) collectNames(item, names);
  else if (isJsonObject(value)) for (const item of Object.values(value)) collectNames(item, names);
}
