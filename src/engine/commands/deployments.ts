/** Deploying: what is new gets a version, and its start events take over from those of the version before. */
import { createHash } from 'node:crypto';
import type { DeployedProcess, Deployment, Resource } from '../api';
import { evaluateText } from '../data/expressions';
import type { DeploymentFault, ProcessModel, ReadResult } from '../model/process';
import { openStartTimer } from '../rules/timers';
import type { DefinitionRow, SubscriptionRow } from '../state/rows';
import { IncidentError } from '../turn/incident';
import type { Turn } from '../turn/turn';
import { invalidArgument } from './refuse';

/** A file that was read and can be run. */
export interface ReadResource {
  readonly resource: Resource;
  readonly processes: readonly ProcessModel[];
}

/**
 * Reads all files of a deployment.
 * @throws Rejection with all faults of all files; nothing is deployed then
 */
export async function readResources(
  resources: readonly Resource[],
  readBpmn: (xml: string) => Promise<ReadResult>,
): Promise<ReadResource[]> {
  if (resources.length === 0)
    throw invalidArgument('Expected to deploy at least one resource, but none given.');
  const read: ReadResource[] = [];
  const faults: string[] = [];
  for (const resource of resources) {
    if (resource.name.endsWith('.form')) read.push({ resource, processes: [] });
    else if (!resource.name.endsWith('.bpmn'))
      faults.push(`'${resource.name}': The local engine takes .bpmn and .form files only.`);
    else {
      const result = await readBpmn(resource.content);
      if ('processes' in result) read.push({ resource, processes: result.processes });
      else faults.push(describeFaults(resource.name, result.faults));
    }
  }
  faults.push(...doubles(read));
  if (faults.length > 0)
    throw invalidArgument(
      `Expected to deploy new resources, but encountered the following errors:\n${faults.join('\n')}`,
    );
  return read;
}

/**
 * @param use called with each new definition's key and its process
 * @throws Rejection when a start event's name or time cannot be evaluated
 */
export function deploy(
  turn: Turn,
  resources: readonly ReadResource[],
  use: (definition: string, model: ProcessModel) => void,
): Deployment {
  const key = turn.keys.first();
  const processes: DeployedProcess[] = [];
  for (const { resource, processes: models } of resources)
    for (const model of models) {
      const definition = define(turn, key, resource, model, use);
      const { processId, version, resourceName } = definition;
      processes.push({ processId, version, key: definition.key, resourceName });
    }
  turn.record({
    valueType: 'DEPLOYMENT',
    intent: 'CREATED',
    key,
    value: {
      processesMetadata: processes.map((process) => ({
        bpmnProcessId: process.processId,
        version: process.version,
        processDefinitionKey: process.key,
        resourceName: process.resourceName,
      })),
      tenantId: '<default>',
    },
  });
  return { key, processes };
}

/** The same bytes under the same name keep the version they have. */
function define(
  turn: Turn,
  deployment: string,
  resource: Resource,
  model: ProcessModel,
  use: (definition: string, model: ProcessModel) => void,
): DefinitionRow {
  const latest = turn.state.latest(model.id);
  const hash = createHash('sha256').update(resource.name).update('\0').update(resource.content).digest('hex');
  if (latest?.resource === hash) return latest;
  if (turn.state.resources.get(hash) === undefined)
    turn.state.resources.put({ key: hash, name: resource.name, text: resource.content });
  const definition = turn.state.definitions.put({
    key: turn.keys.first(),
    processId: model.id,
    name: model.name ?? null,
    version: (latest?.version ?? 0) + 1,
    versionTag: model.versionTag ?? null,
    resource: hash,
    resourceName: resource.name,
    deployment,
  });
  use(definition.key, model);
  if (latest !== undefined) closeStarts(turn, latest);
  openStarts(turn, definition, model);
  return definition;
}

function closeStarts({ state }: Turn, { processId, key }: DefinitionRow): void {
  for (const subscription of [...state.startSubscriptions.of(processId)])
    state.subscriptions.delete(subscription);
  for (const timer of [...state.startTimers.of(key)]) state.timers.delete(timer);
}

function openStarts(turn: Turn, definition: DefinitionRow, model: ProcessModel): void {
  const root = model.elements.get(model.id)?.behaviour;
  if (root?.kind !== 'scope') return;
  for (const id of root.triggeredStarts) {
    const behaviour = model.elements.get(id)?.behaviour;
    if (behaviour?.kind !== 'start') continue;
    const { trigger } = behaviour;
    try {
      if (trigger?.kind === 'timer') openStartTimer(turn, definition.key, id, trigger.timer);
      else if (trigger?.kind === 'message' || trigger?.kind === 'signal')
        openStart(
          turn,
          definition,
          id,
          trigger.kind,
          evaluateText(turn, trigger.name, () => undefined),
        );
    } catch (error) {
      if (!(error instanceof IncidentError)) throw error;
      throw invalidArgument(
        `Expected to deploy new resources, but encountered the following errors:\n'${definition.resourceName}': - Element: ${id}\n    - ERROR: ${error.message}`,
      );
    }
  }
}

function openStart(
  turn: Turn,
  definition: DefinitionRow,
  elementId: string,
  kind: SubscriptionRow['kind'],
  name: string,
): void {
  turn.state.subscriptions.put({
    key: turn.keys.first(),
    kind,
    name,
    correlationKey: null,
    elementInstance: null,
    instance: null,
    definition: definition.key,
    processId: definition.processId,
    elementId,
  });
}

function describeFaults(name: string, faults: readonly DeploymentFault[]): string {
  const lines = faults.map(({ elementId, reason }) =>
    elementId === undefined ? `    - ERROR: ${reason}` : `- Element: ${elementId}\n    - ERROR: ${reason}`,
  );
  return [`'${name}':`, ...lines].join('\n');
}

/** One deployment with two processes of one id would leave it to chance which one is the latest. */
function doubles(read: readonly ReadResource[]): string[] {
  const names = new Map<string, string>();
  const found: string[] = [];
  for (const { resource, processes } of read)
    for (const { id } of processes) {
      const other = names.get(id);
      if (other !== undefined)
        found.push(
          `'${resource.name}': The process id '${id}' is in '${other}' too. Give each process an id of its own.`,
        );
      names.set(id, resource.name);
    }
  return found;
}
