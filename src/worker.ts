/** The wired worker: connectors, ledger, secrets and the job loop over one broker. */
import { randomUUID } from 'node:crypto';
import type { Broker, BrokerError } from './broker/broker';
import type { Delivery } from './broker/deliver';
import { clusterDocuments } from './broker/document-store';
import { JobLoop, type JobLoopObserver, type Subscription } from './broker/job-loop';
import type { Lease } from './broker/lease';
import type { Config } from './config';
import { ConnectorError } from './errors';
import type { HttpExecute } from './http/request';
import { handleJob } from './job/handle-job';
import type { Connector, Execution, Job, JobCommand, JobPorts, SecretSource } from './job/job';
import { createAnswerCodec } from './ledger/answer-codec';
import { LedgerError, type Ledger } from './ledger/ledger';
import { payOnce, type LedgerEvent } from './ledger/pay-once';
import { RateGate } from './limits/rate-gate';
import { jobFields, type Logger } from './logger';
import { createMetrics, type Metrics } from './management/metrics';
import { createReadiness, type ReadinessStatus } from './management/readiness';

export interface WorkerParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly broker: Broker;
  readonly http: HttpExecute;
  readonly secrets: SecretSource;
  readonly ledger: Ledger;
  /** By job type; what is not in here is never polled. */
  readonly connectors: ReadonlyMap<string, Connector>;
}

export interface Worker {
  start(): void;
  /** Ends gracefully: see JobLoop.drain. */
  stop(): Promise<void>;
  readiness(): ReadinessStatus;
  readonly metrics: Metrics;
}

/** Polls that are older than this many poll time-outs do not count as lately; errors back off for 5 s at the most. */
const readyPolls = 3;
const readySlackMs = 10_000;

export function createWorker(parts: WorkerParts): Worker {
  const { config, connectors } = parts;
  const gate = new RateGate({
    maxConcurrent: config.CONNECTOR_MAX_CALLS_PER_DEPLOYMENT,
    now: Date.now,
    random: Math.random,
  });
  const subscriptions = [...connectors].map(([type, connector]) =>
    subscription(type, connector, parts, gate, () => metrics),
  );
  const metrics = createMetrics({
    cooling: () => gate.cooling,
    inFlight: () => loop.inFlight,
    waiting: () => loop.waiting,
    maxJobs: config.CONNECTOR_MAX_JOBS,
  });
  const readiness = createReadiness(
    [...connectors.keys()],
    config.CONNECTOR_POLL_TIMEOUT * readyPolls + readySlackMs,
    () => loop.inFlight >= config.CONNECTOR_MAX_JOBS,
  );
  const loop = new JobLoop({
    broker: parts.broker,
    subscriptions,
    worker: config.CONNECTOR_WORKER_NAME,
    tenantIds: config.CONNECTOR_TENANT_IDS,
    maxJobs: config.CONNECTOR_MAX_JOBS,
    jobTimeoutMs: config.CONNECTOR_JOB_TIMEOUT,
    maxJobDurationMs: config.CONNECTOR_MAX_JOB_DURATION,
    graceMs: config.CONNECTOR_SHUTDOWN_GRACE,
    random: Math.random,
    observer: observe(parts, metrics, (type) => readiness.pollSucceeded(type, Date.now())),
  });
  return {
    start: () => loop.start(),
    stop() {
      readiness.stop();
      return loop.drain();
    },
    readiness: () => readiness.status(Date.now()),
    metrics,
  };
}

function subscription(
  type: string,
  connector: Connector,
  parts: WorkerParts,
  gate: RateGate,
  metrics: () => Metrics,
): Subscription {
  const codec = createAnswerCodec(parts.config.CONNECTOR_LEDGER_KEY);
  const documents = clusterDocuments(parts.broker);
  /** By the command it led to, an incident: how to forget the answer that is no good. */
  const discards = new WeakMap<JobCommand, () => Promise<void>>();

  async function handle(job: Job, lease: Lease): Promise<JobCommand> {
    const { logger, config, ledger } = parts;
    const secrets = new Map<string, string>();
    const sleep = (ms: number) => sleepUnlessAborted(ms, lease.signal);
    const paid = payOnce(gate.guard(type, parts.http, sleep), {
      ledger,
      codec,
      jobKey: job.key,
      claimant: randomUUID(),
      secrets,
      onLedgerFailure: config.CONNECTOR_LEDGER_ON_FAILURE,
      claimMs: config.CONNECTOR_JOB_TIMEOUT,
      sleep,
      onEvent: (event, error) => ledgerEvent(job, event, error),
    });
    const ports: JobPorts = {
      call: paid.call,
      fetch: parts.http,
      documents,
      signal: lease.signal,
      sleep,
      now: Date.now,
      random: Math.random,
      secrets: recording(parts.secrets, secrets),
      extendLease: (ms) => extendLease(lease, ms),
      onWarning: (warning) => logger.debug({ ...jobFields(job), warning }, 'FEEL warning'),
      mayPostpone: (waitMs) => mayPostpone(job, waitMs),
    };
    let badAnswer = false;
    const command = await handleJob(
      job,
      watching(connector, () => (badAnswer = true)),
      ports,
    );
    if (badAnswer && command.kind === 'fail') {
      // The next try may begin before this one hears that its command arrived. An incident waits for a person.
      if (command.retries > 0) await paid.discard();
      else discards.set(command, paid.discard);
    }
    return command;
  }

  /**
   * What was kept is forgotten when the engine has heard what became of it: a command may not arrive in time. Processes
   * poll with the compatible family, so there an answer serves one command; elsewhere until the job is done, or an
   * incident because the answer was no good.
   */
  async function settled(job: Job, command: JobCommand, delivery: Delivery): Promise<void> {
    const asksAnew =
      command.kind === 'fail' &&
      (command.byExpression === true || (connector.official === true && !isPostponed(job, command)));
    const done =
      delivery === 'gone' || (delivery === 'acknowledged' && (command.kind !== 'fail' || asksAnew));
    if (!done) {
      if (delivery === 'acknowledged') await discards.get(command)?.();
      return;
    }
    await parts.ledger.forget(job.key).catch((error: Error) => ledgerEvent(job, 'failure', error));
  }

  function ledgerEvent(job: Job, event: LedgerEvent, error?: Error): void {
    metrics().ledger(event);
    if (event === 'failure')
      parts.logger.warn({ ...jobFields(job), reason: error?.message }, 'The ledger failed');
    if (event === 'doubt')
      parts.logger.warn(
        jobFields(job),
        'An earlier try of this job ended without an answer; the call may have been paid for',
      );
  }

  async function mayPostpone(job: Job, waitMs: number): Promise<boolean> {
    const { CONNECTOR_MAX_POSTPONEMENTS: maxCount, CONNECTOR_MAX_POSTPONE_TIME: maxTimeMs } = parts.config;
    const now = Date.now();
    try {
      const { count, sinceMs } = await parts.ledger.postponed(job.key, now);
      const allowed = count <= maxCount && now + waitMs - sinceMs <= maxTimeMs;
      if (allowed) metrics().jobPostponed(job);
      return allowed;
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      ledgerEvent(job, 'failure', error);
      return waitMs <= maxTimeMs;
    }
  }

  return {
    type,
    fetchVariables: connector.fetchVariables,
    handle,
    settled,
    pauseMs: () => gate.pauseMs(type),
  };
}

/** A failure that leaves the retries as they were. */
function isPostponed(job: Job, command: Extract<JobCommand, { kind: 'fail' }>): boolean {
  return command.retries === job.retries;
}

/** Tells when the connector read an answer and found it to be no good. */
function watching(connector: Connector, onBadAnswer: () => void): Connector {
  return {
    ...connector,
    async execute(execution: Execution): Promise<string> {
      try {
        return await connector.execute(execution);
      } catch (error) {
        if (error instanceof ConnectorError && error.inAnswer) onBadAnswer();
        throw error;
      }
    },
  };
}

function recording(source: SecretSource, values: Map<string, string>): SecretSource {
  return {
    async lookup(name, scope) {
      const value = await source.lookup(name, scope);
      if (value !== undefined) values.set(name, value);
      return value;
    },
  };
}

/** A gateway that cannot be reached does not fail the job; the lease then keeps its length. */
async function extendLease(lease: Lease, ms: number): Promise<void> {
  try {
    await lease.extend(ms);
  } catch (error) {
    if (!(error as Partial<BrokerError>).repeatable) throw error;
  }
}

function observe(parts: WorkerParts, metrics: Metrics, onPoll: (type: string) => void): JobLoopObserver {
  const { logger, connectors } = parts;
  const failingPolls = new Map<string, BrokerError['kind']>();
  return {
    pollSucceeded(type, jobs) {
      onPoll(type);
      metrics.pollEnded(type, jobs > 0 ? 'jobs' : 'empty');
      if (failingPolls.delete(type)) logger.info({ jobType: type }, 'Polling works again');
    },
    pollFailed(type, error, waitMs) {
      metrics.pollEnded(type, error.kind);
      // One line for a lasting fault, not one for each try.
      const level = failingPolls.get(type) === error.kind ? 'debug' : 'warn';
      failingPolls.set(type, error.kind);
      logger[level]({ jobType: type, kind: error.kind, reason: error.message, waitMs }, 'Polling failed');
    },
    jobStarted(job) {
      metrics.jobStarted(job);
      logger.debug(jobFields(job), 'Job started');
    },
    jobEnded(job, command, delivery, durationMs) {
      metrics.jobEnded(job, command, delivery, durationMs);
      const operation = connectors.get(job.type)?.operationOf(job);
      const fields = {
        operation,
        command: command.kind,
        delivery,
        durationMs: Math.round(durationMs),
        ...jobFields(job),
      };
      if (command.kind === 'fail') {
        logger.warn(
          { ...fields, retries: command.retries, retryBackOffMs: command.retryBackOffMs },
          'Job failed',
        );
      } else
        logger.info(fields, command.kind === 'complete' ? 'Job completed' : 'Job ended with a BPMN error');
    },
    jobHandedBack(job, delivery) {
      metrics.jobHandedBack(job);
      logger.info({ ...jobFields(job), delivery }, 'Job handed back');
    },
    leaseLost(job, error) {
      metrics.leaseLost(job);
      logger.warn({ ...jobFields(job), reason: error.message }, 'Job lost: it was cancelled or taken over');
    },
    handlerFailed(job, error) {
      logger.error({ ...jobFields(job), err: error }, 'The job could not be handled');
    },
    commandRetried(job, error, waitMs) {
      metrics.commandRetried(job, error.kind);
      logger.debug(
        { ...jobFields(job), kind: error.kind, waitMs },
        'The engine did not take the command; it is repeated',
      );
    },
  };
}

function sleepUnlessAborted(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
