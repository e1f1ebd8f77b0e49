/** What the rules of check.ts know of an element beside itself. */
import { isFlow } from './element-types';
import { append } from './group';
import { nodeOf, nodesOf, type FileNode } from './node';

/** A reference that leads nowhere. */
export interface BrokenReference {
  readonly node: FileNode;
  /** The attribute, such as `messageRef`. */
  readonly property: string;
  /** The id that it names. */
  readonly id: string;
}

const none: readonly FileNode[] = [];

/** The flows and boundary events of one process, by the element they belong to, and the file's broken references. */
export class ElementSurroundings {
  readonly #outgoing = new Map<FileNode, FileNode[]>();
  readonly #boundaries = new Map<FileNode, FileNode[]>();
  readonly #broken: ReadonlyMap<FileNode, readonly BrokenReference[]>;

  constructor(process: FileNode, broken: ReadonlyMap<FileNode, readonly BrokenReference[]>) {
    this.#broken = broken;
    this.#add(process);
  }

  outgoing(node: FileNode): readonly FileNode[] {
    return this.#outgoing.get(node) ?? none;
  }

  boundaries(node: FileNode): readonly FileNode[] {
    return this.#boundaries.get(node) ?? none;
  }

  /** The id that an attribute names and the file does not have. */
  missing(node: FileNode, property: string): string | undefined {
    return this.#broken.get(node)?.find((reference) => reference.property === property)?.id;
  }

  #add(scope: FileNode): void {
    for (const node of nodesOf(scope, 'flowElements')) {
      const source = isFlow(node) ? nodeOf(node, 'sourceRef') : undefined;
      if (source !== undefined) append(this.#outgoing, source, node);
      const owner = node.$type === 'bpmn:BoundaryEvent' ? nodeOf(node, 'attachedToRef') : undefined;
      if (owner !== undefined) append(this.#boundaries, owner, node);
      this.#add(node);
    }
  }
}
