/** The processes of bpmn-examples/ that can be shown: each .bpmn with a .demo.json beside it that says how it is started and what should come of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const expectationSchema = z.strictObject({
  outcome: z.enum(['completed', 'incident']),
  /** Variables of the process at the end; nested objects need to hold only what is named. Not compared with a real API. */
  variables: z.record(z.string(), z.unknown()).default({}),
  /** Ids of elements that the process must have passed. Not compared with a real API. */
  elements: z.array(z.string()).default([]),
  /** Part of the incident's message. */
  message: z.string().optional(),
});

const demoSchema = z.strictObject({
  description: z.string(),
  variables: z.record(z.string(), z.unknown()).default({}),
  expect: expectationSchema,
});

export type Expectation = z.infer<typeof expectationSchema>;

export interface Example {
  /** File name without ending. */
  readonly name: string;
  readonly bpmnFile: string;
  readonly processId: string;
  readonly description: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly expect: Expectation;
}

/**
 * @param replacements values for `${name}` in texts of the start variables
 * @throws Error that names the file and what is wrong in it
 */
export function readExamples(folder: string, replacements: Readonly<Record<string, string>>): Example[] {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.demo.json'))
    .map((file) => file.slice(0, -'.demo.json'.length))
    .sort();
  return names.map((name) => {
    const file = join(folder, `${name}.demo.json`);
    const parsed = demoSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
    const bpmnFile = join(folder, `${name}.bpmn`);
    const { description, variables, expect } = parsed.data;
    return {
      name,
      bpmnFile,
      processId: processIdIn(readFileSync(bpmnFile, 'utf8'), bpmnFile),
      description,
      variables: replaceIn(variables, replacements) as Record<string, unknown>,
      expect,
    };
  });
}

function processIdIn(bpmn: string, file: string): string {
  const [, id] = /<(?:\w+:)?process\s[^>]*?\bid="([^"]+)"/.exec(bpmn) ?? [];
  if (id === undefined) throw new Error(`${file} holds no process.`);
  return id;
}

function replaceIn(value: unknown, replacements: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{(\w+)\}/g, (whole, name: string) => replacements[name] ?? whole);
  }
  if (Array.isArray(value)) return value.map((item) => replaceIn(item, replacements));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, replaceIn(item, replacements)]),
  );
}
