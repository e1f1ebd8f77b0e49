/** The elements of a BPMN file as the parser gives them, and how their parts are reached. */
import type { Expression } from './process';

/** An element of the file, of whatever type. Attributes are reached by the functions below. */
export interface FileNode {
  /** Such as `bpmn:ServiceTask` or `zeebe:TaskDefinition`. */
  readonly $type: string;
  readonly $parent?: FileNode;
  readonly id?: string;
  readonly name?: string;
}

/** An attribute or a reference of an element. */
function member(node: FileNode, name: string): unknown {
  return (node as unknown as Readonly<Record<string, unknown>>)[name];
}

/** A text attribute. One that is empty counts as absent: the Modeler writes such for fields that were cleared. */
export function textOf(node: FileNode | undefined, name: string): string | undefined {
  const value = node === undefined ? undefined : member(node, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function booleanOf(node: FileNode | undefined, name: string): boolean | undefined {
  const value = node === undefined ? undefined : member(node, name);
  return typeof value === 'boolean' ? value : undefined;
}

/** A child or a referred element; absent also when the reference leads nowhere. */
export function nodeOf(node: FileNode | undefined, name: string): FileNode | undefined {
  const value = node === undefined ? undefined : member(node, name);
  return typeof value === 'object' && value !== null ? (value as FileNode) : undefined;
}

export function nodesOf(node: FileNode | undefined, name: string): readonly FileNode[] {
  const value = node === undefined ? undefined : member(node, name);
  return Array.isArray(value) ? (value as readonly FileNode[]) : [];
}

/** The text inside an element, such as a condition, without white space around it. */
export function bodyOf(node: FileNode | undefined, name: string): string | undefined {
  const body = textOf(nodeOf(node, name), 'body')?.trim();
  return body === '' ? undefined : body;
}

/** All extension elements of a type, such as `zeebe:Input`. */
export function extensionsOf(node: FileNode | undefined, type: string): readonly FileNode[] {
  return nodesOf(nodeOf(node, 'extensionElements'), 'values').filter(({ $type }) => $type === type);
}

export function extensionOf(node: FileNode | undefined, type: string): FileNode | undefined {
  return extensionsOf(node, type)[0];
}

/** What a text of the model is: FEEL behind `=`, else the text itself. */
export function toExpression(text: string): Expression {
  return text.startsWith('=') ? { feel: true, text: text.slice(1) } : { feel: false, text };
}

/** Stands where a text is missing: the checks have told of it, and nothing is run. */
export const noText: Expression = { feel: false, text: '' };

/** An expression as it is written in the file. */
export function writtenOf({ feel, text }: Expression): string {
  return feel ? `=${text}` : text;
}

export function expressionOf(node: FileNode | undefined, name: string): Expression | undefined {
  const text = textOf(node, name);
  return text === undefined ? undefined : toExpression(text);
}

/** The same members without those that are undefined. */
export function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};
