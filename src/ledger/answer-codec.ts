/**
 * A kept answer as bytes and back: one line of JSON (status, reason, headers), then the body. Values of secrets are
 * taken out on the way in and put back on the way out, so no entry holds one; with a key the whole is encrypted
 * (AES-256-GCM).
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { HeaderLines, HttpResponse } from '../http/request';
import { LedgerError } from './ledger';

export interface AnswerCodec {
  encode(answer: HttpResponse, secrets: ReadonlyMap<string, string>): Buffer;
  /** @throws LedgerError when the bytes are not an answer of ours, or of another key */
  decode(bytes: Buffer, secrets: ReadonlyMap<string, string>): HttpResponse;
}

const plainMark = 0x50;
const sealedMark = 0x53;
const nonceBytes = 12;
const tagBytes = 16;
/** Shorter values occur in every text; taking them out would hide nothing and cost time. */
const minSecretLength = 4;

/** @param key 32 bytes, or undefined for no encryption */
export function createAnswerCodec(key: Buffer | undefined): AnswerCodec {
  return {
    encode(answer, secrets) {
      const head = Buffer.from(
        `${JSON.stringify({ status: answer.status, reason: answer.reason, headers: answer.headers, entity: answer.body !== undefined })}\n`,
      );
      const plain = withoutSecrets(Buffer.concat([head, answer.body ?? Buffer.alloc(0)]), secrets);
      if (key === undefined) return Buffer.concat([Buffer.of(plainMark), plain]);
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Buffer.of(sealedMark), nonce, cipher.getAuthTag(), sealed]);
    },

    decode(bytes, secrets) {
      const plain = withSecrets(open(bytes, key), secrets);
      const end = plain.indexOf('\n');
      try {
        const head = JSON.parse(plain.subarray(0, end).toString()) as {
          status: number;
          reason: string;
          headers: HeaderLines;
          entity: boolean;
        };
        const { status, reason, headers } = head;
        return { status, reason, headers, body: head.entity ? plain.subarray(end + 1) : undefined };
      } catch {
        throw new LedgerError('An entry of the ledger is damaged', 'damaged');
      }
    },
  };
}

function open(bytes: Buffer, key: Buffer | undefined): Buffer {
  if (bytes[0] === plainMark) return bytes.subarray(1);
  if (bytes[0] !== sealedMark) throw new LedgerError('An entry of the ledger is damaged', 'damaged');
  if (key === undefined) {
    throw new LedgerError(
      'An entry of the ledger is encrypted; set CONNECTOR_LEDGER_KEY to the key it was written with',
      'sealed',
    );
  }
  try {
    const tagStart = 1 + nonceBytes;
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, tagStart));
    decipher.setAuthTag(bytes.subarray(tagStart, tagStart + tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(tagStart + tagBytes)), decipher.final()]);
  } catch {
    throw new LedgerError(
      'An entry of the ledger cannot be decrypted: CONNECTOR_LEDGER_KEY is not the key it was written with',
      'sealed',
    );
  }
}

/** NUL never occurs in a header, in JSON or in UTF-8 text of an API; binary bodies are searched as bytes anyway. */
const placeholder = (name: string): Buffer => Buffer.from(`\0secret:${name}\0`);

function longestFirst(secrets: ReadonlyMap<string, string>): [name: string, value: Buffer][] {
  return [...secrets]
    .filter(([, value]) => value.length >= minSecretLength)
    .sort(([, left], [, right]) => right.length - left.length)
    .map(([name, value]) => [name, Buffer.from(value)]);
}

function withoutSecrets(bytes: Buffer, secrets: ReadonlyMap<string, string>): Buffer {
  return longestFirst(secrets).reduce(
    (result, [name, value]) => replaceAll(result, value, placeholder(name)),
    bytes,
  );
}

function withSecrets(bytes: Buffer, secrets: ReadonlyMap<string, string>): Buffer {
  return longestFirst(secrets).reduce(
    (result, [name, value]) => replaceAll(result, placeholder(name), value),
    bytes,
  );
}

function replaceAll(bytes: Buffer, what: Buffer, by: Buffer): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(what); at >= 0; at = bytes.indexOf(what, from)) {
    parts.push(bytes.subarray(from, at), by);
    from = at + what.length;
  }
  return parts.length === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(from)]);
}
