/** The line above the diagram: what is looked at, its version and state, and what can be done with all of it. */
import type { Actions } from './actions';
import { make, makeButton, PagePart, type Child } from './dom';
import { titleOf, type Picture } from './picture';
import { processLink } from './route';
import type { Definition, Instance } from './shapes';
import { instanceState, timeText } from './words';

export class Head {
  readonly #actions: Actions;
  readonly #part: PagePart;

  constructor(root: HTMLElement, actions: Actions) {
    this.#actions = actions;
    this.#part = new PagePart(root);
  }

  show({ definition, definitions, instanceSubject, missing }: Picture, now: Date): void {
    const instance = instanceSubject?.instance;
    const versions = definitions
      .filter((one) => one.processDefinitionId === definition?.processDefinitionId)
      .sort((a, b) => b.version - a.version);
    this.#part.show([definition, versions, instance, missing, now.toDateString()], () => {
      if (definition === undefined) return [make('h1', {}, missing ?? '')];
      const id = make('span', { class: 'id' }, definition.processDefinitionId);
      return [
        make('h1', {}, titleOf(definition)),
        makeButton('Start instance', 'start', () => this.#actions.start(definition), { class: 'primary' }),
        instance?.state === 'ACTIVE'
          ? makeButton('Cancel instance', 'cancel', () => this.#actions.cancel(instance), { class: 'danger' })
          : undefined,
        instance === undefined
          ? make('div', { class: 'line' }, id, versionChoice(definition, versions))
          : make('div', { class: 'line' }, ...instanceWords(instance, now), id),
      ];
    });
  }
}

function versionChoice(current: Definition, versions: readonly Definition[]): HTMLElement {
  const options = versions.map(({ version }) =>
    make('option', { value: String(version), selected: version === current.version }, `v${version}`),
  );
  const choice = make('select', { 'aria-label': 'Version', 'data-focus': 'version' }, ...options);
  choice.addEventListener('change', () => {
    location.hash = processLink(current.processDefinitionId, Number(choice.value));
  });
  return choice;
}

function instanceWords(instance: Instance, now: Date): Child[] {
  const { processInstanceKey: key, processDefinitionVersion: version, startDate, endDate, tags } = instance;
  const state = instanceState(instance);
  const span = `started ${timeText(startDate, now)}${endDate === null ? '' : `, ended ${timeText(endDate, now)}`}`;
  return [
    make('span', { class: 'key', id: 'instance-key' }, key),
    make('span', { class: `state state-${state.toLowerCase()}`, id: 'instance-state' }, state),
    make('span', { class: 'id' }, span),
    make('span', { class: 'id' }, `v${version}`),
    ...tags.map((tag) => make('span', { class: 'tag' }, tag)),
  ];
}
