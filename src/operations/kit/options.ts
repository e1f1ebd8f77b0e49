/** The variable `options`: how a task wants its call to be made, and what becomes of answers with a caveat. */
import { Section } from '../../fields/bind';
import { choice, flag, number, type Checked, type ProviderId, type Shape } from '../../fields/fields';
import type { Json } from '../../json/json';
import type { Caveat } from './operation';

const reactionsTo = (cause: string) => ({
  complete: 'Complete the task anyway',
  bpmnError: `BPMN error ${cause}`,
  incident: 'Incident',
});
export type Reaction = keyof ReturnType<typeof reactionsTo>;

const outcomeFields = {
  onContentFilter: choice(reactionsTo('CONTENT_FILTERED'), {
    label: 'When content is filtered',
    group: 'errors',
    default: 'incident',
    tooltip:
      'The provider refused the prompt or cut the answer; a task that completes then has no text, or a part of it. A BPMN error is caught by a boundary event with the code <code>CONTENT_FILTERED</code>.',
  }),
  onRefusal: choice(reactionsTo('REFUSED'), {
    label: 'When the model refuses',
    group: 'errors',
    default: 'incident',
    tooltip:
      'The model declined to answer and said so in a refusal. A BPMN error is caught by a boundary event with the code <code>REFUSED</code>.',
  }),
  onTruncated: choice(reactionsTo('TRUNCATED'), {
    label: 'When the answer is cut off',
    group: 'errors',
    default: 'complete',
    tooltip:
      'The token limit ended the answer; <code>response.finishReason</code> is <code>length</code>. A BPMN error is caught by a boundary event with the code <code>TRUNCATED</code>.',
  }),
  onSchemaMismatch: choice(reactionsTo('SCHEMA_MISMATCH'), {
    label: 'When the answer does not fit the schema',
    group: 'errors',
    default: 'incident',
    tooltip:
      'JSON was asked for, and the answer is not JSON or does not fit. Completing leaves <code>response.json</code> null. A BPMN error is caught by a boundary event with the code <code>SCHEMA_MISMATCH</code>.',
  }),
};
export type OutcomeOption = keyof typeof outcomeFields;

const optionByCause: Readonly<Record<Caveat['cause'], OutcomeOption>> = {
  CONTENT_FILTERED: 'onContentFilter',
  REFUSED: 'onRefusal',
  TRUNCATED: 'onTruncated',
  SCHEMA_MISMATCH: 'onSchemaMismatch',
};
/** Seconds a call may take in all; long enough for a model that reasons. */
const defaultTimeoutSeconds = 300;
/** Seconds of silence after which a streamed answer counts as dead. */
export const defaultIdleTimeoutSeconds = 60;
const day = 86_400;

const callFields = {
  timeoutSeconds: number(
    { min: 1, max: day },
    {
      label: 'Time limit in seconds',
      group: 'options',
      default: defaultTimeoutSeconds,
      feel: 'static',
      tooltip: `For the whole call; ${defaultTimeoutSeconds} when empty. A call that takes longer fails with the cause <code>TIMEOUT</code> and costs one retry.`,
    },
  ),
};

const streamFields = {
  stream: flag({
    label: 'Read the answer as a stream',
    group: 'options',
    tooltip:
      'For long answers: the limit on silence below replaces the time limit above. The process sees the complete answer as always.',
  }),
  idleTimeoutSeconds: number(
    { min: 1, max: day },
    {
      label: 'Limit on silence in seconds',
      group: 'options',
      feel: 'static',
      tooltip: `With a streamed answer: the call fails when nothing arrives for that long; ${defaultIdleTimeoutSeconds} when empty.`,
    },
  ),
};

const retryFields = {
  retryAllErrors: flag({
    label: 'Retry after every failure',
    group: 'errors',
    tooltip:
      'Also after answers that usually do not heal, such as 400 or 404; each try costs one of the retries below. For paths that are polled.',
  }),
};

const doubtFields = {
  onDoubt: choice(
    { repeat: 'Call again', incident: 'Incident' },
    {
      label: 'When a call may have been made before',
      group: 'errors',
      default: 'repeat',
      tooltip:
        'A worker was stopped by force between sending a request and hearing the answer. Calling again may cost twice.',
    },
  ),
};

const optionFields = { ...callFields, ...streamFields, ...outcomeFields, ...retryFields, ...doubtFields };

/** What the connector reads from the options. */
export type CallOptions = Checked<typeof optionFields>;

interface WithOptions {
  readonly outcomes?: readonly OutcomeOption[];
  readonly streaming?: true;
  readonly retryAllErrors?: true;
}

/** The fields of the options of one operation, in the order of the panel. */
export function optionShape(operation: WithOptions): Shape {
  const outcomes = (operation.outcomes ?? []).map((name) => [name, outcomeFields[name]] as const);
  return {
    ...callFields,
    ...(operation.streaming ? streamFields : {}),
    ...Object.fromEntries(outcomes),
    ...(operation.retryAllErrors ? retryFields : {}),
    ...doubtFields,
  };
}

/** The reader of an operation's options, as `Section.bind` reads; what the operation does not offer is as if left empty. */
export function compileOptions(
  operation: WithOptions,
  provider: ProviderId,
): (raw: Json | undefined) => CallOptions {
  const empty = new Section('options', optionFields, provider).bind({});
  const offered = new Section('options', optionShape(operation), provider);
  // Fields of the same names and kinds as in `empty`, fewer of them.
  return (raw) => ({ ...empty, ...offered.bind(raw) });
}

/** What the task wants to happen. */
export function reactionTo(cause: Caveat['cause'], options: CallOptions): Reaction {
  return options[optionByCause[cause]];
}
