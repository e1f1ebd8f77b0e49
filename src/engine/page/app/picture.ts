/** What the page shows, as the engine told it in one go. */
import { get, processXml, Refused, search } from './client';
import type { PageRoute } from './route';
import type {
  Definition,
  ElementInstance,
  Incident,
  Instance,
  JobItem,
  List,
  UserTask,
  Variable,
} from './shapes';

/** More than people look at; sums beyond it are shown as such. */
const maxItems = 1000;
const maxListed = 200;

export type InstanceFilter = 'all' | 'active' | 'incidents' | 'ended';

const filters: Readonly<Record<InstanceFilter, Readonly<Record<string, unknown>>>> = {
  all: {},
  active: { state: 'ACTIVE' },
  incidents: { state: 'ACTIVE', hasIncident: true },
  ended: { state: { $neq: 'ACTIVE' } },
};

/** What is looked at: one instance, or all active ones of a version. */
export interface Subject {
  readonly elements: List<ElementInstance>;
  readonly jobs: List<JobItem>;
  readonly incidents: List<Incident>;
  /** Those that the instance has called. */
  readonly called: readonly Instance[];
}

export interface InstanceSubject extends Subject {
  readonly instance: Instance;
  readonly variables: List<Variable>;
  readonly userTasks: List<UserTask>;
}

export interface Picture {
  readonly route: PageRoute;
  readonly definitions: readonly Definition[];
  /** Of all processes. */
  readonly active: List<Instance>;
  /** The process version that is looked at. */
  readonly definition?: Definition;
  /** Of its process, newest first. */
  readonly instances?: List<Instance>;
  readonly subject?: Subject;
  readonly instanceSubject?: InstanceSubject;
  /** The address names what the engine does not have. */
  readonly missing?: string;
}

export interface Wish {
  readonly route: PageRoute;
  readonly filter: InstanceFilter;
  readonly listed: number;
}

/**
 * @param before an instance that has ended does not change any more and is taken from there
 * @throws EngineAway, Refused
 */
export async function loadPicture({ route, filter, listed }: Wish, before?: Picture): Promise<Picture> {
  const [{ items: definitions }, active, instance] = await Promise.all([
    search<Definition>('process-definitions', { page: { limit: maxItems } }),
    search<Instance>('process-instances', { filter: filters.active, page: { limit: maxItems } }),
    route.kind === 'instance' ? loadInstance(route.key, before) : undefined,
  ]);
  const base = { route, definitions, active };
  if (route.kind === 'home') return base;
  if (route.kind === 'instance' && instance === undefined)
    return {
      ...base,
      missing: `The engine has no process instance ${route.key}. It may have been forgotten.`,
    };
  const definition = definitionOf(definitions, route, instance);
  if (definition === undefined) return { ...base, missing: 'The engine has no such process.' };
  const [instances, more] = await Promise.all([
    search<Instance>('process-instances', {
      filter: { processDefinitionId: definition.processDefinitionId, ...filters[filter] },
      sort: [
        { field: 'startDate', order: 'DESC' },
        { field: 'processInstanceKey', order: 'DESC' },
      ],
      page: { limit: listed },
    }),
    instance === undefined
      ? loadActive(definition).then((subject) => ({ subject }))
      : loadSubject(instance, before).then((subject) => ({ subject, instanceSubject: subject })),
  ]);
  return { ...base, definition, instances, ...more };
}

function definitionOf(
  definitions: readonly Definition[],
  route: PageRoute,
  instance: Instance | undefined,
): Definition | undefined {
  if (instance !== undefined)
    return definitions.find((one) => one.processDefinitionKey === instance.processDefinitionKey);
  if (route.kind !== 'process') return undefined;
  const versions = definitions.filter((one) => one.processDefinitionId === route.processId);
  return route.version === undefined
    ? versions.reduce<Definition | undefined>(newer, undefined)
    : versions.find(({ version }) => version === route.version);
}

function newer(a: Definition | undefined, b: Definition): Definition {
  return a !== undefined && a.version > b.version ? a : b;
}

/** Whether there are more than were asked for. */
export function isCut({ items, page }: List<unknown>): boolean {
  return items.length < page.totalItems;
}

/** The newest version of each process, by name. */
export function latestVersions(definitions: readonly Definition[]): Definition[] {
  const latest = new Map<string, Definition>();
  for (const one of definitions)
    latest.set(one.processDefinitionId, newer(latest.get(one.processDefinitionId), one));
  return [...latest.values()].sort((a, b) => titleOf(a).localeCompare(titleOf(b)));
}

export function titleOf({ name, processDefinitionId }: Definition): string {
  return name ?? processDefinitionId;
}

/** An instance that had ended before, as it was then. */
function ended(key: string, before: Picture | undefined): InstanceSubject | undefined {
  const subject = before?.instanceSubject;
  return subject?.instance.processInstanceKey === key && subject.instance.state !== 'ACTIVE'
    ? subject
    : undefined;
}

async function loadInstance(key: string, before: Picture | undefined): Promise<Instance | undefined> {
  const known = ended(key, before);
  if (known !== undefined) return known.instance;
  try {
    return await get<Instance>(`process-instances/${key}`);
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return undefined;
    throw error;
  }
}

async function loadSubject(instance: Instance, before: Picture | undefined): Promise<InstanceSubject> {
  const key = instance.processInstanceKey;
  const known = ended(key, before);
  if (known !== undefined) return known;
  const filter = { processInstanceKey: key };
  const page = { limit: maxListed };
  const [elements, jobs, incidents, variables, userTasks, called] = await Promise.all([
    search<ElementInstance>('element-instances', {
      filter,
      // Those that are active come first; the others may be too many.
      sort: [{ field: 'state', order: 'ASC' }],
      page: { limit: maxItems },
    }),
    search<JobItem>('jobs', { filter: { ...filter, endTime: { $exists: false } }, page }),
    search<Incident>(`process-instances/${key}/incidents`, { filter: { state: 'ACTIVE' }, page }),
    search<Variable>('variables', {
      filter,
      sort: [{ field: 'name', order: 'ASC' }],
      page: { limit: maxItems },
    }),
    search<UserTask>('user-tasks', { filter: { ...filter, state: 'CREATED' }, page }),
    search<Instance>('process-instances', { filter: { parentProcessInstanceKey: key }, page }),
  ]);
  return { instance, elements, jobs, incidents, variables, userTasks, called: called.items };
}

/** All active instances of a version, together. */
async function loadActive({ processDefinitionKey }: Definition): Promise<Subject> {
  const filter = { processDefinitionKey, state: 'ACTIVE' };
  const page = { limit: maxItems };
  const [elements, jobs, incidents] = await Promise.all([
    search<ElementInstance>('element-instances', { filter, page }),
    search<JobItem>('jobs', { filter: { processDefinitionKey, endTime: { $exists: false } }, page }),
    search<Incident>('incidents', { filter, page: { limit: maxListed } }),
  ]);
  return { elements, jobs, incidents, called: [] };
}

/** BPMN files, by the key of the definition. They do not change as long as it is the same engine. */
export class Files {
  readonly #texts = new Map<string, Promise<string>>();

  /** @throws EngineAway, Refused */
  text(definitionKey: string): Promise<string> {
    let text = this.#texts.get(definitionKey);
    if (text === undefined) {
      text = processXml(definitionKey);
      this.#texts.set(definitionKey, text);
      text.catch(() => this.#texts.delete(definitionKey));
    }
    return text;
  }

  /** The engine was away: another one may have come back, with the same keys for other files. */
  forget(): void {
    this.#texts.clear();
  }
}
