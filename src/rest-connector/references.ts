/**
 * Documents and intrinsic functions in the input. An object with the key `camunda.document.type` stands for a
 * document's content, one with `camunda.function.type` for what that function gives.
 */
import { ConnectorError, errorTypes, inputError, toConnectorError } from '../errors';
import { evaluateJson } from '../feel';
import type { HttpExecute } from '../http/request';
import type { DocumentReference, DocumentStore } from '../job/job';
import {
  isJsonList,
  isJsonObject,
  JsonSyntaxError,
  parseJson,
  stringifyJson,
  toPlain,
  type Json,
  type JsonObject,
} from '../json/json';
import { decodeText } from './charset';
import type { Path } from './coerce';
import { unknownKind } from './errors';

const documentKey = 'camunda.document.type';
const functionKey = 'camunda.function.type';
const maxFunctionCalls = 10;
/** Largest external document, in bytes. */
const maxExternalBytes = 50 * 1024 * 1024;
const downloadTimeoutMs = 20_000;

export interface ResolvedDocument {
  readonly content: Buffer;
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
}

export interface ReferenceDependencies {
  readonly documents: DocumentStore;
  readonly fetch: HttpExecute;
  readonly signal: AbortSignal;
  /** Clock and chance of expressions. */
  readonly now: () => number;
  readonly random: () => number;
}

/** Resolves the references of one job. */
export class References {
  readonly #dependencies: ReferenceDependencies;
  #calls = 0;

  constructor(dependencies: ReferenceDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * The variables with every reference replaced by text where text is wanted; in `body` documents stay references and
   * only functions are replaced.
   * @throws ConnectorError
   */
  async resolveInput(variables: JsonObject): Promise<JsonObject> {
    if (!holdsReference(variables)) return variables;
    const result: Record<string, Json> = {};
    for (const [name, value] of Object.entries(variables)) {
      result[name] = await (name === 'body'
        ? this.#functionsIn(value, [name])
        : this.#textsIn(value, [name]));
    }
    return result;
  }

  /** The content of a document that the body holds. */
  async document(reference: JsonObject, path: Path): Promise<ResolvedDocument> {
    const kind = reference[documentKey] ?? reference['documentType'];
    if (kind === 'external') return this.#download(reference);
    if (kind !== 'camunda') throw unknownKind(path);
    const plain = toPlain(reference) as DocumentReference;
    return {
      content: await this.#dependencies.documents.download(plain).catch(costsOneRetry),
      fileName: plain.metadata?.fileName ?? undefined,
      contentType: plain.metadata?.contentType ?? undefined,
    };
  }

  async #textsIn(value: Json, path: Path): Promise<Json> {
    if (isDocument(value)) return (await this.document(value, path)).content.toString('base64');
    if (isFunction(value)) {
      const result = await this.#call(value, path);
      if (typeof result === 'string') return result;
      throw new ConnectorError(`An intrinsic function must give a text for ${path.join('.')}`, {
        cause: 'INVALID_INPUT',
      });
    }
    return this.#mapMembers(value, path, (member, memberPath) => this.#textsIn(member, memberPath));
  }

  async #functionsIn(value: Json, path: Path): Promise<Json> {
    if (isDocument(value)) {
      checkKind(value, path);
      return value;
    }
    if (isFunction(value)) return this.#call(value, path);
    return this.#mapMembers(value, path, (member, memberPath) => this.#functionsIn(member, memberPath));
  }

  async #mapMembers(
    value: Json,
    path: Path,
    map: (member: Json, path: Path) => Promise<Json>,
  ): Promise<Json> {
    if (!holdsReference(value)) return value;
    if (isJsonList(value)) {
      const list: Json[] = [];
      for (const [index, member] of value.entries()) {
        list.push(await map(member, [...path, String(index)]));
      }
      return list;
    }
    if (!isJsonObject(value)) return value;
    const entries: [string, Json][] = [];
    for (const [name, member] of Object.entries(value))
      entries.push([name, await map(member, [...path, name])]);
    return Object.fromEntries(entries);
  }

  async #call(reference: JsonObject, path: Path): Promise<Json> {
    this.#calls++;
    if (this.#calls > maxFunctionCalls) {
      throw inputError(`A job may call at most ${maxFunctionCalls} intrinsic functions`);
    }
    const name = reference[functionKey];
    const given = reference['params'];
    const parameters = isJsonList(given) ? given : [];
    const [first, second] = parameters;
    switch (name) {
      case 'base64':
        return (await this.#content(first, path)).toString('base64');
      case 'getText':
        return decodeText(await this.#content(first, path), typeof second === 'string' ? second : 'UTF-8');
      case 'getJson':
        return getJson((await this.#content(first, path)).toString('utf8'), second, this.#dependencies);
      default:
        throw inputError(
          `The function ${typeof name === 'string' ? name : stringifyJson(name ?? null)} of ${path.join('.')} is not available. Use base64, getText or getJson.`,
        );
    }
  }

  async #content(value: Json | undefined, path: Path): Promise<Buffer> {
    const single = value !== undefined && isFunction(value) ? await this.#call(value, path) : value;
    if (typeof single === 'string') return Buffer.from(single, 'utf8');
    if (isDocument(single)) return (await this.document(single, path)).content;
    throw inputError(`The first parameter of a function at ${path.join('.')} must be a document or a text`);
  }

  async #download(reference: JsonObject): Promise<ResolvedDocument> {
    const { url, name } = reference;
    if (typeof url !== 'string') throw inputError('An external document needs a url');
    const answer = await this.#dependencies.fetch(
      {
        method: 'GET',
        url,
        headers: [],
        connectTimeoutMs: downloadTimeoutMs,
        idleTimeoutMs: downloadTimeoutMs,
        totalTimeoutMs: 0,
        maxBodyBytes: maxExternalBytes,
      },
      this.#dependencies.signal,
    );
    if (answer.status >= 400 || answer.body === undefined) {
      throw new ConnectorError(`The document at ${url} cannot be read: status ${answer.status}`, {
        cause: 'DOCUMENT_FAILED',
      });
    }
    const contentType = answer.headers.find(([header]) => header.toLowerCase() === 'content-type')?.[1];
    return { content: answer.body, fileName: typeof name === 'string' ? name : undefined, contentType };
  }
}

/** The Java runtime tries again whatever the document store says. */
function costsOneRetry(error: unknown): never {
  const failure = toConnectorError(error);
  throw failure.with({
    cause: failure.causeName ?? 'DOCUMENT_FAILED',
    type: errorTypes.connector,
    retry: { kind: 'consume' },
  });
}

/** Whether the value is a reference to a document. Pure. */
export function isDocument(value: Json | undefined): value is JsonObject {
  return isJsonObject(value) && (Object.hasOwn(value, documentKey) || isClusterReference(value));
}

/** A reference as a cluster of 8.6 or 8.7 writes it. */
function isClusterReference({ documentType, documentId, storeId }: JsonObject): boolean {
  return documentType === 'camunda' && typeof documentId === 'string' && typeof storeId === 'string';
}

function isFunction(value: Json): value is JsonObject {
  return isJsonObject(value) && Object.hasOwn(value, functionKey);
}

function checkKind(value: JsonObject, path: Path): void {
  const kind = value[documentKey] ?? value['documentType'];
  if (kind !== 'camunda' && kind !== 'external') throw unknownKind(path);
}

/** Whether the value holds a document or function anywhere. */
export function holdsReference(value: Json): boolean {
  if (isJsonList(value)) return value.some(holdsReference);
  if (!isJsonObject(value)) return false;
  return isDocument(value) || isFunction(value) || Object.values<Json>(value).some(holdsReference);
}

function getJson(
  text: string,
  expression: Json | undefined,
  surroundings: Pick<ReferenceDependencies, 'now' | 'random'>,
): Json {
  try {
    if (typeof expression !== 'string') return parseJson(text);
    return parseJson(evaluateJson(expression, text, surroundings).json);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new ConnectorError(`The document of getJson is not JSON: ${error.message}`, {
      cause: 'INVALID_INPUT',
    });
  }
}
