/** Character sets by the names Java knows. Pure. */
import { TextDecoder } from 'node:util';
import { classNames } from '../java/class-names';
import { javaFault } from '../java/fault';

type Encoder = (text: string) => Buffer;

const question = 0x3f;
/** Bytes 0x80 to 0x9f of windows-1252, which Node 20 reads as ISO-8859-1. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/**
 * Text in a character set; what it cannot hold becomes a question mark.
 * @throws ConnectorError (one retry) for a name that is not known
 */
export function encodeText(text: string, charset: string): Buffer {
  const encoder = encoderOf(charset.trim().toLowerCase());
  if (encoder === undefined) throw unsupported(charset);
  return encoder(text.toWellFormed());
}

/**
 * Text of bytes; what is not text becomes U+FFFD. A byte order mark stays.
 * @throws ConnectorError (one retry) for a name that is not known
 */
export function decodeText(bytes: Buffer, charset: string): string {
  const name = charset.trim().toLowerCase();
  if (isLatin1(name)) return bytes.toString('latin1');
  if (isWindows1252(name)) {
    return bytes
      .toString('latin1')
      .replaceAll(/[\u0080-\u009f]/g, (text) => windows1252.charAt(text.charCodeAt(0) - 0x80));
  }
  const decoder = decoderOf(name);
  if (decoder === undefined) throw unsupported(charset);
  return decoder.decode(bytes);
}

/** Whether every character of the text is in ISO-8859-1. */
export function fitsLatin1(text: string): boolean {
  return !/[\u0100-\uffff]/.test(text);
}

function encoderOf(name: string): Encoder | undefined {
  if (name === 'utf-8' || name === 'utf8') return (text) => Buffer.from(text, 'utf8');
  if (isLatin1(name)) return (text) => singleBytes(text, (code) => (code <= 0xff ? code : undefined));
  if (name === 'us-ascii' || name === 'ascii') {
    return (text) => singleBytes(text, (code) => (code <= 0x7f ? code : undefined));
  }
  if (name === 'utf-16le') return (text) => Buffer.from(text, 'utf16le');
  if (name === 'utf-16be') return (text) => Buffer.from(text, 'utf16le').swap16();
  if (name === 'utf-16') return (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  if (isWindows1252(name)) return (text) => singleBytes(text, windows1252Byte);
  return tableEncoder(name);
}

function windows1252Byte(code: number): number | undefined {
  const special = windows1252.indexOf(String.fromCodePoint(code));
  if (special >= 0) return 0x80 + special;
  return code <= 0x7f || (code >= 0xa0 && code <= 0xff) ? code : undefined;
}

/** Encodes by the table of a single-byte set, which is what its decoder makes of every byte. */
function tableEncoder(name: string): Encoder | undefined {
  const decoder = decoderOf(name);
  if (decoder === undefined) return undefined;
  const table = new Map<number, number>();
  for (let byte = 0; byte < 256; byte++) {
    const text = decoder.decode(Buffer.from([byte]));
    if (text.length === 1 && text !== '\ufffd') table.set(text.charCodeAt(0), byte);
  }
  // A set of several bytes per character has no such table.
  if (table.size < 200) return undefined;
  return (text) => singleBytes(text, (code) => table.get(code));
}

function singleBytes(text: string, byteOf: (code: number) => number | undefined): Buffer {
  return Buffer.from(Array.from(text, (character) => byteOf(character.codePointAt(0) ?? 0) ?? question));
}

function decoderOf(name: string): TextDecoder | undefined {
  try {
    return new TextDecoder(name, { ignoreBOM: true });
  } catch {
    return undefined;
  }
}

/** Browsers read ISO-8859-1 as windows-1252, and so does TextDecoder. */
function isLatin1(name: string): boolean {
  return name === 'iso-8859-1' || name === 'latin1' || name === 'iso8859-1';
}

function isWindows1252(name: string): boolean {
  return name === 'windows-1252' || name === 'cp1252';
}

function unsupported(charset: string): Error {
  return javaFault(classNames.unsupportedCharset, charset);
}
