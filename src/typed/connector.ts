/**
 * The connector of the typed family: one operation per job.
 * variables -> secrets into the connection -> checked input -> the operation's request -> call -> the operation's answer.
 */
import { inputError } from '../errors';
import { nearlyEqual } from '../fields/bind';
import type { Connector, Execution, Job, Task } from '../job/job';
import { ourManner } from '../job/manner';
import { isJsonObject, parseJson, type Json, type JsonObject } from '../json/json';
import type { JsonText } from '../json/text';
import { compileOperation, type CompiledOperation } from '../operations/kit/compile-operation';
import type { Operation } from '../operations/kit/operation';
import { operations } from '../operations/registry';
import type { Provider, TokenSource } from '../providers/provider';
import { Exchange } from './exchange';
import { runOperation } from './run-operation';
import { inputWithSecrets, secretNamesOf, withSecrets } from './secret-fields';

export interface TypedConnectorOptions {
  /** Address for connections that name none; absent: the provider's own. */
  readonly defaultBaseUrl?: string | undefined;
  /** Largest answer read, bytes after decompression. */
  readonly maxAnswerBytes: number;
  readonly tokens?: TokenSource;
  /** For tests: other operations than the registry's. */
  readonly operations?: readonly Operation[];
}

/** The connector for the jobs of one provider. */
export function createTypedConnector(provider: Provider, options: TypedConnectorOptions): Connector {
  const known = (options.operations ?? operations).map((operation) =>
    compileOperation(operation, provider.id),
  );

  async function run(variables: JsonObject, job: Job, execution: Execution): Promise<JsonText> {
    const { operation, connection, options: callOptions, input } = variables;
    const compiled = findOperation(operation, known, provider);
    const exchange = new Exchange({
      provider: provider.id,
      connection: provider.connect(withSecrets(connection, execution.secrets), options.defaultBaseUrl),
      options: compiled.readOptions(callOptions),
      compiled,
      tokens: options.tokens,
      maxAnswerBytes: options.maxAnswerBytes,
      boundary: job.key,
      execution,
    });
    return runOperation(compiled.prepare(inputWithSecrets(input, execution.secrets)), exchange);
  }

  return {
    name: provider.id,
    manner: ourManner,
    fetchVariables: ['connection', 'operation', 'input', 'options'],
    open(job): Task {
      const variables = readVariables(job);
      if (variables instanceof Error) {
        return { operation: undefined, secretNames: [], run: () => Promise.reject(variables) };
      }
      return {
        // Only names we know: a log line must not hold what someone put into the variable.
        operation: known.find((one) => one.operation.id === variables['operation'])?.operation.id,
        secretNames: secretNamesOf(variables),
        run: (execution) => run(variables, job, execution),
      };
    },
  };
}

/** The variables, or why they cannot be read. */
function readVariables(job: Job): JsonObject | Error {
  try {
    const variables = parseJson(job.variables);
    return isJsonObject(variables) ? variables : {};
  } catch (error) {
    return error as Error;
  }
}

function findOperation(
  id: Json | undefined,
  known: readonly CompiledOperation[],
  provider: Provider,
): CompiledOperation {
  const offered = known
    .map(({ operation }) => operation)
    .filter(({ missing }) => missing?.[provider.id] === undefined);
  const list = offered.map((operation) => operation.id).join(', ');
  if (typeof id !== 'string' || id.trim() === '') {
    throw inputError(`Field "Operation" (operation) is empty. Choose one of ${list}.`);
  }
  const compiled = known.find(({ operation }) => operation.id === id.trim());
  if (compiled === undefined) {
    const close = offered.find((candidate) => nearlyEqual(candidate.id, id));
    const remedy = close === undefined ? `Choose one of ${list}.` : `Did you mean ${close.id}?`;
    throw inputError(`Field "Operation" (operation) has the unknown value "${id.slice(0, 60)}". ${remedy}`);
  }
  const missing = compiled.operation.missing?.[provider.id];
  if (missing !== undefined) throw inputError(missing);
  return compiled;
}
