/** Fetches one file with a pinned checksum. An interrupted transfer goes on where it stopped, a wrong file is removed. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, fetch } from 'undici';

export interface Download {
  readonly url: string;
  /** Written to `<file>.part` first; `file` itself exists only when it is complete and right. */
  readonly file: string;
  readonly sha256: string;
  /** Called with bytes so far and in all (undefined when the server does not tell). */
  readonly onProgress: (received: number, total: number | undefined) => void;
}

/** The server said something that a repetition does not heal. */
export class DownloadRefusedError extends Error {
  override readonly name = 'DownloadRefusedError';
}

/**
 * Proxies are taken from HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
 * @throws DownloadRefusedError on a status that is no success, or a wrong checksum (the file is removed then)
 * @throws the network's error when an attempt brought nothing more; what arrived stays for the next call
 */
export async function download(order: Download): Promise<void> {
  const part = `${order.file}.part`;
  for (;;) {
    const before = await sizeOf(part);
    try {
      await transfer(order, part);
      break;
    } catch (error) {
      if (error instanceof DownloadRefusedError || (await sizeOf(part)) <= before) throw error;
    }
  }
  if ((await sha256Of(part)) !== order.sha256) {
    await rm(part);
    throw new DownloadRefusedError(
      'the file that arrived does not have the pinned SHA-256 checksum; it was removed. ' +
        'Start again; if it happens again, a proxy on the way changes files.',
    );
  }
  await rename(part, order.file);
}

/** The checksum of a file's content, in hexadecimal digits. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function transfer(order: Download, part: string): Promise<void> {
  const have = await sizeOf(part);
  const dispatcher = new EnvHttpProxyAgent();
  try {
    const response = await fetch(order.url, {
      dispatcher,
      headers: have > 0 ? { range: `bytes=${have}-` } : {},
    });
    // 416: there is nothing after what we have, so it was complete when the process ended.
    if (response.status === 416 && have > 0) return;
    if (!response.ok || response.body === null) {
      throw new DownloadRefusedError(`the server answered ${response.status} ${response.statusText}`.trim());
    }
    const resumed = response.status === 206;
    const start = resumed ? have : 0;
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    const total = Number.isFinite(length) ? start + length : undefined;
    let received = start;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        received += chunk.length;
        order.onProgress(received, total);
        done(null, chunk);
      },
    });
    await pipeline(
      Readable.fromWeb(response.body),
      count,
      createWriteStream(part, { flags: resumed ? 'a' : 'w' }),
    );
  } finally {
    await dispatcher.destroy();
  }
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
