/** The log: JSON lines, readable lines at a terminal. Variables, bodies and secrets are never handed to it. */
import pino, { type DestinationStream, type Logger } from 'pino';
import type { Job } from './job/job';

export type { Logger };

/** Lines are collected for this long, ms, and written together: under load one write per job is a twentieth of what a job costs. */
const gatherMs = 50;
/** Or up to this many characters, whichever comes first. */
const gatherLength = 8_192;

/**
 * @param terminal whether a person watches: readable lines instead of JSON, each at once
 */
export function createLogger(level: string, terminal: boolean): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: faultFields },
  };
  if (!terminal) return pino(options, gatheredLines(process.stdout.fd));
  const transport = { target: 'pino-pretty', options: { colorize: true, ignore: 'pid,hostname' } };
  return pino({ ...options, transport });
}

/** What is gathered when the process exits, for whatever reason but a kill, is written then. */
export function gatheredLines(file: number | string): DestinationStream {
  const destination = pino.destination({ dest: file, sync: true, minLength: gatherLength });
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    destination.flushSync();
  };
  process.once('exit', flush);
  return {
    write(line) {
      destination.write(line);
      timer ??= setTimeout(flush, gatherMs);
    },
  };
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
