/** JSON made by joining JSON texts: nothing is parsed, no number loses a digit. */
import { stringifyJson } from './json';

/** Adds a member at the end of an object's JSON text; of members with the same name the last one counts. */
export function withMember(object: string, name: string, value: string): string {
  const members = object.slice(0, object.lastIndexOf('}')).trimEnd();
  return `${members}${members === '{' ? '' : ','}${stringifyJson(name)}:${value}}`;
}
