/** Base64 of UTF-8 texts, in the alphabet of RFC 4648, section 4. */
import { Buffer } from 'node:buffer';

export function encodeBase64(text: string): string {
  // Half of a surrogate pair becomes a question mark, as in Java.
  const whole = text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '?');
  return Buffer.from(whole, 'utf8').toString('base64');
}

/** undefined when the text is not Base64; padding may be missing. */
export function decodeBase64(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]*(={0,2})$/.test(text)) return undefined;
  const data = text.replace(/=+$/, '');
  const padding = text.length - data.length;
  if (data.length % 4 === 1 || (padding > 0 && text.length % 4 !== 0)) return undefined;
  return Buffer.from(data, 'base64').toString('utf8');
}
