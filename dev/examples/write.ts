/** Writes bpmn-examples/ anew: `node dev/run.mjs dev/examples/write.ts`. A unit test compares the committed files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { exampleFiles } from './all';

mkdirSync('bpmn-examples', { recursive: true });
for (const { path, text } of exampleFiles()) writeFileSync(path, text);
