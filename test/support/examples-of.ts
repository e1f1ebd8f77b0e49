import type { Examples } from '../../src/operations/kit/operation';
import { operations } from '../../src/operations/registry';

/** The examples in the file of an operation. */
export function examplesOf(id: string): Examples {
  const operation = operations.find((one) => one.id === id);
  if (operation === undefined) throw new Error(`No operation ${id} in src/operations/registry.ts.`);
  return operation.examples;
}
