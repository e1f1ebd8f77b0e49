/** Objects without the members that have no value. */
import { setOwn, type Json, type JsonObject } from '../../json/json';

/** The members that have a value; those of `extra` win. */
export function withoutAbsent(
  body: Readonly<Record<string, Json | undefined>>,
  extra: JsonObject = {},
): JsonObject {
  const present: Record<string, Json> = {};
  for (const part of [body, extra]) {
    for (const name of Object.keys(part)) {
      const value = part[name];
      if (value !== undefined) setOwn(present, name, value);
    }
  }
  return present;
}
