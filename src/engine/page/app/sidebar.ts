/** The left side: processes with their counts, and the instances of the one that is looked at. */
import { make, makeButton, PagePart, type Child } from './dom';
import { isCut, latestVersions, titleOf, type InstanceFilter, type Picture } from './picture';
import { instanceLink, processLink } from './route';
import type { Definition, Instance, List } from './shapes';
import { instanceState, timeText } from './words';

interface SidebarPlace {
  readonly processes: HTMLElement;
  readonly instances: HTMLElement;
  readonly search: HTMLInputElement;
  readonly filter: HTMLSelectElement;
}

interface SidebarActions {
  /** Another filter, or more of the list. */
  reload(): void;
  /** Other processes of those that are known. */
  redraw(): void;
}

const listStep = 50;

interface Counts {
  active: number;
  incidents: number;
}

export class Sidebar {
  readonly #place: SidebarPlace;
  readonly #actions: SidebarActions;
  readonly #processes: PagePart;
  readonly #instances: PagePart;
  #listed = listStep;
  /** Id of the process that is looked at. */
  #current: string | undefined;

  constructor(place: SidebarPlace, actions: SidebarActions) {
    this.#place = place;
    this.#actions = actions;
    this.#processes = new PagePart(place.processes);
    this.#instances = new PagePart(place.instances);
    place.search.addEventListener('input', () => this.#actions.redraw());
    place.filter.addEventListener('change', () => {
      this.#listed = listStep;
      this.#actions.reload();
    });
  }

  get filter(): InstanceFilter {
    return this.#place.filter.value as InstanceFilter;
  }

  /** How many instances are wanted. */
  get listed(): number {
    return this.#listed;
  }

  /** Another process is looked at. */
  restart(): void {
    this.#listed = listStep;
  }

  show({ definitions, active, definition, instances, route }: Picture, now: Date): void {
    const counts = countActive(active.items);
    const isPartial = isCut(active);
    const wanted = this.#place.search.value.trim().toLowerCase();
    const shown = latestVersions(definitions).filter((one) =>
      `${titleOf(one)} ${one.processDefinitionId}`.toLowerCase().includes(wanted),
    );
    const current = definition?.processDefinitionId;
    this.#processes.show([shown, [...counts], isPartial, current, definitions.length === 0], () =>
      definitions.length === 0
        ? [emptyEngine()]
        : shown.map((one) => processItem(one, counts.get(one.processDefinitionId), isPartial, current)),
    );
    if (current !== this.#current)
      this.#place.processes.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
    this.#current = current;
    const key = route.kind === 'instance' ? route.key : undefined;
    this.#instances.show([instances, key, now.toDateString()], () =>
      instances === undefined ? [] : this.#instanceItems(instances, key, now),
    );
  }

  #instanceItems({ items, page }: List<Instance>, current: string | undefined, now: Date): Child[] {
    if (items.length === 0) return [make('li', { class: 'hint' }, 'No instances here.')];
    const left = page.totalItems - items.length;
    const showMore = (): void => {
      this.#listed += listStep;
      this.#actions.reload();
    };
    return [
      ...items.map((one) => instanceItem(one, current, now)),
      left > 0
        ? make('li', {}, makeButton(`Show more (${left} left)`, 'more instances', showMore))
        : undefined,
    ];
  }
}

/** By process id. */
function countActive(instances: readonly Instance[]): Map<string, Counts> {
  const counts = new Map<string, Counts>();
  for (const { processDefinitionId, hasIncident } of instances) {
    const count = counts.get(processDefinitionId) ?? { active: 0, incidents: 0 };
    count.active += 1;
    if (hasIncident) count.incidents += 1;
    counts.set(processDefinitionId, count);
  }
  return counts;
}

function emptyEngine(): HTMLElement {
  return make(
    'li',
    { class: 'hint' },
    `No process is deployed yet. Deploy a BPMN file to ${location.origin}, for example with the Modeler.`,
  );
}

function processItem(
  definition: Definition,
  { active, incidents }: Counts = { active: 0, incidents: 0 },
  isPartial: boolean,
  current: string | undefined,
): HTMLElement {
  const { processDefinitionId: id } = definition;
  // Where only some of the instances were counted, there are at least that many.
  const sum = (count: number): string => (isPartial ? `≥ ${count}` : String(count));
  return make(
    'li',
    {},
    make(
      'a',
      {
        href: processLink(id),
        title: id,
        'aria-current': id === current ? 'true' : undefined,
        'data-focus': `process ${id}`,
      },
      make('span', { class: 'name' }, titleOf(definition)),
      incidents > 0
        ? make(
            'span',
            { class: 'badge badge-incident', title: 'Instances with incidents' },
            `! ${sum(incidents)}`,
          )
        : undefined,
      active > 0
        ? make('span', { class: 'badge badge-token', title: 'Active instances' }, sum(active))
        : make('span', { class: 'badge badge-none', title: 'Active instances' }, '0'),
    ),
  );
}

function instanceItem(instance: Instance, current: string | undefined, now: Date): HTMLElement {
  const { processInstanceKey: key, processDefinitionVersion: version, startDate } = instance;
  const state = instanceState(instance);
  return make(
    'li',
    {},
    make(
      'a',
      {
        href: instanceLink(key),
        'aria-current': key === current ? 'true' : undefined,
        'data-focus': `instance ${key}`,
      },
      make('span', {
        class: `dot state-${state.toLowerCase()}`,
        title: state,
        role: 'img',
        'aria-label': state,
      }),
      make('span', { class: 'name key' }, key),
      make('span', { class: 'id' }, `v${version}`),
      make('span', { class: 'id' }, timeText(startDate, now)),
    ),
  );
}
