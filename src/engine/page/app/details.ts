/** The right side: what there is to know of an instance, or of all active ones of a version, and to do with them. */
import type { Actions } from './actions';
import { make, makeButton, PagePart, type Child } from './dom';
import { historySection } from './history-section';
import type { InstanceSubject, Picture, Subject } from './picture';
import { instanceLink } from './route';
import type { Incident, Instance, JobItem, UserTask } from './shapes';
import { VariablesSection } from './variables-section';
import { jobWords, retriesLeft, timeText } from './words';

interface DetailsPlace {
  readonly selection: HTMLElement;
  readonly nothing: HTMLElement;
  readonly incidents: HTMLElement;
  readonly tasks: HTMLElement;
  readonly jobs: HTMLElement;
  readonly variables: HTMLElement;
  readonly links: HTMLElement;
  readonly history: HTMLElement;
}

/** What is looked at, and how. */
interface Look {
  readonly picture: Picture;
  /** The element that somebody has clicked; only what belongs to it is shown. */
  readonly selected: string | undefined;
  readonly now: Date;
}

export class Details {
  readonly #actions: Actions;
  readonly #select: (elementId: string | undefined) => void;
  readonly #parts: Readonly<Record<Exclude<keyof DetailsPlace, 'variables'>, PagePart>>;
  readonly #variables: VariablesSection;
  /** Names of elements that have been entered, by their ids. */
  #names: ReadonlyMap<string, string> = new Map();
  #instance: Instance | undefined;

  constructor(
    place: DetailsPlace,
    actions: Actions,
    select: (elementId: string | undefined) => void,
    redraw: () => void,
  ) {
    this.#actions = actions;
    this.#select = select;
    this.#parts = {
      selection: new PagePart(place.selection),
      nothing: new PagePart(place.nothing),
      incidents: new PagePart(place.incidents),
      tasks: new PagePart(place.tasks),
      jobs: new PagePart(place.jobs),
      links: new PagePart(place.links),
      history: new PagePart(place.history),
    };
    const onSet = (): void => {
      if (this.#instance !== undefined) this.#actions.setVariables(this.#instance);
    };
    this.#variables = new VariablesSection(place.variables, onSet, redraw);
  }

  show(look: Look): void {
    const { subject, instanceSubject } = look.picture;
    const { selected, now } = look;
    this.#restart(instanceSubject?.instance);
    this.#names = new Map(subject?.elements.items.map((one) => [one.elementId, one.elementName]));
    this.#parts.selection.show([selected, this.#nameOf(selected)], () => [this.#selection(selected)]);
    const incidents = ofElement(subject?.incidents.items ?? [], selected);
    this.#parts.incidents.show([incidents, this.#instance?.processInstanceKey, now.toDateString()], () =>
      counted('Incidents', incidents, (one) => this.#incident(one, now)),
    );
    const tasks = ofElement(instanceSubject?.userTasks.items ?? [], selected);
    this.#parts.tasks.show([tasks, now.toDateString()], () =>
      counted('User tasks', tasks, (one) => this.#task(one, now)),
    );
    const jobs = ofElement(subject?.jobs.items ?? [], selected);
    this.#parts.jobs.show([jobs, subject?.incidents, now.toDateString()], () =>
      counted('Jobs', jobs, (one) => this.#job(one, subject, now)),
    );
    const isQuiet =
      subject !== undefined && instanceSubject === undefined && incidents.length + jobs.length === 0;
    this.#parts.nothing.show(isQuiet, () => (isQuiet ? [make('p', { class: 'hint' }, nothing)] : []));
    if (instanceSubject !== undefined) this.#variables.show(instanceSubject, selected);
    this.#parts.links.show(
      instanceSubject && [instanceSubject.instance.parentProcessInstanceKey, instanceSubject.called],
      () => (instanceSubject === undefined ? [] : links(instanceSubject)),
    );
    this.#parts.history.show([instanceSubject?.elements, selected, now.toDateString()], () =>
      instanceSubject === undefined
        ? []
        : historySection(instanceSubject.elements, selected, now, (one) =>
            this.#elementButton(one.elementId, `history ${one.elementInstanceKey}`),
          ),
    );
  }

  #restart(instance: Instance | undefined): void {
    if (instance?.processInstanceKey !== this.#instance?.processInstanceKey) this.#variables.restart();
    this.#instance = instance;
  }

  #nameOf(elementId: string | undefined): string {
    return this.#names.get(elementId ?? '') ?? elementId ?? '';
  }

  #selection(selected: string | undefined): Child {
    if (selected === undefined) return undefined;
    const everything = (): void => this.#select(undefined);
    return make(
      'p',
      { class: 'selection' },
      make('span', {}, 'Only ', make('strong', {}, this.#nameOf(selected))),
      makeButton('Show everything', 'show everything', everything, { class: 'quiet' }),
    );
  }

  #incident(incident: Incident, now: Date): HTMLElement {
    const { incidentKey, errorType, errorMessage, elementId, processInstanceKey } = incident;
    const isHere = processInstanceKey === this.#instance?.processInstanceKey;
    const resolve = makeButton('Resolve', `resolve ${incidentKey}`, () => {
      resolve.disabled = true;
      void this.#actions.resolve(incident).finally(() => (resolve.disabled = false));
    });
    return make(
      'li',
      { class: 'card card-incident' },
      make(
        'p',
        { class: 'card-head' },
        make('strong', {}, make('code', {}, errorType)),
        make('span', { class: 'id' }, timeText(incident.creationTime, now)),
      ),
      make(
        'p',
        {},
        'At ',
        isHere || this.#instance === undefined
          ? this.#elementButton(elementId, `incident ${incidentKey}`)
          : elementId,
        isHere ? undefined : ' in instance ',
        isHere ? undefined : make('a', { href: instanceLink(processInstanceKey) }, processInstanceKey),
      ),
      make('pre', { class: 'message' }, errorMessage),
      errorType === 'JOB_NO_RETRIES'
        ? make('p', { class: 'hint' }, 'Where its job has no retries left, Resolve gives it 1 first.')
        : undefined,
      resolve,
    );
  }

  #task(task: UserTask, now: Date): HTMLElement {
    const { userTaskKey, name, elementId, assignee, candidateGroups, candidateUsers, creationDate } = task;
    const people = [
      assignee === null ? 'Assigned to nobody' : `Assigned to ${assignee}`,
      ...[...candidateUsers, ...candidateGroups].map((candidate) => `candidate ${candidate}`),
    ];
    return make(
      'li',
      { class: 'card' },
      make(
        'p',
        { class: 'card-head' },
        this.#elementButton(elementId, `task ${userTaskKey}`, name),
        make('span', { class: 'id' }, timeText(creationDate, now)),
      ),
      make('p', { class: 'hint' }, `${people.join(', ')}.`),
      makeButton('Complete', `complete ${userTaskKey}`, () => this.#actions.complete(task)),
    );
  }

  #job(job: JobItem, subject: Subject | undefined, now: Date): HTMLElement {
    const { condition, sentence } = jobWords(job, subject?.incidents.items ?? [], now);
    return make(
      'li',
      { class: 'card' },
      make(
        'p',
        { class: 'card-head' },
        this.#elementButton(job.elementId, `job ${job.jobKey}`),
        make('span', { class: `badge badge-job job-${condition}` }, condition),
      ),
      make('p', {}, sentence),
      // An incident tells the message already.
      job.errorMessage && condition !== 'failed'
        ? make('pre', { class: 'message' }, job.errorMessage)
        : undefined,
      make(
        'p',
        { class: 'hint' },
        make('code', {}, job.type),
        `Job ${job.jobKey}, ${retriesLeft(job.retries)}`,
        ...(this.#instance === undefined
          ? [
              ', in instance ',
              make('a', { href: instanceLink(job.processInstanceKey) }, job.processInstanceKey),
            ]
          : []),
        '.',
      ),
    );
  }

  #elementButton(elementId: string, focus: string, label = this.#nameOf(elementId)): HTMLElement {
    return makeButton(label, `element of ${focus}`, () => this.#select(elementId), {
      class: 'link',
      title: elementId,
    });
  }
}

function ofElement<T extends { readonly elementId: string }>(
  items: readonly T[],
  selected: string | undefined,
): readonly T[] {
  return selected === undefined ? items : items.filter(({ elementId }) => elementId === selected);
}

const nothing = 'Nothing waits for a worker here, and nothing has failed. Choose an instance, or start one.';
/** More would be slow to draw, and nobody reads them. */
const maxDrawn = 100;

/** Nothing when there is nothing. */
function counted<T>(title: string, items: readonly T[], draw: (item: T) => HTMLElement): Child[] {
  if (items.length === 0) return [];
  const left = items.length - maxDrawn;
  return [
    make('h2', {}, `${title} `, make('span', { class: 'count' }, String(items.length))),
    make('ul', { class: 'cards' }, ...items.slice(0, maxDrawn).map(draw)),
    left > 0 ? make('p', { class: 'hint' }, `And ${left} more.`) : undefined,
  ];
}

/** Instances around this one. */
function links({ instance, called }: InstanceSubject): Child[] {
  const { parentProcessInstanceKey: parent } = instance;
  if (parent === null && called.length === 0) return [];
  return [
    make('h2', {}, 'Calls'),
    parent === null
      ? undefined
      : make('p', {}, 'Called by instance ', make('a', { href: instanceLink(parent) }, parent)),
    ...called.map(({ processInstanceKey: key, processDefinitionId, state }) =>
      make(
        'p',
        {},
        `Called ${processDefinitionId}: instance `,
        make('a', { href: instanceLink(key) }, key),
        ` (${state.toLowerCase()})`,
      ),
    ),
  ];
}
