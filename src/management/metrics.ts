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

/** Seconds; model calls take from milliseconds (moderation) to many minutes (reasoning). */
const durationBuckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800];

/** @param gauges read when the metrics are scraped */
export function createMetrics(gauges: {
  inFlight: () => number;
  waiting: () => number;
  cooling: () => number;
  maxJobs: number;
}): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const templateLabels = ['type', 'elementTemplateId', 'elementTemplateVersion'] as const;

  const invocations = new Counter({
    name: 'camunda_connector_outbound_invocations_total',
    help: 'Jobs by what became of them: activated, completed, failed, bpmn-error.',
    labelNames: [...templateLabels, 'action'] as const,
    registers,
  });
  const executionTime = new Histogram({
    name: 'camunda_connector_outbound_execution_time_seconds',
    help: 'From the start of a job until its command is acknowledged.',
    labelNames: templateLabels,
    buckets: durationBuckets,
    registers,
  });
  const lastCompleted = new Gauge({
    name: 'camunda_connector_outbound_last_completed',
    help: 'When a job was last completed, ms since 1970.',
    labelNames: ['type'] as const,
    registers,
  });
  const lastFailed = new Gauge({
    name: 'camunda_connector_outbound_last_failed',
    help: 'When a job last failed, ms since 1970.',
    labelNames: ['type'] as const,
    registers,
  });
  const polls = new Counter({
    name: 'zeebe_openai_connector_polls_total',
    help: 'Polls by outcome: jobs, empty, or the kind of refusal.',
    labelNames: ['type', 'outcome'] as const,
    registers,
  });
  const handedBack = new Counter({
    name: 'zeebe_openai_connector_jobs_handed_back_total',
    help: 'Jobs given back untouched because the worker stops.',
    labelNames: ['type'] as const,
    registers,
  });
  const leasesLost = new Counter({
    name: 'zeebe_openai_connector_leases_lost_total',
    help: 'Jobs that were cancelled or taken over while they ran.',
    labelNames: ['type'] as const,
    registers,
  });
  const postponed = new Counter({
    name: 'zeebe_openai_connector_jobs_postponed_total',
    help: 'Jobs sent back with unchanged retries because the API asked to wait.',
    labelNames: ['type'] as const,
    registers,
  });
  const ledgerEvents = new Counter({
    name: 'zeebe_openai_connector_ledger_events_total',
    help: 'Ledger of paid answers: miss, hit, waited for another activation, doubt, failure.',
    labelNames: ['event'] as const,
    registers,
  });
  const unsent = new Counter({
    name: 'zeebe_openai_connector_commands_not_delivered_total',
    help: 'Commands that did not count any more (gone), were withheld (dropped) or refused by the engine.',
    labelNames: ['type', 'delivery'] as const,
    registers,
  });
  const retried = new Counter({
    name: 'zeebe_openai_connector_command_retries_total',
    help: 'Repeated commands by the kind of refusal.',
    labelNames: ['type', 'kind'] as const,
    registers,
  });
  new Gauge({
    name: 'zeebe_openai_connector_jobs_in_flight',
    help: 'Jobs that run now.',
    registers,
    collect() {
      this.set(gauges.inFlight());
    },
  });
  new Gauge({
    name: 'zeebe_openai_connector_jobs_waiting',
    help: 'Jobs that are ours and wait for a free place.',
    registers,
    collect() {
      this.set(gauges.waiting());
    },
  });
  new Gauge({
    name: 'zeebe_openai_connector_deployments_cooling',
    help: 'Deployments that are not called now because the API asked to wait.',
    registers,
    collect() {
      this.set(gauges.cooling());
    },
  });
  new Gauge({
    name: 'zeebe_openai_connector_jobs_max',
    help: 'Jobs in flight at the most.',
    registers,
  }).set(gauges.maxJobs);

  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    pollEnded: (type, outcome) => polls.inc({ type, outcome }),
    jobStarted: (job) => invocations.inc({ ...labelsOf(job), action: 'activated' }),
    jobEnded(job, command, delivery, durationMs) {
      executionTime.observe(labelsOf(job), durationMs / 1000);
      if (delivery !== 'acknowledged') unsent.inc({ type: job.type, delivery });
      if (delivery === 'gone' || delivery === 'dropped') return;
      const action = delivery === 'refused' ? 'failed' : actions[command.kind];
      invocations.inc({ ...labelsOf(job), action });
      if (action === 'completed') lastCompleted.set({ type: job.type }, Date.now());
      if (action === 'failed') lastFailed.set({ type: job.type }, Date.now());
    },
    jobHandedBack: (job) => handedBack.inc({ type: job.type }),
    jobPostponed: (job) => postponed.inc({ type: job.type }),
    ledger: (event) => ledgerEvents.inc({ event }),
    leaseLost: (job) => leasesLost.inc({ type: job.type }),
    commandRetried: (job, kind) => retried.inc({ type: job.type, kind }),
  };
}

const actions = { complete: 'completed', fail: 'failed', throwError: 'bpmn-error' } as const;

function labelsOf(job: Job): { type: string; elementTemplateId: string; elementTemplateVersion: string } {
  return {
    type: job.type,
    elementTemplateId: job.customHeaders['elementTemplateId'] ?? 'unknown',
    elementTemplateVersion: job.customHeaders['elementTemplateVersion'] ?? 'unknown',
  };
}
