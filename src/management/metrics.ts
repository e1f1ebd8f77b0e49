/** Prometheus metrics: the names of Camunda's connector runtime where it has one, `zeebe_openai_connector_*` for the rest. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { BrokerError } from '../broker/broker';
import type { Delivery } from '../broker/deliver';
import type { Job, JobCommand } from '../job/job';
import type { LedgerEvent } from '../ledger/pay-once';

export interface Metrics {
  pollEnded(type: string, outcome: 'jobs' | 'empty' | BrokerError['kind']): void;
  jobStarted(job: Job): void;
  jobEnded(job: Job, command: JobCommand, delivery: Delivery, durationMs: number): void;
  jobHandedBack(job: Job): void;
  leaseLost(job: Job): void;
  jobPostponed(job: Job): void;
  ledger(event: LedgerEvent): void;
  commandRetried(job: Job, kind: BrokerError['kind']): void;
  /** Prometheus text format. */
  render(): Promise<string>;
  readonly contentType: string;
}

/** What is read when the metrics are scraped. */
interface Gauges {
  readonly inFlight: () => number;
  readonly waiting: () => number;
  readonly cooling: () => number;
  readonly maxJobs: number;
}

export function createMetrics(gauges: Gauges): Metrics {
  return new PrometheusMetrics(gauges);
}

/** Seconds; model calls take from milliseconds (moderation) to many minutes (reasoning). */
const durationBuckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800];
const templateLabels = ['type', 'elementTemplateId', 'elementTemplateVersion'] as const;
const actions = { complete: 'completed', fail: 'failed', throwError: 'bpmn-error' } as const;

class PrometheusMetrics implements Metrics {
  readonly #registry = processRegistry();
  readonly #invocations = this.#counter(
    'camunda_connector_outbound_invocations_total',
    'Jobs by what became of them: activated, completed, failed, bpmn-error.',
    [...templateLabels, 'action'],
  );
  readonly #executionTime = new Histogram({
    name: 'camunda_connector_outbound_execution_time_seconds',
    help: 'From the start of a job until its command is acknowledged.',
    labelNames: templateLabels,
    buckets: durationBuckets,
    registers: [this.#registry],
  });
  readonly #lastCompleted = new Gauge({
    name: 'camunda_connector_outbound_last_completed',
    help: 'When a job was last completed, ms since 1970.',
    labelNames: ['type'] as const,
    registers: [this.#registry],
  });
  readonly #lastFailed = new Gauge({
    name: 'camunda_connector_outbound_last_failed',
    help: 'When a job last failed, ms since 1970.',
    labelNames: ['type'] as const,
    registers: [this.#registry],
  });
  readonly #polls = this.#counter(
    'zeebe_openai_connector_polls_total',
    'Polls by outcome: jobs, empty, or the kind of refusal.',
    ['type', 'outcome'],
  );
  readonly #handedBack = this.#counter(
    'zeebe_openai_connector_jobs_handed_back_total',
    'Jobs given back untouched because the worker stops.',
    ['type'],
  );
  readonly #leasesLost = this.#counter(
    'zeebe_openai_connector_leases_lost_total',
    'Jobs that were cancelled or taken over while they ran.',
    ['type'],
  );
  readonly #postponed = this.#counter(
    'zeebe_openai_connector_jobs_postponed_total',
    'Jobs sent back with unchanged retries because the API asked to wait.',
    ['type'],
  );
  readonly #ledgerEvents = this.#counter(
    'zeebe_openai_connector_ledger_events_total',
    'Ledger of paid answers: miss, hit, waited for another activation, doubt, failure.',
    ['event'],
  );
  readonly #unsent = this.#counter(
    'zeebe_openai_connector_commands_not_delivered_total',
    'Commands that did not count any more (gone), were withheld (dropped) or refused by the engine.',
    ['type', 'delivery'],
  );
  readonly #retried = this.#counter(
    'zeebe_openai_connector_command_retries_total',
    'Repeated commands by the kind of refusal.',
    ['type', 'kind'],
  );

  constructor(gauges: Gauges) {
    this.#gauge('zeebe_openai_connector_jobs_in_flight', 'Jobs that run now.', gauges.inFlight);
    this.#gauge(
      'zeebe_openai_connector_jobs_waiting',
      'Jobs that are ours and wait for a free place.',
      gauges.waiting,
    );
    this.#gauge(
      'zeebe_openai_connector_deployments_cooling',
      'Deployments that are not called now because the API asked to wait.',
      gauges.cooling,
    );
    this.#gauge(
      'zeebe_openai_connector_jobs_max',
      'At most this many jobs are in flight.',
      () => gauges.maxJobs,
    );
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  render(): Promise<string> {
    return this.#registry.metrics();
  }

  pollEnded(type: string, outcome: 'jobs' | 'empty' | BrokerError['kind']): void {
    this.#polls.inc({ type, outcome });
  }

  jobStarted(job: Job): void {
    this.#invocations.inc({ ...labelsOf(job), action: 'activated' });
  }

  jobEnded(job: Job, command: JobCommand, delivery: Delivery, durationMs: number): void {
    this.#executionTime.observe(labelsOf(job), durationMs / 1000);
    if (delivery !== 'acknowledged') this.#unsent.inc({ type: job.type, delivery });
    if (delivery === 'gone' || delivery === 'dropped') return;
    const action = delivery === 'refused' ? 'failed' : actions[command.kind];
    this.#invocations.inc({ ...labelsOf(job), action });
    if (action === 'completed') this.#lastCompleted.set({ type: job.type }, Date.now());
    if (action === 'failed') this.#lastFailed.set({ type: job.type }, Date.now());
  }

  jobHandedBack(job: Job): void {
    this.#handedBack.inc({ type: job.type });
  }

  leaseLost(job: Job): void {
    this.#leasesLost.inc({ type: job.type });
  }

  jobPostponed(job: Job): void {
    this.#postponed.inc({ type: job.type });
  }

  ledger(event: LedgerEvent): void {
    this.#ledgerEvents.inc({ event });
  }

  commandRetried(job: Job, kind: BrokerError['kind']): void {
    this.#retried.inc({ type: job.type, kind });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }
}

/** With what prom-client knows of the process itself. */
function processRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

function labelsOf(job: Job): { type: string; elementTemplateId: string; elementTemplateVersion: string } {
  return {
    type: job.type,
    elementTemplateId: job.customHeaders['elementTemplateId'] ?? 'unknown',
    elementTemplateVersion: job.customHeaders['elementTemplateVersion'] ?? 'unknown',
  };
}
