/** Creating and cancelling process instances, and changing their variables. */
import { Rejection, type CreationRequest } from '../api';
import { merge, readVariables, setAllLocal } from '../data/variables';
import { createInstance } from '../rules/instances';
import { terminate } from '../rules/life-cycle';
import type { DefinitionRow, InstanceRow } from '../state/rows';
import { isLive } from '../state/state';
import type { Turn } from '../turn/turn';
import { invalidArgument, notFound } from './refuse';

export function createRequested(turn: Turn, request: CreationRequest): InstanceRow {
  const definition = definitionFor(turn, request);
  const { behaviour } = turn.element(definition.key, definition.processId);
  if (behaviour.kind === 'scope' && behaviour.start === undefined)
    throw new Rejection(
      409,
      'INVALID_STATE',
      `Expected to create an instance of process '${definition.processId}' with a none start event, but it has none: something else starts it.`,
    );
  const variables = readVariables(request.variables);
  return createInstance(turn, { definition, variables, tags: request.tags });
}

/** Ends an instance and all that it has called. A called instance cannot be cancelled alone. */
export function cancelInstance(turn: Turn, key: string): void {
  const instance = turn.state.instances.get(key);
  if (instance?.state !== 'ACTIVE') throw notFound('CANCEL', 'process instance', key);
  if (instance.parentInstance !== null)
    throw new Rejection(
      409,
      'INVALID_STATE',
      `Expected to cancel process instance '${key}', but it was called by process instance '${instance.parentInstance}'. Cancel the one at the top: '${instance.rootInstance}'.`,
    );
  terminate(turn, key);
}

export function setVariables(turn: Turn, elementInstance: string, variables: string, local: boolean): void {
  const row = turn.state.elements.get(elementInstance);
  if (row === undefined || !isLive(row)) throw notFound('UPDATE', 'element instance', elementInstance);
  const changes = readVariables(variables);
  if (local) setAllLocal(turn, row, changes);
  else merge(turn, row, changes);
}

function definitionFor({ state }: Turn, request: CreationRequest): DefinitionRow {
  const { processId, definitionKey, version = -1 } = request;
  if (definitionKey !== undefined) {
    const definition = state.definitions.get(definitionKey);
    if (definition === undefined)
      throw new Rejection(
        404,
        'NOT_FOUND',
        `Expected to find process definition with key '${definitionKey}', but none found`,
      );
    return definition;
  }
  if (processId === undefined || processId === '')
    throw invalidArgument('At least one of [processDefinitionId, processDefinitionKey] is required.');
  const definition =
    version === -1
      ? state.latest(processId)
      : [...state.versions.of(processId)]
          .map((key) => state.definitions.get(key)!)
          .find((candidate) => candidate.version === version);
  if (definition !== undefined) return definition;
  const which = version === -1 ? '' : ` and version '${version}'`;
  throw new Rejection(
    404,
    'NOT_FOUND',
    `Expected to find process definition with process ID '${processId}'${which}, but none found`,
  );
}
