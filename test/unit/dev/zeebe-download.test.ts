import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { download, DownloadRefusedError } from '../../../dev/zeebe/download';

const content = Buffer.from('0123456789'.repeat(10_000));
const sha256 = createHash('sha256').update(content).digest('hex');

let folder: string;
let server: Server;
let ranges: (string | undefined)[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'download-'));
  ranges = [];
  answer = answerWithRanges;
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

function answerWithRanges(request: IncomingMessage, response: ServerResponse): void {
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (start >= content.length) {
    response.writeHead(416).end();
    return;
  }
  response.writeHead(request.headers.range === undefined ? 200 : 206, {
    'content-length': content.length - start,
  });
  response.end(content.subarray(start));
}

function order(progress: number[] = []) {
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/file`,
    file: join(folder, 'file'),
    sha256,
    onProgress: (received: number) => void progress.push(received),
  };
}

test('a file arrives whole, and its progress is told', async () => {
  const progress: number[] = [];
  await download(order(progress));
  expect(readFileSync(join(folder, 'file')).equals(content)).toBe(true);
  expect(progress.at(-1)).toBe(content.length);
});

test('a transfer that breaks off goes on where it stopped', async () => {
  answer = (request, response) => {
    if (ranges.length > 1) return answerWithRanges(request, response);
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 40_000), () => setTimeout(() => response.destroy(), 50));
  };
  await download(order());
  expect(readFileSync(join(folder, 'file')).equals(content)).toBe(true);
  expect(ranges).toEqual([undefined, 'bytes=40000-']);
});

test('what an earlier process left is used', async () => {
  writeFileSync(join(folder, 'file.part'), content.subarray(0, 70_000));
  await download(order());
  expect(readFileSync(join(folder, 'file')).equals(content)).toBe(true);
  expect(ranges).toEqual(['bytes=70000-']);
});

test('a part that was complete already is accepted', async () => {
  writeFileSync(join(folder, 'file.part'), content);
  await download(order());
  expect(existsSync(join(folder, 'file'))).toBe(true);
});

test('a server without ranges makes it start anew', async () => {
  writeFileSync(join(folder, 'file.part'), 'something old');
  answer = (_request, response) => void response.end(content);
  await download(order());
  expect(readFileSync(join(folder, 'file')).equals(content)).toBe(true);
});

test('a wrong checksum leaves no file behind and says so', async () => {
  answer = (_request, response) => void response.end('other content');
  await expect(download(order())).rejects.toThrow(/pinned SHA-256 checksum/);
  expect(existsSync(join(folder, 'file'))).toBe(false);
  expect(existsSync(join(folder, 'file.part'))).toBe(false);
});

test('a refusal is not asked again', async () => {
  answer = (_request, response) => void response.writeHead(403).end();
  await expect(download(order())).rejects.toThrow(DownloadRefusedError);
  expect(ranges).toHaveLength(1);
});

test('attempts that bring nothing end with the error of the network', async () => {
  answer = (_request, response) => void response.destroy();
  await expect(download(order())).rejects.toThrow();
  expect(ranges).toHaveLength(1);
});
