/** What has happened in an instance, in order. */
import { make, type Child } from './dom';
import { isCut } from './picture';
import type { ElementInstance, List } from './shapes';
import { timeText } from './words';

const maxRows = 200;

export function historySection(
  list: List<ElementInstance>,
  selected: string | undefined,
  now: Date,
  elementButton: (element: ElementInstance) => HTMLElement,
): Child[] {
  const wanted = list.items
    .filter(({ elementId }) => selected === undefined || elementId === selected)
    .sort((a, b) => compareKeys(a.elementInstanceKey, b.elementInstanceKey));
  if (wanted.length === 0) return [];
  const last = wanted.slice(-maxRows);
  const isShortened = last.length < wanted.length || isCut(list);
  return [
    make('h2', {}, 'History ', make('span', { class: 'count' }, String(wanted.length))),
    isShortened
      ? make('p', { class: 'hint' }, `The last ${last.length} of those that are known here.`)
      : undefined,
    make(
      'ol',
      { class: 'history' },
      ...last.map((one) =>
        make(
          'li',
          {},
          make('span', { class: `dot state-${one.state.toLowerCase()}`, title: one.state.toLowerCase() }),
          elementButton(one),
          make('span', { class: 'id' }, spanText(one, now)),
        ),
      ),
    ),
  ];
}

function spanText({ startDate, endDate }: ElementInstance, now: Date): string {
  const start = timeText(startDate, now);
  if (endDate === null) return `since ${start}`;
  const end = timeText(endDate, now);
  return start === end ? start : `${start} to ${end}`;
}

/** The older key first, within a partition; keys are too long for numbers. */
function compareKeys(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
