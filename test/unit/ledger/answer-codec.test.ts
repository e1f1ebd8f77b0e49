import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import type { HttpResponse } from '../../../src/http/request';
import { createAnswerCodec } from '../../../src/ledger/answer-codec';

const none = new Map<string, string>();
const answer = (body: Buffer | undefined): HttpResponse => ({
  status: 200,
  reason: 'OK',
  headers: [
    ['Content-Type', 'application/json'],
    ['Set-Cookie', 'a'],
    ['Set-Cookie', 'b'],
  ],
  body,
});

test.each([
  ['plain', undefined],
  ['encrypted', randomBytes(32)],
])('%s: any answer comes back as it was', (_name, key) => {
  const codec = createAnswerCodec(key);
  fc.assert(
    fc.property(fc.option(fc.uint8Array(), { nil: undefined }), (bytes) => {
      const original = answer(bytes === undefined ? undefined : Buffer.from(bytes));
      expect(codec.decode(codec.encode(original, none), none)).toEqual(original);
    }),
  );
});

test('a secret that the answer repeats is not in the entry, and is there again when it is read', () => {
  const codec = createAnswerCodec(undefined);
  const secrets = new Map([
    ['KEY', 'sk-very-secret'],
    ['LONGER', 'sk-very-secret-too'],
  ]);
  const original = answer(Buffer.from('{"echo":"sk-very-secret-too sk-very-secret"}'));
  const bytes = codec.encode(original, secrets);
  expect(bytes.includes('sk-very-secret')).toBe(false);
  expect(codec.decode(bytes, secrets)).toEqual(original);
});

test('an encrypted entry shows nothing of the answer, and is refused under another key', () => {
  const bytes = createAnswerCodec(randomBytes(32)).encode(answer(Buffer.from('confidential')), none);
  expect(bytes.includes('confidential')).toBe(false);
  expect(() => createAnswerCodec(randomBytes(32)).decode(bytes, none)).toThrow(/CONNECTOR_LEDGER_KEY/);
  expect(() => createAnswerCodec(undefined).decode(bytes, none)).toThrow(/CONNECTOR_LEDGER_KEY/);
});

test('damaged entries are a ledger error', () => {
  expect(() => createAnswerCodec(undefined).decode(Buffer.from('Pnonsense'), none)).toThrow(/damaged/);
});
