/** The job protocol of REST `/v2` as Zeebe 8.6 to 8.9 speak it: bodies out, answers and refusals in. Pure. */
import type { Job, JobCommand } from '../job/job';
import { BrokerError, type ActivationRequest, type BrokerErrorKind } from './broker';
import { listElements, objectMembers } from '../json/raw-json';
import { emptyObject, objectText, plainText } from '../json/text';

export interface RestCall {
  readonly method: 'POST' | 'PATCH';
  readonly path: string;
  readonly body: string;
}

/** @param requestTimeoutMs how long the gateway may keep the poll open */
export function activationCall(request: ActivationRequest, requestTimeoutMs: number): RestCall {
  return {
    method: 'POST',
    path: '/v2/jobs/activation',
    body: JSON.stringify({
      type: request.type,
      worker: request.worker,
      timeout: request.timeoutMs,
      maxJobsToActivate: request.maxJobs,
      fetchVariable: request.fetchVariables,
      requestTimeout: requestTimeoutMs,
      ...(request.tenantIds.length > 0 ? { tenantIds: request.tenantIds } : {}),
    }),
  };
}

export function commandCall(jobKey: string, command: JobCommand): RestCall {
  const path = `/v2/jobs/${encodeURIComponent(jobKey)}`;
  switch (command.kind) {
    case 'complete':
      return {
        method: 'POST',
        path: `${path}/completion`,
        body: objectText({ variables: command.variables }),
      };
    case 'fail': {
      const body = objectText({
        retries: plainText(command.retries),
        errorMessage: plainText(command.errorMessage.toWellFormed()),
        retryBackOff: plainText(command.backoffMs),
        variables: command.variables,
      });
      return { method: 'POST', path: `${path}/failure`, body };
    }
    case 'throwError': {
      const { errorCode, errorMessage, variables } = command;
      const body = objectText({
        errorCode: plainText(errorCode.toWellFormed()),
        errorMessage: errorMessage === undefined ? undefined : plainText(errorMessage.toWellFormed()),
        variables,
      });
      return { method: 'POST', path: `${path}/error`, body };
    }
  }
}

export function extensionCall(jobKey: string, timeoutMs: number): RestCall {
  return {
    method: 'PATCH',
    path: `/v2/jobs/${encodeURIComponent(jobKey)}`,
    body: JSON.stringify({ changeset: { timeout: timeoutMs } }),
  };
}

/**
 * The jobs of an activation's answer. Keys are numbers up to 8.7 and strings from 8.8 on, named `key` in 8.6.0 and
 * `jobKey` later; they pass 2^53, so they are taken as text.
 * @throws BrokerError when the answer cannot be read
 */
export function readJobs(text: string): Job[] {
  try {
    const jobs = objectMembers(text).get('jobs') ?? '[]';
    return listElements(jobs).map(readJob);
  } catch (error) {
    throw new BrokerError(
      'unavailable',
      `The engine's answer to a poll cannot be read: ${(error as Error).message}`,
    );
  }
}

function readJob(text: string): Job {
  const members = objectMembers(text);
  const texts = (name: string): string => {
    const raw = members.get(name);
    if (raw === undefined || raw === 'null') return '';
    return raw.startsWith('"') ? (JSON.parse(raw) as string) : raw;
  };
  const key = texts('jobKey') || texts('key');
  if (!/^\d+$/.test(key)) throw new SyntaxError('a job without a key');
  return {
    key,
    type: texts('type'),
    processInstanceKey: texts('processInstanceKey'),
    processDefinitionKey: texts('processDefinitionKey'),
    processDefinitionId: texts('processDefinitionId'),
    elementId: texts('elementId'),
    elementInstanceKey: texts('elementInstanceKey'),
    tenantId: texts('tenantId'),
    retries: Number(texts('retries') || '0'),
    customHeaders: readHeaders(members.get('customHeaders')),
    variables: members.get('variables') ?? emptyObject,
  };
}

function readHeaders(text: string | undefined): Record<string, string> {
  if (text === undefined || text === 'null') return {};
  return Object.fromEntries(
    Object.entries(JSON.parse(text) as Record<string, unknown>).map(([name, value]) => [name, String(value)]),
  );
}

interface Problem {
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly error?: unknown;
}

/**
 * What a refusal means. Problem details (8.6 and later), Spring's own error bodies and empty bodies are understood.
 * @param status HTTP status, 400 and above
 */
export function readRefusal(status: number, text: string): BrokerError {
  let problem: Problem = {};
  try {
    problem = (JSON.parse(text) ?? {}) as Problem;
  } catch {
    // Not JSON: the status alone has to do.
  }
  const title = textOf(problem.title) || textOf(problem.error);
  const detail = textOf(problem.detail);
  const message = [`HTTP ${status}`, title, detail].filter(Boolean).join(': ');
  return new BrokerError(kindOf(status, title, detail), message, status);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function kindOf(status: number, title: string, detail: string): BrokerErrorKind {
  const says = (word: string): boolean => title.includes(word) || detail.includes(word);
  if (status === 404) return 'not-found';
  if (status === 409) return 'invalid-state';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 413 || says('EXCEEDED_BATCH_RECORD_SIZE') || says('maxMessageSize')) return 'too-large';
  if (status === 429 || says('RESOURCE_EXHAUSTED')) return 'back-pressure';
  if (status === 400 && says('it is not active')) return 'invalid-state';
  if (status < 500) return 'invalid';
  return 'unavailable';
}
