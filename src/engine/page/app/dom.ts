/**
 * Makes HTML. Texts only ever become text nodes and attributes: names, variables and messages come from processes and
 * may hold markup, which is to be read and not run.
 */

export type Child = Node | string | undefined;
type Attributes = Readonly<Record<string, string | boolean | undefined>>;

/** @param attributes those that are undefined or false are left out */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes,
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, '');
    else if (value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/**
 * @param focus names the button among all on the page, so that the focus stays on it when its part is drawn again
 */
export function makeButton(
  label: string,
  focus: string,
  onClick: () => void,
  attributes: Attributes = {},
): HTMLButtonElement {
  const button = make('button', { type: 'button', 'data-focus': focus, ...attributes }, label);
  button.addEventListener('click', onClick);
  return button;
}

/** @throws Error when the page has no such element */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element '${id}'.`);
  return found as T;
}

/** A part of the page that is drawn again only when what it shows has changed. */
export class PagePart {
  #shown: string | undefined;

  constructor(readonly root: HTMLElement) {}

  /**
   * @param subject all that the drawing depends on, as values that JSON can hold
   * @param draw    makes the new content
   */
  show(subject: unknown, draw: () => readonly Child[]): void {
    const key = JSON.stringify(subject);
    if (key === this.#shown) return;
    this.#shown = key;
    const focus = this.root.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-focus')
      : undefined;
    this.root.replaceChildren(...draw().filter((child) => child !== undefined));
    if (focus == null) return;
    this.root.querySelector<HTMLElement>(`[data-focus="${CSS.escape(focus)}"]`)?.focus();
  }
}
