/**
 * The worker's configuration: one schema of the environment. Every variable has its default, unit and meaning here and
 * nowhere else; types, the reference in docs/configuration.md and the redaction of logs follow from it.
 */
import { z } from 'zod';
import { formatDuration, parseDurationMs } from './duration';

interface VariableMeta {
  readonly description: string;
  /** Never printed. */
  readonly secret?: boolean;
  /** How the default is written in the documentation, where the parsed value would not be clear. */
  readonly shownDefault?: string;
}

const variables = z.registry<VariableMeta>();

function flag(fallback: boolean, meta: VariableMeta) {
  return z
    .string()
    .transform((text, context) => {
      if (/^(true|1|yes|on)$/i.test(text)) return true;
      if (/^(false|0|no|off)$/i.test(text)) return false;
      context.addIssue({ code: 'custom', message: 'must be true or false' });
      return z.NEVER;
    })
    .default(fallback)
    .register(variables, meta);
}

function wholeNumber(fallback: number, min: number, max: number, meta: VariableMeta) {
  return z
    .string()
    .transform((text, context) => {
      const value = Number(text);
      if (/^\d+$/.test(text) && value >= min && value <= max) return value;
      context.addIssue({ code: 'custom', message: `must be a whole number from ${min} to ${max}` });
      return z.NEVER;
    })
    .default(fallback)
    .register(variables, meta);
}

function duration(fallback: string, minMs: number, maxMs: number, meta: VariableMeta) {
  return z
    .string()
    .transform((text, context) => {
      const ms = parseDurationMs(text);
      if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms;
      const range = `from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
      context.addIssue({
        code: 'custom',
        message: `must be a duration ${range}, as ISO-8601 (PT30S) or in milliseconds (30000)`,
      });
      return z.NEVER;
    })
    .default(parseDurationMs(fallback)!)
    .register(variables, { ...meta, shownDefault: fallback });
}

function text(fallback: string, meta: VariableMeta) {
  return z.string().default(fallback).register(variables, meta);
}

function list(meta: VariableMeta) {
  return z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .default([])
    .register(variables, { ...meta, shownDefault: '' });
}

function optionalUrl(meta: VariableMeta) {
  return z
    .string()
    .transform((value, context) => {
      if (URL.canParse(value) && /^https?:/.test(value)) return value.replace(/\/+$/, '');
      context.addIssue({
        code: 'custom',
        message: 'must be an http(s) URL, for example https://gateway.example/v1',
      });
      return z.NEVER;
    })
    .optional()
    .register(variables, meta);
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
const second = 1000;
const hour = 3_600_000;

/** In the order of the documentation. */
export const configSchema = z.object({
  CONNECTOR_MAX_JOBS: wholeNumber(100, 1, 10_000, {
    description: 'At most this many jobs in flight, all job types together.',
  }),
  CONNECTOR_JOB_TIMEOUT: duration('PT1M', 5 * second, 24 * hour, {
    description:
      'For how long an activated job belongs to this worker. It is renewed while the call runs, so it can be short: after a crash the job is free again when it ends.',
  }),
  CONNECTOR_MAX_JOB_DURATION: duration('PT30M', second, 24 * hour, {
    description: 'A job that runs longer than this is aborted and fails with `error.cause` TIMEOUT.',
  }),
  CONNECTOR_POLL_TIMEOUT: duration('PT5S', second, 25 * second, {
    description:
      'How long one poll stays open at the gateway. Must be shorter than the idle limit of every proxy in between; a stop waits for the open poll.',
  }),
  CONNECTOR_SHUTDOWN_GRACE: duration('PT25S', 0, hour, {
    description:
      'After SIGTERM running jobs have this long to end; then they are handed back. Keep it a few seconds below the grace period of the platform.',
  }),
  CONNECTOR_MAX_CALLS_PER_DEPLOYMENT: wholeNumber(0, 0, 10_000, {
    description:
      'Calls at a time to one Azure deployment or OpenAI model under one key; 0: no limit of its own. What is beyond waits under its lease.',
  }),
  CONNECTOR_MAX_POSTPONEMENTS: wholeNumber(100, 0, 100_000, {
    description:
      'How often a job is sent back at no cost because the API asked to wait; after that a refusal costs a retry.',
  }),
  CONNECTOR_MAX_POSTPONE_TIME: duration('PT6H', 0, 7 * 24 * hour, {
    description: 'For how long a job may be postponed in all, a longer hint of the API included.',
  }),
  CONNECTOR_WORKER_NAME: text('zeebe-openai-connector', {
    description: 'Name under which the engine shows this worker.',
  }),
  CONNECTOR_TENANT_IDS: list({
    description: 'Tenants whose jobs are taken, separated by commas. Empty: the default tenant.',
  }),
  CONNECTOR_OPENAI_ENABLED: flag(true, { description: 'Whether jobs of the OpenAI template are taken.' }),
  CONNECTOR_OPENAI_TYPE: text('zeebe-openai-connector:openai:1', {
    description: 'Job type of the OpenAI template.',
  }),
  CONNECTOR_OPENAI_BASE_URL: optionalUrl({
    description:
      "Base URL for tasks that name none, for a gateway or a compatible server. Default: OpenAI's own.",
    shownDefault: 'https://api.openai.com/v1',
  }),
  CONNECTOR_AZURE_OPENAI_ENABLED: flag(true, {
    description: 'Whether jobs of the Azure OpenAI template are taken.',
  }),
  CONNECTOR_AZURE_OPENAI_TYPE: text('zeebe-openai-connector:azure-openai:1', {
    description: 'Job type of the Azure OpenAI template.',
  }),
  CONNECTOR_HTTP_REST_ENABLED: flag(true, {
    description:
      "Whether jobs of Camunda's REST connector (also its OpenAI and Azure OpenAI templates) are taken. A cluster must have one kind of worker for this type: switch it off here, or there.",
  }),
  CONNECTOR_HTTP_REST_TYPE: text('io.camunda:http-json:1', {
    description: "Job type of Camunda's REST connector.",
  }),
  CONNECTOR_HTTP_REST_RETRY_AFTER: flag(false, {
    description:
      "Whether a 429 or 503 with a wait hint sends a job of Camunda's REST connector back with that wait and unchanged retries. Off: as officially, every HTTP error costs one retry.",
  }),
  CONNECTOR_SECRETS_PREFIX: text('SECRET_', {
    description: '`{{secrets.NAME}}` is looked up as the environment variable with this prefix before NAME.',
  }),
  CONNECTOR_SECRETS_DIR: z.string().optional().register(variables, {
    description:
      'Folder with one file per secret, as Docker and Kubernetes mount them. A changed file is read again. The environment goes first.',
  }),
  CONNECTOR_MAX_ANSWER_SIZE: wholeNumber(64 * 1024 * 1024, 1024, 1024 * 1024 * 1024, {
    description: 'Largest answer read from an API, in bytes after decompression.',
  }),
  CONNECTOR_LEDGER: z
    .string()
    .transform((value, context) => {
      if (value === 'memory' || /^file:.+/.test(value) || /^rediss?:\/\/.+/.test(value)) return value;
      context.addIssue({
        code: 'custom',
        message: 'must be memory, file:<folder> or redis://<host>:<port>',
      });
      return z.NEVER;
    })
    .default('memory')
    .register(variables, {
      secret: true,
      description:
        'Where answers that are paid for are kept until their job is done: `memory` (this process), `file:<folder>` (survives a crash; put the folder on a volume), `redis://...` (Redis or Valkey, shared by all replicas).',
    }),
  CONNECTOR_LEDGER_KEY: z
    .string()
    .transform((value, context) => {
      const key = Buffer.from(value, 'base64');
      if (key.length === 32) return key;
      context.addIssue({ code: 'custom', message: 'must be 32 bytes in base64 (openssl rand -base64 32)' });
      return z.NEVER;
    })
    .optional()
    .register(variables, {
      secret: true,
      description: 'Encrypts kept answers with AES-256-GCM: 32 bytes in base64. Empty: not encrypted.',
    }),
  CONNECTOR_LEDGER_EXPIRY: duration('P1D', 60 * second, 31 * 24 * hour, {
    description: 'Kept answers of jobs that were never ended are removed after this time.',
  }),
  CONNECTOR_LEDGER_MAX_SIZE: wholeNumber(256 * 1024 * 1024, 1024 * 1024, 1024 ** 4, {
    description:
      'At most this many bytes of kept answers, for `memory` and `file:`; Redis has its own limit.',
  }),
  CONNECTOR_LEDGER_ON_FAILURE: z
    .enum(['refuse', 'unprotected'], { error: 'must be refuse or unprotected' })
    .default('refuse')
    .register(variables, {
      description:
        'When the ledger cannot be reached: `refuse` makes no call and sends the job back for 10 s with unchanged retries, `unprotected` calls anyway.',
    }),
  CONNECTOR_MANAGEMENT_PORT: wholeNumber(8088, 0, 65_535, {
    description: 'Port of `/health/live`, `/health/ready` and `/metrics`; 0 switches them off.',
  }),
  CONNECTOR_LOG_LEVEL: z
    .enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` })
    .default('info')
    .register(variables, { description: `Least severe log lines written: ${logLevels.join(', ')}.` }),
});

export type Config = z.output<typeof configSchema>;

/** A wrong value in the environment. The message is for the operator: variable, value, remedy, one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the configuration. The environment is handed in; an empty variable counts as absent.
 * @throws ConfigError with one line per wrong variable
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const present: Record<string, string> = {};
  for (const name of Object.keys(configSchema.shape)) {
    const value = environment[name]?.trim();
    if (value !== undefined && value !== '') present[name] = value;
  }
  const unknown = Object.keys(environment).filter(isUnknownName);
  const result = configSchema.safeParse(present);
  const faults = [
    ...(result.success
      ? []
      : result.error.issues.map((issue) => describeFault(String(issue.path[0]), present, issue.message))),
    ...unknown.map((name) => `${name} is not a setting of this worker. ${suggestion(name)}`),
    ...(result.success ? contradictions(result.data) : []),
  ];
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return result.data!;
}

function describeFault(name: string, present: Record<string, string>, message: string): string {
  const meta = variables.get(configSchema.shape[name as keyof Config]);
  const value = meta?.secret ? '(hidden)' : JSON.stringify(present[name]);
  return `${name} is ${value}; it ${message}.`;
}

/** Settings with our prefix that do not exist are typing errors, except for those of the Java runtime that are read elsewhere. */
function isUnknownName(name: string): boolean {
  if (!name.startsWith('CONNECTOR_') || name in configSchema.shape) return false;
  return !/^CONNECTOR_(HTTPS?_(PLAIN_)?PROXY_|HTTP_NON_PROXY_HOSTS)/.test(name);
}

function suggestion(name: string): string {
  const close = Object.keys(configSchema.shape).find(
    (known) =>
      known.startsWith(name.slice(0, -2)) || name.startsWith(known.slice(0, -2)) || sameLetters(known, name),
  );
  return close === undefined ? 'See docs/configuration.md for all of them.' : `Did you mean ${close}?`;
}

function sameLetters(left: string, right: string): boolean {
  const sorted = (word: string) => [...word.replaceAll('_', '')].sort().join('');
  return sorted(left) === sorted(right);
}

function contradictions(config: Config): string[] {
  const faults: string[] = [];
  const types = [
    ['CONNECTOR_OPENAI', config.CONNECTOR_OPENAI_ENABLED, config.CONNECTOR_OPENAI_TYPE],
    ['CONNECTOR_AZURE_OPENAI', config.CONNECTOR_AZURE_OPENAI_ENABLED, config.CONNECTOR_AZURE_OPENAI_TYPE],
    ['CONNECTOR_HTTP_REST', config.CONNECTOR_HTTP_REST_ENABLED, config.CONNECTOR_HTTP_REST_TYPE],
  ] as const;
  const enabled = types.filter(([, on]) => on);
  if (enabled.length === 0) {
    faults.push(
      'CONNECTOR_OPENAI_ENABLED, CONNECTOR_AZURE_OPENAI_ENABLED and CONNECTOR_HTTP_REST_ENABLED are all false: there is nothing to do. Enable one.',
    );
  }
  for (const [index, [name, , type]] of enabled.entries()) {
    const twin = enabled.slice(index + 1).find(([, , other]) => other === type);
    if (twin)
      faults.push(
        `${name}_TYPE and ${twin[0]}_TYPE are both ${JSON.stringify(type)}. Give each its own job type.`,
      );
  }
  if (config.CONNECTOR_POLL_TIMEOUT >= config.CONNECTOR_JOB_TIMEOUT) {
    faults.push('CONNECTOR_POLL_TIMEOUT must be shorter than CONNECTOR_JOB_TIMEOUT.');
  }
  return faults;
}

export interface DocumentedVariable {
  readonly name: string;
  readonly default: string;
  readonly description: string;
}

/** All variables, for the documentation. */
export function describeConfig(): DocumentedVariable[] {
  const defaults: Record<string, Config[keyof Config]> = { ...configSchema.parse({}) };
  return Object.entries(configSchema.shape).map(([name, schema]) => {
    const meta = variables.get(schema);
    if (meta === undefined) throw new Error(`${name} has no description`);
    const value = meta.shownDefault ?? defaultText(defaults[name]);
    return { name, default: value, description: meta.description };
  });
}

function defaultText(value: Config[keyof Config]): string {
  if (value === undefined || Buffer.isBuffer(value)) return '';
  return Array.isArray(value) ? value.join(',') : String(value);
}
