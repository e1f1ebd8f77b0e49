/** Reads the body of a request. One that is too large is read to its end too, or the client never sees the answer. */
import type { IncomingMessage } from 'node:http';
import { Rejection } from '../api';
import { HttpRefusal } from './answer';
import { invalid, CheckedBody } from './body';
import type { SizeLimits } from './limits';
import { readForm, type FormPart } from './multipart';

/** @returns undefined when there is more than that */
export async function receive(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
    }
  } catch {
    // The client has gone, and will not read this.
    throw new HttpRefusal(400, 'Bad Request', 'The request ended before its body did.');
  }
  return size > maxBytes ? undefined : Buffer.concat(chunks);
}

/** JSON, whatever the content type says; nothing counts as an object without members. */
export async function receiveBody(request: IncomingMessage, limits: SizeLimits): Promise<CheckedBody> {
  const bytes = await receive(request, limits.message);
  if (bytes === undefined) {
    throw new Rejection(
      500,
      'MALFORMED_REQUEST',
      `Request size is above configured maxMessageSize. It must not exceed ${limits.message} bytes.`,
    );
  }
  return CheckedBody.parse(bytes.toString('utf8'), limits);
}

/** The parts of a form. */
export async function receiveForm(request: IncomingMessage, maxBytes: number): Promise<readonly FormPart[]> {
  const bytes = await receive(request, maxBytes);
  if (bytes === undefined)
    throw new HttpRefusal(413, 'Payload Too Large', `The request must not exceed ${maxBytes} bytes.`);
  try {
    return readForm(bytes, request.headers['content-type'] ?? '');
  } catch (error) {
    throw invalid(`The request cannot be read as a form: ${(error as Error).message}.`);
  }
}
