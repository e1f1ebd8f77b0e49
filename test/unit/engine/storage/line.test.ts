import {
  decodeLine,
  encodeHeader,
  encodeLine,
  encodeSnapshot,
  isSound,
  refuseHeader,
} from '../../../../src/engine/storage/file/line';
import type { RowChange } from '../../../../src/engine/storage/storage';

const rows: RowChange[] = [
  ['job', '1', { key: '1', type: 'ü€😀 "quoted"\n\\' } as never],
  ['variable', '__proto__', null],
];
const withoutBreak = (line: Buffer): Buffer => line.subarray(0, -1);

it('a line says what it was made of', () => {
  const line = encodeLine(17, rows);
  expect(line.indexOf('\n')).toBe(line.length - 1);
  expect(isSound(withoutBreak(line))).toBe(true);
  expect(decodeLine(withoutBreak(line))).toEqual({ position: 17, rows });
});

it('half a surrogate pair survives', () => {
  const half: RowChange = ['variable', '1', { key: '1', value: '\ud83d' } as never];
  expect(decodeLine(withoutBreak(encodeLine(1, [half]))).rows).toEqual([half]);
});

it('no beginning of a line is sound', () => {
  const line = withoutBreak(encodeLine(17, rows));
  for (let length = 0; length < line.length; length++)
    expect([length, isSound(line.subarray(0, length))]).toEqual([length, false]);
});

it('no line with a changed byte is sound', () => {
  const line = withoutBreak(encodeLine(17, rows));
  for (let at = 0; at < line.length; at++) {
    const changed = Buffer.from(line);
    changed[at] = changed[at]! ^ 0x20;
    expect([at, isSound(changed)]).toEqual([at, false]);
  }
});

it('zeros, as a power cut leaves them, are not sound', () => {
  expect(isSound(Buffer.alloc(100))).toBe(false);
});

describe('the header', () => {
  it('is accepted as it is written', () => {
    expect(refuseHeader(withoutBreak(encodeHeader()))).toBeUndefined();
  });

  it.each([
    ['of another version', '{"format":"process engine journal","version":2}', 'version 2'],
    ['of another format', '{"format":"shopping list","version":1}', 'not the journal of an engine'],
    ['that is not JSON', 'hello', 'not the journal of an engine'],
    ['that is null', 'null', 'not the journal of an engine'],
  ])('%s is refused', (_, text, reason) => {
    expect(refuseHeader(Buffer.from(text))).toContain(reason);
  });
});

describe('a snapshot', () => {
  const large = (count: number) =>
    Array.from({ length: count }, (_, n) => {
      const key = String(n);
      return ['variable', key, { key, value: 'x'.repeat(100_000) }] as const;
    });

  it('is cut into lines that hold all rows in order', () => {
    const lines = [...encodeSnapshot(5, large(10))].map(withoutBreak);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.every(isSound)).toBe(true);
    const decoded = lines.map(decodeLine);
    expect(decoded.flatMap((line) => line.rows)).toEqual(large(10));
    expect(new Set(decoded.map((line) => line.position))).toEqual(new Set([5]));
  });

  it('without rows keeps the position', () => {
    const [line] = encodeSnapshot(5, []);
    expect(decodeLine(withoutBreak(line!))).toEqual({ position: 5, rows: [] });
  });
});
