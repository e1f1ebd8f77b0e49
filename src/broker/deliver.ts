/** Brings one command to the engine: repeats it as itself, never turns an answer into a failure that would pay for it again. */
import type { Job, JobCommand } from '../job/job';
import { emptyObject, plainText } from '../json/text';
import { jitteredWaitMs } from './back-off';
import { BrokerError, type Broker } from './broker';
import type { Lease } from './lease';
import { pause } from './pause';

/**
 * - `acknowledged`: the engine has it
 * - `gone`: the job is done elsewhere or cancelled; also a repeat of a command whose first try may have arrived
 * - `dropped`: not sent any more, because the job may be someone else's
 * - `refused`: the engine does not take this content; the job got a failure that says so
 */
export type Delivery = 'acknowledged' | 'gone' | 'dropped' | 'refused';

export interface DeliveryOptions {
  readonly broker: Pick<Broker, 'send'>;
  readonly random: () => number;
  /** Aborted when the process must leave now. */
  readonly leave: AbortSignal;
  readonly onRetry: (error: BrokerError, waitMs: number) => void;
}

const minWaitMs = 100;
const maxWaitMs = 5_000;

export async function deliver(
  job: Job,
  command: JobCommand,
  lease: Lease,
  options: DeliveryOptions,
): Promise<Delivery> {
  for (let attempt = 0; ; attempt++) {
    if (lease.state === 'lost') return 'gone';
    if (lease.state === 'expired' && command.kind !== 'complete') return 'dropped';
    try {
      await options.broker.send(job.key, command);
      return 'acknowledged';
    } catch (thrown) {
      const error = thrown instanceof BrokerError ? thrown : new BrokerError('unavailable', String(thrown));
      if (error.kind === 'not-found' || error.kind === 'invalid-state') return 'gone';
      if (!error.repeatable) {
        const failure = refusal(command, error);
        if (failure === undefined) return 'dropped';
        const outcome = await deliver(job, failure, lease, options);
        return outcome === 'acknowledged' ? 'refused' : outcome;
      }
      const waitMs = jitteredWaitMs(attempt, options.random(), minWaitMs, maxWaitMs);
      options.onRetry(error, waitMs);
      if (!(await pause(waitMs, options.leave))) return 'dropped';
    }
  }
}

/** The failure that takes the place of a command the engine does not accept; none for a failure that was already bare. */
function refusal(command: JobCommand, error: BrokerError): JobCommand | undefined {
  if (command.kind === 'fail') {
    if (command.variables === '{}') return undefined;
    return { ...command, variables: emptyObject };
  }
  const what =
    command.kind === 'complete' ? 'The result' : `The BPMN error ${JSON.stringify(command.errorCode)}`;
  const remedy =
    error.kind === 'too-large'
      ? 'Return less with the result expression, or have large content stored as a document.'
      : 'Change what the result or error expression returns; repeating the job cannot help.';
  return {
    kind: 'fail',
    retries: 0,
    backoffMs: 0,
    errorMessage: `${what} was refused by the engine (${error.message}). ${remedy}`.slice(0, 6000),
    variables: plainText({
      error: {
        cause: error.kind === 'too-large' ? 'RESULT_TOO_LARGE' : 'INTERNAL',
        message: `${what} was refused by the engine.`,
      },
    }),
  };
}
