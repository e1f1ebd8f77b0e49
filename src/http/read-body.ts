/** Reads the body of an answer to its end: decompressed, bounded, and never taken for whole when it was cut. */
import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { TransportError } from './request';

export interface ReadBodyOptions {
  /** False for answers that carry none whatever their headers say (204, 304, to HEAD). */
  readonly hasEntity: boolean;
  /** Value of `Content-Encoding`. */
  readonly encodings: string | undefined;
  /** Value of `Content-Length`, for the error message. */
  readonly expectedBytes: string | undefined;
  /** Limit in bytes after decompression. */
  readonly maxBytes: number;
}

/** Node's pipeline; its types know no list of steps. */
const pipelineOf = pipeline as (...steps: unknown[]) => Promise<void>;
/** Nobody packs an answer more often; every layer costs a decoder. */
const maxEncodings = 4;

/**
 * @returns the bytes, or undefined when the answer has no entity
 * @throws TransportError of phase `body` (broken off, not decodable) or `too-large`
 */
export async function readBody(
  answer: IncomingMessage,
  options: ReadBodyOptions,
): Promise<Buffer | undefined> {
  const intake = new Intake(options);
  // Without length and chunks the end of the connection ends the body, a reset too as far as Node is concerned.
  const { socket } = answer;
  let broken = false;
  const onBreak = (): void => {
    broken = true;
  };
  socket.on('error', onBreak);
  try {
    const decoders = options.hasEntity ? decodersFor(options.encodings) : [];
    await intake.drain(answer, decoders);
  } catch (error) {
    // An empty answer that is labelled as compressed has nothing to decode.
    const nothing = intake.wireBytes === 0 && answer.complete && !(error instanceof TransportError);
    if (!nothing) {
      answer.destroy();
      throw intake.tooLarge ?? toBodyError(error, answer, intake.wireBytes, options.expectedBytes);
    }
  } finally {
    socket.off('error', onBreak);
  }
  if (broken || !answer.complete) throw cutOff(answer, intake.wireBytes, options.expectedBytes);
  return options.hasEntity ? intake.bytes() : undefined;
}

/** The part of a body that has arrived, counted on the wire and after decompression. */
class Intake {
  readonly #options: ReadBodyOptions;
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #wireBytes = 0;
  #tooLarge: TransportError | undefined;

  constructor(options: ReadBodyOptions) {
    this.#options = options;
  }

  get wireBytes(): number {
    return this.#wireBytes;
  }

  /** Set when the limit was passed: a pipeline of several steps reports its end, not the step that ended it. */
  get tooLarge(): TransportError | undefined {
    return this.#tooLarge;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** Takes the answer in to its end; throws what its stream, a decoder or the limit throws. */
  async drain(answer: IncomingMessage, decoders: readonly Transform[]): Promise<void> {
    if (decoders.length === 0) {
      await eachChunk(answer, (chunk) => {
        this.#wireBytes += chunk.length;
        this.#take(chunk);
      });
      return;
    }
    await pipelineOf(
      answer,
      (source: AsyncIterable<Buffer>) => this.#counted(source),
      ...decoders.flatMap((decoder) => [(source: AsyncIterable<Buffer>) => this.#bounded(source), decoder]),
      (source: AsyncIterable<Buffer>) => this.#collect(source),
    );
  }

  async *#counted(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      this.#wireBytes += chunk.length;
      yield chunk;
    }
  }

  /** Before the last decoder an answer may be a little larger than what comes out, but not endless. */
  async *#bounded(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const { maxBytes } = this.#options;
    const maxPackedBytes = maxBytes + maxBytes / 64 + 65_536;
    let passed = 0;
    for await (const chunk of source) {
      passed += chunk.length;
      if (passed > maxPackedBytes) throw this.#refusal();
      yield chunk;
    }
  }

  async #collect(source: AsyncIterable<Buffer>): Promise<void> {
    for await (const chunk of source) this.#take(chunk);
  }

  #take(chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#options.maxBytes) throw this.#refusal();
    this.#chunks.push(chunk);
  }

  #refusal(): TransportError {
    const message = `The answer is larger than ${this.#options.maxBytes} bytes`;
    return (this.#tooLarge = new TransportError(message, 'too-large', false, undefined));
  }
}

/** Hands over every piece; ends with the stream, throws what it or `take` throws. */
async function eachChunk(answer: IncomingMessage, take: (chunk: Buffer) => void): Promise<void> {
  const fault = await new Promise<unknown>((end) => {
    answer.on('data', (chunk: Buffer) => {
      try {
        take(chunk);
      } catch (error) {
        // What comes after the first refusal is not looked at.
        answer.removeAllListeners('data');
        end(error);
      }
    });
    answer.once('error', end);
    answer.once('end', () => end(undefined));
    // Destroyed without an error: whether all of it came is asked by the caller.
    answer.once('close', () => end(undefined));
  });
  if (fault !== undefined) throw fault as Error;
}

function decodersFor(encodings: string | undefined): Transform[] {
  const names = (encodings ?? '').split(',').map((name) => name.trim().toLowerCase());
  if (names.length > maxEncodings) {
    const message = `The answer is packed ${names.length} times over (Content-Encoding)`;
    throw new TransportError(message, 'body', false, undefined);
  }
  const decoders: Transform[] = [];
  for (const name of names.reverse()) {
    if (name === 'gzip' || name === 'x-gzip') decoders.push(zlib.createGunzip());
    else if (name === 'deflate') decoders.push(new Inflate());
    else if (name === 'br') decoders.push(zlib.createBrotliDecompress());
  }
  return decoders;
}

/** `deflate` means zlib's format, but some servers send the bare one: the first byte tells. */
class Inflate extends Transform {
  #inner: Transform | undefined;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#inner ??= this.#start(chunk);
    this.#inner.write(chunk, () => done());
  }

  /** What was unpacked has been read: there may be more. */
  override _read(size: number): void {
    this.#inner?.resume();
    super._read(size);
  }

  override _flush(done: () => void): void {
    if (this.#inner === undefined) done();
    else this.#inner.once('end', () => done()).end();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#inner?.destroy();
    done(error);
  }

  #start(chunk: Buffer): Transform {
    const inner = ((chunk[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw();
    inner.on('data', (piece: Buffer) => {
      if (!this.push(piece)) inner.pause();
    });
    inner.on('error', (error) => this.destroy(error));
    return inner;
  }
}

function toBodyError(
  error: unknown,
  answer: IncomingMessage,
  wireBytes: number,
  expectedBytes: string | undefined,
): unknown {
  if (error instanceof TransportError) return error;
  const { message, code } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') {
    return new TransportError('Unexpected end of ZLIB input stream', 'body', false, code);
  }
  if (code === 'Z_DATA_ERROR' && message === 'incorrect header check') {
    return new TransportError('Not in GZIP format', 'body', false, code);
  }
  if (code?.startsWith('Z_') || code?.startsWith('ERR_BROTLI') || code?.startsWith('ERR__ERROR')) {
    return new TransportError(`The compressed answer cannot be decoded: ${message}`, 'body', false, code);
  }
  if (!answer.complete && !code?.startsWith('HPE_')) return cutOff(answer, wireBytes, expectedBytes);
  return error;
}

function cutOff(
  answer: IncomingMessage,
  wireBytes: number,
  expectedBytes: string | undefined,
): TransportError {
  const chunked = answer.headers['transfer-encoding'] !== undefined;
  const message = chunked
    ? 'Premature end of chunk coded message body: closing chunk expected'
    : expectedBytes === undefined
      ? 'Connection reset'
      : `Premature end of Content-Length delimited message body (expected: ${expectedBytes}; received: ${wireBytes})`;
  return new TransportError(message, 'body', false, 'ECONNRESET');
}
