/** The log: JSON lines, readable lines at a terminal. Variables, bodies and secrets are never handed to it. */
import pino, { type Logger } from 'pino';
import type { Job } from './job/job';

export type { Logger };

/**
 * @param terminal whether a person watches: readable lines instead of JSON
 */
export function createLogger(level: string, terminal: boolean): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: faultFields },
    ...(terminal
      ? { transport: { target: 'pino-pretty', options: { colorize: true, ignore: 'pid,hostname' } } }
      : {}),
  });
}

/** Errors of libraries carry requests with their authentication; only what says where the fault is gets out. */
export function faultFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  return { name, message, stack, ...(cause === undefined ? {} : { cause: faultFields(cause) }) };
}

/** What a log line about a job names. */
export function jobFields(job: Job): Record<string, string | number> {
  return {
    jobKey: job.key,
    jobType: job.type,
    process: job.processDefinitionId,
    processInstanceKey: job.processInstanceKey,
    element: job.elementId,
    tenantId: job.tenantId,
  };
}
