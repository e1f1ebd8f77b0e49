/** Variables as JSON, with the digits and letters that the engine has. Long ones begin cut. */
import { wholeValue } from './client';
import { reasonOf } from './dialogs';
import { make, makeButton, PagePart, type Child } from './dom';
import { excerpt, prettyJson } from './json-text';
import type { InstanceSubject } from './picture';
import type { ElementInstance, Variable } from './shapes';
import { timeText } from './words';

const shownLines = 12;
const shownLength = 1000;

/** A long value that somebody wants to see all of. */
interface Whole {
  readonly text: string;
  /** Of a value that searches cut, this is as it was then. */
  readonly note: string | undefined;
}

export class VariablesSection {
  readonly #onSet: () => void;
  readonly #redraw: () => void;
  readonly #part: PagePart;
  /** By the key of the variable. */
  readonly #whole = new Map<string, Whole>();

  constructor(root: HTMLElement, onSet: () => void, redraw: () => void) {
    this.#onSet = onSet;
    this.#redraw = redraw;
    this.#part = new PagePart(root);
  }

  /** Another instance is looked at. */
  restart(): void {
    this.#whole.clear();
  }

  show({ instance, variables, elements }: InstanceSubject, selected: string | undefined): void {
    const names = new Map(elements.items.map((one) => [one.elementInstanceKey, one]));
    const wanted = variables.items.filter(
      ({ scopeKey }) => selected === undefined || names.get(scopeKey)?.elementId === selected,
    );
    const isActive = instance.state === 'ACTIVE';
    this.#part.show([wanted, [...this.#whole], isActive, selected], () => [
      make(
        'div',
        { class: 'section-head' },
        make('h2', {}, 'Variables'),
        isActive ? makeButton('Set variables', 'set variables', this.#onSet, { class: 'quiet' }) : undefined,
      ),
      ...(wanted.length === 0 ? [make('p', { class: 'hint' }, 'None.')] : this.#groups(wanted, names)),
    ]);
  }

  #groups(variables: readonly Variable[], elements: ReadonlyMap<string, ElementInstance>): Child[] {
    const scopes = new Map<string, Variable[]>();
    for (const variable of variables) {
      const group = scopes.get(variable.scopeKey);
      if (group === undefined) scopes.set(variable.scopeKey, [variable]);
      else group.push(variable);
    }
    // Those of the process itself first, then those that elements keep to themselves.
    const ordered = [...scopes].sort(([a], [b]) => Number(elements.has(a)) - Number(elements.has(b)));
    return ordered.flatMap(([scope, group]) => {
      const element = elements.get(scope);
      return [
        element === undefined
          ? undefined
          : make('h3', {}, `Only in ${element.elementName}`, make('span', { class: 'key' }, ` ${scope}`)),
        make('dl', { class: 'variables' }, ...group.flatMap((variable) => this.#variable(variable))),
      ];
    });
  }

  #variable(variable: Variable): Child[] {
    const { variableKey: key, name, value, isTruncated } = variable;
    const whole = this.#whole.get(key);
    const cut = excerpt(prettyJson(value), shownLines, shownLength);
    const isLong = cut.isCut || isTruncated;
    const text = whole === undefined ? cut.text : isTruncated ? whole.text : prettyJson(value);
    return [
      make('dt', {}, name),
      make(
        'dd',
        {},
        make('pre', {}, isLong && whole === undefined ? `${text} ...` : text),
        whole?.note === undefined ? undefined : make('p', { class: 'hint' }, whole.note),
        isLong ? this.#toggle(variable, whole) : undefined,
      ),
    ];
  }

  #toggle(variable: Variable, whole: Whole | undefined): HTMLElement {
    const { variableKey: key, name } = variable;
    const focus = `variable ${key}`;
    if (whole !== undefined) {
      const showLess = (): void => {
        this.#whole.delete(key);
        this.#redraw();
      };
      return makeButton('Show less', focus, showLess, {
        class: 'link',
        'aria-label': `Show less of ${name}`,
      });
    }
    const showAll = (): void => void this.#showAll(variable);
    return makeButton('Show all', focus, showAll, { class: 'link', 'aria-label': `Show all of ${name}` });
  }

  async #showAll({ variableKey: key, isTruncated }: Variable): Promise<void> {
    this.#whole.set(key, isTruncated ? await readWhole(key) : { text: '', note: undefined });
    this.#redraw();
  }
}

async function readWhole(key: string): Promise<Whole> {
  try {
    const text = prettyJson(await wholeValue(key));
    const now = new Date();
    return { text, note: `As it was at ${timeText(now.toISOString(), now)}.` };
  } catch (error) {
    return { text: '', note: reasonOf(error) };
  }
}
