/** Elements of a process as a table, for files that have no picture. */
import { make, makeButton } from './dom';
import type { ProcessElement } from './file-model';
import type { ElementMark, Marks } from './marks';
import { lowerWords } from './words';

const headings = ['Element', 'Kind', 'Active', 'Incidents', 'Completed', 'Jobs'];
const deepestStep = 6;

export function drawTable(
  place: HTMLElement,
  elements: readonly ProcessElement[],
  marks: Marks,
  selected: string | undefined,
  onSelect: (elementId: string | undefined) => void,
): void {
  const focus = document.activeElement?.getAttribute('data-focus');
  const head = make('tr', {}, ...headings.map((heading) => make('th', { scope: 'col' }, heading)));
  const rows = elements.map((element) =>
    row(element, marks.get(element.id), element.id === selected, onSelect),
  );
  place.replaceChildren(make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows)));
  if (focus?.startsWith('element '))
    place.querySelector<HTMLElement>(`[data-focus="${CSS.escape(focus)}"]`)?.focus();
}

function row(
  { id, name, type, depth }: ProcessElement,
  mark: ElementMark | undefined,
  isSelected: boolean,
  onSelect: (elementId: string | undefined) => void,
): HTMLElement {
  const button = makeButton(name, `element ${id}`, () => onSelect(isSelected ? undefined : id), {
    class: 'link',
    title: id,
    'aria-pressed': String(isSelected),
  });
  const jobs = (mark?.jobs ?? []).map(({ condition, count }) => `${count} ${condition}`).join(', ');
  return make(
    'tr',
    { class: isSelected ? 'is-selected' : undefined },
    make('th', { scope: 'row', class: `depth-${Math.min(depth, deepestStep)}` }, button),
    make('td', {}, lowerWords(type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' '))),
    countCell(mark?.tokens, 'badge badge-token'),
    countCell(mark?.incidents, 'badge badge-incident'),
    countCell(mark?.completed, undefined),
    make('td', {}, jobs),
  );
}

function countCell(count: number | undefined, badge: string | undefined): HTMLElement {
  return make('td', {}, count ? make('span', { class: badge }, String(count)) : undefined);
}
