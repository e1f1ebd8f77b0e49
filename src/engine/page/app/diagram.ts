/** The diagram of a process with its marks on it; without a picture in the file, a table of its elements. */
import { make } from './dom';
import { drawTable } from './elements-table';
import { diagramOf, readModel, type ShownProcess } from './file-model';
import { takenFlows, type ElementMark, type JobMark, type Marks } from './marks';
import { createViewer, type Viewer } from './viewer';

const badgeType = 'engine-badge';
const markers = ['is-active', 'is-done', 'is-cancelled', 'has-incident'] as const;
const takenMarker = 'is-taken';
const selectedMarker = 'is-selected';
const noPicture = 'This process has no diagram in its file: here are its elements.';
const partial = 'There is too much to count all of it here: the numbers are lower than the truth.';
/** Badges shrink with the diagram, but stay readable. */
const badgeScale = { min: 0.75, max: 1.25 };
const zoomStep = 1.25;

interface DiagramPlace {
  readonly canvas: HTMLElement;
  readonly table: HTMLElement;
  readonly note: HTMLElement;
}

export class DiagramView {
  readonly #place: DiagramPlace;
  readonly #onSelect: (elementId: string | undefined) => void;
  readonly #viewer: Viewer;
  #model: ShownProcess | undefined;
  #isDrawn = false;
  #shown = '';
  #marked: string[] = [];
  #selected: string | undefined;
  #isMoved = false;

  /** @param onSelect told the id of the element that was clicked, or undefined for the space between */
  constructor(place: DiagramPlace, onSelect: (elementId: string | undefined) => void) {
    this.#place = place;
    this.#onSelect = onSelect;
    this.#viewer = createViewer(place.canvas);
    this.#viewer.get('eventBus').on('element.click', ({ element }) => {
      const id = element.id.replace(/_label$|_plane$/, '');
      this.#onSelect(this.#model?.elements.some((one) => one.id === id) ? id : undefined);
    });
    place.canvas.addEventListener('wheel', () => (this.#isMoved = true), { passive: true });
    place.canvas.addEventListener('pointerdown', () => (this.#isMoved = true));
    new ResizeObserver(() => this.#resized()).observe(place.canvas);
  }

  /** @throws Error (rejects) when the file is not BPMN */
  async open(xml: string, processId: string): Promise<void> {
    const { rootElement: definitions } = await this.#viewer.get('moddle').fromXML(xml);
    this.#model = readModel(definitions, processId);
    const diagram = diagramOf(definitions, processId);
    this.#forgetMarks();
    const { canvas, table } = this.#place;
    // Also while it draws: without a size it would compute with zero.
    canvas.hidden = diagram === undefined;
    this.#isDrawn = diagram !== undefined && (await this.#draw(definitions, diagram));
    canvas.hidden = !this.#isDrawn;
    table.hidden = this.#isDrawn;
    this.fit();
  }

  async #draw(...args: Parameters<Viewer['importDefinitions']>): Promise<boolean> {
    try {
      this.#viewer.get('canvas').resized();
      await this.#viewer.importDefinitions(...args);
      return true;
    } catch {
      // A picture that does not fit its process; the process itself can still be told in words.
      this.#viewer.clear();
      return false;
    }
  }

  /** @param isPartial there are more tokens or jobs than have been counted */
  show(marks: Marks, isPartial: boolean, selected: string | undefined): void {
    const key = JSON.stringify([[...marks], isPartial, selected]);
    if (this.#model === undefined || key === this.#shown) return;
    this.#shown = key;
    const notes = [this.#isDrawn ? '' : noPicture, isPartial ? partial : ''];
    this.#place.note.textContent = notes.join(' ').trim();
    if (this.#isDrawn) this.#markDrawing(this.#model, marks, selected);
    else drawTable(this.#place.table, this.#model.elements, marks, selected, this.#onSelect);
  }

  fit(): void {
    this.#isMoved = false;
    if (this.#canBeSeen()) this.#viewer.get('canvas').zoom('fit-viewport', 'auto');
  }

  zoom(direction: 1 | -1): void {
    if (!this.#canBeSeen()) return;
    this.#isMoved = true;
    const canvas = this.#viewer.get('canvas');
    canvas.zoom(canvas.zoom() * zoomStep ** direction, 'auto');
  }

  /** A canvas without size would be zoomed to nothing, for good. */
  #canBeSeen(): boolean {
    return this.#isDrawn && this.#place.canvas.clientWidth > 0 && this.#place.canvas.clientHeight > 0;
  }

  #resized(): void {
    if (!this.#canBeSeen()) return;
    this.#viewer.get('canvas').resized();
    if (!this.#isMoved) this.fit();
  }

  #forgetMarks(): void {
    this.#shown = '';
    this.#marked = [];
    this.#selected = undefined;
  }

  #markDrawing(model: ShownProcess, marks: Marks, selected: string | undefined): void {
    const canvas = this.#viewer.get('canvas');
    const registry = this.#viewer.get('elementRegistry');
    for (const id of this.#marked)
      for (const marker of [...markers, takenMarker]) canvas.removeMarker(id, marker);
    this.#viewer.get('overlays').remove({ type: badgeType });
    this.#marked = [];
    const mark = (id: string, marker: string): void => {
      canvas.addMarker(id, marker);
      this.#marked.push(id);
    };
    for (const [id, elementMark] of marks) {
      if (registry.get(id) === undefined) continue;
      mark(id, markerOf(elementMark));
      this.#addBadges(id, elementMark);
    }
    for (const id of takenFlows(model.flows, model.choosing, marks))
      if (registry.get(id) !== undefined) mark(id, takenMarker);
    this.#select(selected);
  }

  #select(selected: string | undefined): void {
    const canvas = this.#viewer.get('canvas');
    const registry = this.#viewer.get('elementRegistry');
    if (this.#selected !== undefined) canvas.removeMarker(this.#selected, selectedMarker);
    this.#selected = selected !== undefined && registry.get(selected) ? selected : undefined;
    if (this.#selected !== undefined) canvas.addMarker(this.#selected, selectedMarker);
  }

  #addBadges(id: string, { tokens, incidents, jobs }: ElementMark): void {
    const overlays = this.#viewer.get('overlays');
    const add = (html: HTMLElement, position: Parameters<typeof overlays.add>[2]['position']): void => {
      overlays.add(id, badgeType, { html, position, scale: badgeScale });
    };
    if (tokens > 0) add(tokenBadge(tokens), { bottom: 12, left: -12 });
    const failed = jobs.filter(({ condition }) => condition === 'failed');
    if (incidents > 0) add(incidentBadge(incidents, failed), { top: -12, right: 12 });
    // Those that have failed are the incidents.
    const atWork = jobs.filter(({ condition }) => condition !== 'failed');
    if (atWork.length > 0) add(jobBadge(atWork), { top: -12, left: -12 });
  }
}

function markerOf({ tokens, incidents, completed }: ElementMark): (typeof markers)[number] {
  if (incidents > 0) return 'has-incident';
  if (tokens > 0) return 'is-active';
  return completed > 0 ? 'is-done' : 'is-cancelled';
}

function tokenBadge(count: number): HTMLElement {
  const title = count === 1 ? 'Active here' : `Active here ${count} times`;
  return make('span', { class: 'badge badge-token', title }, String(count));
}

function incidentBadge(count: number, jobs: readonly JobMark[]): HTMLElement {
  const title = [count === 1 ? 'An incident' : `${count} incidents`, ...sentencesOf(jobs)];
  return make(
    'span',
    { class: 'badge badge-incident', title: title.join('\n') },
    count === 1 ? '!' : `! ${count}`,
  );
}

function jobBadge(jobs: readonly JobMark[]): HTMLElement {
  const label = jobs.map(({ condition, count }) => (count === 1 ? condition : `${count} ${condition}`));
  const title = sentencesOf(jobs).join('\n');
  return make('span', { class: `badge badge-job job-${jobs[0]?.condition ?? ''}`, title }, label.join(', '));
}

function sentencesOf(jobs: readonly JobMark[]): readonly string[] {
  return jobs.flatMap(({ sentences }) => sentences);
}
