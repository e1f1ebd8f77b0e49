/** Data in Java's own notation, as the Java runtime puts it into messages: `{a=1, b=[x, null]}`. */
import { isJsonList, isJsonObject, JsonNumber, type Json } from '../json/json';
import { javaNumberText } from './number';

/** Java's text of JSON data: texts without quotes, numbers as Java writes them. */
export function javaText(value: Json): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || value instanceof JsonNumber) return javaNumberText(value);
  if (isJsonList(value)) return `[${value.map(javaText).join(', ')}]`;
  if (!isJsonObject(value)) return String(value);
  const members = Object.entries(value).map(([key, member]) => `${key}=${javaText(member)}`);
  return `{${members.join(', ')}}`;
}
