/** All examples, as files. */
import { basicExamples } from './basic';
import { businessExamples } from './business';
import { operationExamples } from './operations';
import { processXml } from './process';

export const examples = [...basicExamples, ...operationExamples, ...businessExamples];

/** Paths are relative to the repository. Pure. */
export function exampleFiles(): { readonly path: string; readonly text: string }[] {
  return examples.flatMap(({ name, process, demo }) => [
    { path: `bpmn-examples/${name}.bpmn`, text: processXml(process) },
    { path: `bpmn-examples/${name}.demo.json`, text: `${JSON.stringify(demo, undefined, 2)}\n` },
  ]);
}
