/** The wired worker: connectors, ledger, secrets and the job loop over one broker. */
import { Activation, type ActivationObserver, type ActivationParts } from './activation';
import type { Broker, BrokerError } from './broker/broker';
import { clusterDocuments } from './broker/document-store';
import { JobLoop, type JobLoopObserver } from './broker/job-loop';
import type { Config } from './config';
import type { HttpExecute } from './http/request';
import type { Connector } from './job/job';
import { createAnswerCodec } from './ledger/answer-codec';
import type { Ledger } from './ledger/ledger';
import { RateGate } from './limits/rate-gate';
import { jobFields, type Logger } from './logger';
import { createMetrics, type Metrics } from './management/metrics';
import { createReadiness, type ReadinessStatus } from './management/readiness';
import type { SecretSource } from './secrets/secret-source';

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

/** A poll counts as recent for this many poll time-outs; errors back off for at most 5 s. */
const readyPolls = 3;
const readySlackMs = 10_000;

export function createWorker(parts: WorkerParts): Worker {
  const { config, connectors } = parts;
  const gate = new RateGate({
    maxConcurrent: config.CONNECTOR_MAX_CALLS_PER_DEPLOYMENT,
    now: Date.now,
    random: Math.random,
  });
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
  const shared: ActivationParts = {
    http: parts.http,
    gate,
    ledger: parts.ledger,
    codec: createAnswerCodec(config.CONNECTOR_LEDGER_KEY),
    secrets: parts.secrets,
    documents: clusterDocuments(parts.broker),
    observer: observeActivations(parts.logger, metrics),
    limits: {
      claimMs: config.CONNECTOR_JOB_TIMEOUT,
      maxPostponements: config.CONNECTOR_MAX_POSTPONEMENTS,
      maxPostponeMs: config.CONNECTOR_MAX_POSTPONE_TIME,
      onLedgerFailure: config.CONNECTOR_LEDGER_ON_FAILURE,
    },
  };
  const loop: JobLoop = new JobLoop({
    broker: parts.broker,
    subscriptions: [...connectors].map(([type, connector]) => ({
      type,
      fetchVariables: connector.fetchVariables,
      handle: (job, lease) => new Activation(shared, connector, job, lease).run(),
      pauseMs: () => gate.pauseMs(type),
    })),
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

function observeActivations(logger: Logger, metrics: Metrics): ActivationObserver {
  return {
    ledger(job, event, error) {
      metrics.ledger(event);
      if (event === 'failure')
        logger.warn({ ...jobFields(job), reason: error?.message }, 'The ledger failed');
      if (event === 'doubt')
        logger.warn(
          jobFields(job),
          'An earlier try of this job ended without an answer; the call may have been paid for',
        );
    },
    postponed: (job) => metrics.jobPostponed(job),
    warning: (job, warning) => logger.debug({ ...jobFields(job), warning }, 'FEEL warning'),
  };
}

function observe(parts: WorkerParts, metrics: Metrics, onPoll: (type: string) => void): JobLoopObserver {
  const { logger } = parts;
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
    jobEnded(job, { command, operation }, delivery, durationMs) {
      metrics.jobEnded(job, command, delivery, durationMs);
      const fields = {
        operation,
        command: command.kind,
        delivery,
        durationMs: Math.round(durationMs),
        ...jobFields(job),
      };
      if (command.kind === 'fail') {
        logger.warn({ ...fields, retries: command.retries, backoffMs: command.backoffMs }, 'Job failed');
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
