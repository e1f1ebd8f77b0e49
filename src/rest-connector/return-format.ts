/** The response in the form the task asks for: a document, text, or strict JSON (`documentReturnFormat`). */
import { ConnectorError, inputError } from '../errors';
import { headerValue, type HttpResponse } from '../http/request';
import type { DocumentReference } from '../job/job';
import { isJsonObject, JsonSyntaxError, parseJson, type JsonObject } from '../json/json';
import type { JsonText } from '../json/text';
import { withJavaNumbers } from '../java/number';
import { maxVariablesBytes } from '../job/map-result';
import { decodeText } from './charset';
import { responseText } from './response';

const choices = ['DOCUMENT', 'TEXT', 'JSON'] as const;

export interface ReturnFormat {
  readonly choice: (typeof choices)[number];
  /** Character set of `TEXT`. */
  readonly encoding: string;
}

/**
 * Reads the format; absent or blank means the usual way. Pure.
 * @param json the variable as the process gave it, secrets not put in
 * @throws ConnectorError (no retry) for an unknown choice
 */
export function readReturnFormat(json: JsonText | undefined): ReturnFormat | undefined {
  const given = json === undefined ? undefined : parseJson(json);
  const choice = isJsonObject(given) ? given['choice'] : undefined;
  if (!isJsonObject(given) || typeof choice !== 'string' || choice.trim() === '') return undefined;
  const known = choices.find((name) => name === choice);
  if (known === undefined) {
    throw inputError(
      `Unknown documentReturnFormat.choice '${choice}'. Expected one of: ${choices.join(', ')}`,
    );
  }
  const { encoding } = given;
  return {
    choice: known,
    encoding: typeof encoding === 'string' && encoding.trim() !== '' ? encoding : 'UTF-8',
  };
}

/**
 * Stores the body as a document. The response's body is null.
 * @throws ConnectorError code 500 when it cannot be stored
 */
export async function documentResponse(
  answer: HttpResponse,
  upload: (content: Buffer, contentType: string | undefined) => Promise<DocumentReference>,
): Promise<JsonText> {
  try {
    const contentType = headerValue(answer.headers, 'content-type');
    const reference = await upload(answer.body ?? Buffer.alloc(0), contentType);
    return responseText(answer, null, toReference(reference));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new ConnectorError(`Error while executing an HTTP request: Failed to create document: ${detail}`, {
      code: '500',
      cause: error instanceof ConnectorError ? (error.causeName ?? 'DOCUMENT_FAILED') : 'DOCUMENT_FAILED',
      origin: error,
    });
  }
}

/** The reference as processes know it from the Java runtime, whatever the cluster's version calls its kind. */
function toReference({ storeId, documentId, contentHash, metadata = {} }: DocumentReference): JsonObject {
  const filled = (members: Readonly<Record<string, unknown>>): JsonObject => {
    const present = Object.entries(members).filter(([, value]) => !isEmpty(value));
    return parseJson(JSON.stringify(Object.fromEntries(present))) as JsonObject;
  };
  return {
    'camunda.document.type': 'camunda',
    ...filled({ storeId, documentId, contentHash }),
    metadata: filled(metadata),
  };
}

function isEmpty(value: unknown): boolean {
  return value == null || (typeof value === 'object' && Object.keys(value).length === 0);
}

/**
 * The body as text in a character set, or as JSON, scalars included. Pure.
 * @throws ConnectorError: no retry for an unknown character set, one retry for a body that is not JSON or too large
 */
export function textResponse(answer: HttpResponse, format: ReturnFormat): JsonText {
  const bytes = answer.body ?? Buffer.alloc(0);
  if (bytes.length > maxVariablesBytes) {
    throw new ConnectorError(
      `The response (${bytes.length} bytes) is too large for a process variable. Choose the document response format.`,
      { cause: 'RESULT_TOO_LARGE' },
    );
  }
  if (format.choice === 'TEXT') return responseText(answer, textOf(bytes, format.encoding), null);
  return responseText(answer, withJavaNumbers(jsonOf(bytes.toString('utf8'))), null);
}

function textOf(bytes: Buffer, encoding: string): string {
  try {
    return decodeText(bytes, encoding);
  } catch {
    throw inputError(`Unsupported encoding '${encoding}' in documentReturnFormat.encoding`);
  }
}

function jsonOf(text: string) {
  if (text.trim() === '') {
    throw new ConnectorError('JSON response format selected but payload was empty or could not be parsed.', {
      cause: 'INVALID_ANSWER',
    });
  }
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new ConnectorError(
      `JSON response format selected but payload is not valid JSON: ${error.message}`,
      { cause: 'INVALID_ANSWER' },
    );
  }
}
