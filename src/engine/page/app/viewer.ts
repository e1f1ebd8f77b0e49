/** The door to bpmn-js, which the page loads as a script of its own: what is used of it, and nothing else. */
import type { BpmnDiagram, BpmnNode } from './file-model';

interface Canvas {
  zoom(scale: number | 'fit-viewport', center?: 'auto'): number;
  zoom(): number;
  resized(): void;
  addMarker(element: string, marker: string): void;
  removeMarker(element: string, marker: string): void;
}

interface Overlays {
  add(
    element: string,
    type: string,
    overlay: {
      readonly position: Readonly<Partial<Record<'top' | 'left' | 'right' | 'bottom', number>>>;
      readonly scale: { readonly min: number; readonly max: number };
      readonly html: HTMLElement;
    },
  ): string;
  remove(filter: { readonly type: string }): void;
}

interface Shape {
  readonly id: string;
}

interface Services {
  readonly canvas: Canvas;
  readonly overlays: Overlays;
  readonly elementRegistry: { get(id: string): Shape | undefined };
  readonly eventBus: {
    on(event: 'element.click', listener: (event: { readonly element: Shape }) => void): void;
  };
  readonly moddle: { fromXML(xml: string): Promise<{ readonly rootElement: BpmnNode }> };
}

export interface Viewer {
  get<Name extends keyof Services>(name: Name): Services[Name];
  importDefinitions(definitions: BpmnNode, diagram: BpmnDiagram): Promise<unknown>;
  clear(): void;
}

// eslint-disable-next-line @typescript-eslint/naming-convention -- the name that the viewer's own script gives it
declare const BpmnJS: new (options: { readonly container: HTMLElement }) => Viewer;

export function createViewer(container: HTMLElement): Viewer {
  return new BpmnJS({ container });
}
