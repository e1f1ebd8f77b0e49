/** The functions that the connector runtime adds: errors as values, and delays between retries. */
import { EvaluationError } from '../errors';
import type { Run } from '../run';
import { BuiltContext, isContext } from '../values/context';
import { isNum, toDouble, toInt32, type Num } from '../values/number';
import { DaysDuration } from '../values/temporal';
import { typeName, type Value } from '../values/value';
import { builtin, type Builtin } from './define';

const bpmnErrorParams = ['errorCode', 'errorMessage', 'variables'];
const jobErrorParams = ['errorMessage', 'variables', 'retries', 'retryBackoff'];
const backoffParams = ['attempt', 'minDelay', 'factor', 'maxDelay', 'jitterFactor'];

function wrong(call: string, param: string, wanted: string, found: Value): never {
  throw new EvaluationError(
    `Parameter '${param}' of function '${call}' must be a ${wanted}, found ${typeName(found)}.`,
  );
}

function text(call: string, param: string, value: Value): string {
  return typeof value === 'string' ? value : wrong(call, param, 'string', value);
}

function context(call: string, param: string, value: Value): Value {
  return isContext(value) ? value : wrong(call, param, 'context', value);
}

function number(call: string, param: string, value: Value): Num {
  return isNum(value) ? value : wrong(call, param, 'number', value);
}

function duration(call: string, param: string, value: Value): DaysDuration {
  return value instanceof DaysDuration ? value : wrong(call, param, 'days and time duration', value);
}

function bpmnError(args: readonly Value[]): Value {
  const checks = [text, text, context];
  const entries = args.map((value, i): [string, Value] => {
    const param = bpmnErrorParams[i]!;
    return [param, checks[i]!('bpmnError', param, value)];
  });
  return new BuiltContext(new Map<string, Value>([['errorType', 'bpmnError'], ...entries]));
}

function jobError([
  message = null,
  variables = new BuiltContext(new Map()),
  retries = 0,
  backoff = DaysDuration.of(0n),
]: readonly Value[]): Value {
  return new BuiltContext(
    new Map<string, Value>([
      ['errorType', 'jobError'],
      ['errorMessage', text('jobError', 'errorMessage', message)],
      ['variables', context('jobError', 'variables', variables)],
      ['retries', number('jobError', 'retries', retries)],
      ['retryBackoff', duration('jobError', 'retryBackoff', backoff)],
    ]),
  );
}

function ignoreError(args: readonly Value[]): Value {
  const entries = args.map((value): [string, Value] => [
    'variables',
    context('ignoreError', 'variables', value),
  ]);
  return new BuiltContext(new Map<string, Value>([['errorType', 'ignoreError'], ...entries]));
}

/** Exponential delay with jitter, in whole milliseconds. */
function backoff(
  [
    attempt = null,
    minDelay = DaysDuration.of(50_000_000n),
    factor = 1.6,
    maxDelay = DaysDuration.of(5_000_000_000n),
    jitterFactor = 0.1,
  ]: readonly Value[],
  run: Run,
): Value {
  const count = toInt32(number('backoff', 'attempt', attempt));
  const min = Number(duration('backoff', 'minDelay', minDelay).millis);
  const growth = toDouble(number('backoff', 'factor', factor));
  const max = Number(duration('backoff', 'maxDelay', maxDelay).millis);
  const jitter = toDouble(number('backoff', 'jitterFactor', jitterFactor));
  if (count < 1) throw new EvaluationError(`backoff(): 'attempt' must be at least 1, found ${count}.`);
  if (growth <= 0) throw new EvaluationError(`backoff(): 'factor' must be greater than 0, found ${growth}.`);
  if (min > max)
    throw new EvaluationError(`backoff(): 'minDelay' (${min} ms) must not exceed 'maxDelay' (${max} ms).`);
  if (jitter < 0)
    throw new EvaluationError(`backoff(): 'jitterFactor' must not be negative, found ${jitter}.`);
  const delay = Math.max(min, Math.min(max, min * growth ** (count - 1)));
  const spread = jitter * delay * (2 * run.surroundings.random() - 1);
  return DaysDuration.of(BigInt(Math.round(delay + spread)) * 1_000_000n);
}

/** One overload per number of arguments. */
function overloads(
  name: string,
  params: readonly string[],
  counts: readonly number[],
  call: (args: readonly Value[], run: Run) => Value,
): Builtin[] {
  return counts.map((count) => builtin(name, params.slice(0, count), call));
}

export const connectorBuiltins = [
  ...overloads('bpmnError', bpmnErrorParams, [1, 2, 3], bpmnError),
  ...overloads('jobError', jobErrorParams, [1, 2, 3, 4], jobError),
  ...overloads('ignoreError', ['variables'], [1, 0], ignoreError),
  ...overloads('backoff', backoffParams, [1, 3, 4, 5], backoff),
];
