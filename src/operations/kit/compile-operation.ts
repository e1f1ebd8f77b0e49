/** An operation made ready for the jobs of one provider. */
import type { PlacedField } from '../../fields/bind';
import type { ProviderId } from '../../fields/fields';
import type { Json } from '../../json/json';
import type { Operation, PreparedInput } from './operation';
import { compileOptions, type CallOptions } from './options';

/** Once per process and provider: schemas, fields and defaults are made here, not with every job. */
export interface CompiledOperation {
  readonly operation: Operation;
  /** Fields of the variable `input` that the provider has, in order. */
  readonly inputFields: readonly PlacedField[];
  /** Reads a job's variable `input`. @throws ConnectorError INVALID_INPUT, naming every wrong field and the remedy */
  readonly prepare: (input: Json | undefined) => PreparedInput;
  /** Reads a job's variable `options`. @throws ConnectorError INVALID_INPUT, naming every wrong field and the remedy */
  readonly readOptions: (options: Json | undefined) => CallOptions;
}

export function compileOperation(operation: Operation, provider: ProviderId): CompiledOperation {
  const { fields, prepare } = operation.compileInput(provider);
  const readOptions = compileOptions(operation, provider);
  return { operation, inputFields: fields, prepare, readOptions };
}
