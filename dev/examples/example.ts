/** What an example is made of, and short words for its parts. Pure. */
import { operations } from '../../src/operations/registry';
import { azureOpenai } from '../../src/providers/azure-openai';
import { openai } from '../../src/providers/openai';
import { buildTemplate } from '../../src/templates/build';
import { templateVersions } from '../../src/templates/versions';
import { applyTemplate, type Filled } from './apply-template';
import type { Node, Process } from './process';

/** How the demo starts the process and what should come of it. */
export interface Demo {
  readonly description: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly expect: {
    readonly outcome: 'completed' | 'incident';
    readonly variables?: Readonly<Record<string, unknown>>;
    readonly elements?: readonly string[];
    readonly message?: string;
  };
}

export interface Example {
  /** File name without ending. */
  readonly name: string;
  readonly process: Process;
  readonly demo: Demo;
}

type At = readonly [column: number, row: number];

const templates = {
  openai: buildTemplate({ version: templateVersions.openai, provider: openai, operations }),
  'azure-openai': buildTemplate({
    version: templateVersions['azure-openai'],
    provider: azureOpenai,
    operations,
  }),
};

export const start = (name: string): Node => ({ kind: 'start', id: 'start', name, at: [0, 0] });
export const end = (id: string, name: string, at: At): Node => ({ kind: 'end', id, name, at });
export const gateway = (id: string, name: string, at: At): Node => ({ kind: 'exclusive', id, name, at });
export const userTask = (id: string, name: string, at: At): Node => ({ kind: 'user', id, name, at });
export const boundary = (id: string, name: string, on: string, errorCode: string): Node => ({
  kind: 'boundary',
  id,
  name,
  on,
  errorCode,
});

/** A task with one of our templates. */
export function connector(
  provider: keyof typeof templates,
  id: string,
  name: string,
  at: At,
  filled: Filled,
): Node {
  const template = templates[provider];
  return { kind: 'service', id, name, at, template, extensions: applyTemplate(template, filled) };
}

/** A path through the elements in the order given. */
export function path(...ids: readonly string[]): { readonly from: string; readonly to: string }[] {
  return ids.slice(1).map((to, index) => ({ from: ids[index]!, to }));
}
