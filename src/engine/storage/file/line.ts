/**
 * The text of a journal. Line 1 names format and version; every other line is one commit, or a part of a snapshot:
 *
 *   checksum, a space, [position of the last record, [[table, key, row or null], ...]]
 *
 * The checksum is the CRC-32 of the JSON's bytes in eight hexadecimal digits. JSON written by `JSON.stringify` holds no
 * line break, so a line that ends and whose checksum is right is a whole commit.
 */
import { crc32 } from 'node:zlib';
import type { Row } from '../../state/table';
import type { RowChange } from '../storage';

const format = 'process engine journal';
const version = 1;
const checksumDigits = 8;
/** A snapshot's lines are about this long: short enough to be written between two commands. */
const snapshotLineCharacters = 256 * 1024;

/** A row of the state with the name of its table. */
export type SnapshotRow = readonly [table: string, key: string, row: Row];

/** What a line holds. */
export interface JournalLine {
  readonly position: number;
  readonly rows: readonly RowChange[];
}

/** Line 1 of a journal. */
export function encodeHeader(): Buffer {
  return Buffer.from(`${JSON.stringify({ format, version })}\n`);
}

/** @returns why a journal that begins with this line cannot be read; undefined: it can */
export function refuseHeader(line: Buffer): string | undefined {
  const header = parseObject(line.toString());
  if (header?.format !== format) return 'it is not the journal of an engine';
  if (header.version !== version)
    return `it has version ${JSON.stringify(header.version)} of the format, and this engine reads version ${version}`;
  return undefined;
}

/** @param position of the last record that belongs to the rows */
export function encodeLine(position: number, rows: readonly RowChange[]): Buffer {
  return sealed(JSON.stringify([position, rows]));
}

/** The lines that hold a whole state. */
export function* encodeSnapshot(position: number, rows: readonly SnapshotRow[]): Generator<Buffer> {
  let texts: string[] = [];
  let characters = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    texts.push(text);
    characters += text.length;
    if (characters < snapshotLineCharacters) continue;
    yield sealed(`[${position},[${texts.join(',')}]]`);
    texts = [];
    characters = 0;
  }
  // Even without rows: the position must outlive the journal before.
  yield sealed(`[${position},[${texts.join(',')}]]`);
}

/** Whether a line, without its line break, is as it was written. */
export function isSound(line: Buffer): boolean {
  const checksum = line.toString('latin1', 0, checksumDigits + 1);
  return checksum === `${checksumText(line.subarray(checksumDigits + 1))} `;
}

/** @param line a sound line, without its line break */
export function decodeLine(line: Buffer): JournalLine {
  const [position, rows] = JSON.parse(line.toString('utf8', checksumDigits + 1)) as [number, RowChange[]];
  return { position, rows };
}

function sealed(json: string): Buffer {
  const bytes = Buffer.allocUnsafe(checksumDigits + 1 + Buffer.byteLength(json) + 1);
  bytes.write(json, checksumDigits + 1);
  bytes[bytes.length - 1] = 0x0a;
  bytes.write(`${checksumText(bytes.subarray(checksumDigits + 1, -1))} `, 0, 'latin1');
  return bytes;
}

function checksumText(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(checksumDigits, '0');
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
