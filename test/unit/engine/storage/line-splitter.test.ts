import { LineSplitter } from '../../../../src/engine/storage/file/line-splitter';

/** Splits a text that comes in chunks of a size. */
function split(text: string, size: number): string[] {
  const bytes = Buffer.from(text);
  const splitter = new LineSplitter();
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += size)
    for (const line of splitter.push(Buffer.from(bytes.subarray(at, at + size)))) lines.push(line.toString());
  return lines;
}

it.each([1, 2, 3, 5, 7, 100])('chunks of %d bytes make the same lines', (size) => {
  expect(split('one\n\nthree €\n\nlast', size)).toEqual(['one', '', 'three €', '']);
});

it('a chunk may be used again once its lines were taken', () => {
  const splitter = new LineSplitter();
  const chunk = Buffer.from('abc');
  expect([...splitter.push(chunk)]).toEqual([]);
  chunk.write('d\nx');
  expect([...splitter.push(chunk)].map(String)).toEqual(['abcd']);
});
