/** The page's only way to the engine: its REST API. Nothing else is ever asked for. */
import type { JobItem, List, Variable } from './shapes';

/** Long enough for an engine that is busy; one that is away refuses at once. */
const patienceMs = 10_000;

/** Nobody answers, or somebody in between says that the engine does not. */
export class EngineAway extends Error {
  override readonly name = 'EngineAway';
}

/** The engine does not do what it was asked. */
export class Refused extends Error {
  override readonly name = 'Refused';
  /** @param detail a sentence for people */
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }
}

/** What the engine says it is, in a header of every answer. */
let engineIs = '';

export function whatTheEngineIs(): string {
  return engineIs;
}

/**
 * @param body JSON text: variables are sent as they were typed, since numbers may be longer than JavaScript's
 * @throws EngineAway, Refused
 */
async function request(method: string, path: string, body?: string): Promise<string> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
      cache: 'no-store',
      signal: AbortSignal.timeout(patienceMs),
    });
    text = await response.text();
  } catch {
    throw new EngineAway();
  }
  engineIs = response.headers.get('x-local-engine') ?? engineIs;
  if ([502, 503, 504].includes(response.status)) throw new EngineAway();
  if (!response.ok) throw new Refused(response.status, reasonIn(text) ?? `Status ${response.status}.`);
  return text;
}

/** The sentence of a problem answer. */
function reasonIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { readonly detail?: string }).detail;
  } catch {
    return undefined;
  }
}

interface SearchRequest {
  readonly filter?: Readonly<Record<string, unknown>>;
  readonly sort?: readonly { readonly field: string; readonly order: 'ASC' | 'DESC' }[];
  readonly page: { readonly limit: number };
}

/** @param path without `/v2/` and `/search` */
export async function search<T>(path: string, body: SearchRequest): Promise<List<T>> {
  return JSON.parse(await request('POST', `/v2/${path}/search`, JSON.stringify(body))) as List<T>;
}

export async function get<T>(path: string): Promise<T> {
  return JSON.parse(await request('GET', `/v2/${path}`)) as T;
}

export function processXml(definitionKey: string): Promise<string> {
  return request('GET', `/v2/process-definitions/${definitionKey}/xml`);
}

/** JSON text of the whole value. */
export async function wholeValue(variableKey: string): Promise<string> {
  return (await get<Variable>(`variables/${variableKey}`)).value;
}

/** Resolves when the engine answers. */
export async function greet(): Promise<void> {
  await request('GET', '/v2/status');
}

// Commands. Variables are JSON texts of objects.

/** @returns the key of the instance */
export async function startInstance(definitionKey: string, variables: string): Promise<string> {
  const body = `{"processDefinitionKey":${JSON.stringify(definitionKey)},"variables":${variables}}`;
  const created = JSON.parse(await request('POST', '/v2/process-instances', body)) as {
    readonly processInstanceKey: string;
  };
  return created.processInstanceKey;
}

export async function cancelInstance(key: string): Promise<void> {
  await request('POST', `/v2/process-instances/${key}/cancellation`, '{}');
}

export async function completeUserTask(key: string, variables: string): Promise<void> {
  await request('POST', `/v2/user-tasks/${key}/completion`, `{"variables":${variables}}`);
}

export async function setVariables(elementInstanceKey: string, variables: string): Promise<void> {
  await request('PUT', `/v2/element-instances/${elementInstanceKey}/variables`, `{"variables":${variables}}`);
}

/**
 * Resolves an incident; a job without retries gets one more first, since the engine would refuse otherwise.
 * @returns whether the job got one
 */
export async function resolveIncident(key: string, jobKey: string | null): Promise<boolean> {
  const isSpent = jobKey !== null && (await retriesOf(jobKey)) === 0;
  if (isSpent) await request('PATCH', `/v2/jobs/${jobKey}`, '{"changeset":{"retries":1}}');
  await request('POST', `/v2/incidents/${key}/resolution`, '{}');
  return isSpent;
}

async function retriesOf(jobKey: string): Promise<number | undefined> {
  const { items } = await search<JobItem>('jobs', { filter: { jobKey }, page: { limit: 1 } });
  return items[0]?.retries;
}
