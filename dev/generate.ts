/**
 * `npm run generate`: writes element-templates/, the generated pages of docs/ and bpmn-examples/. `npm run generate --
 * templates` (or docs, examples) writes a part. With `--check` nothing is written; it fails when a committed file differs.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { docFiles } from './docs/all';
import { exampleFiles } from './examples/all';
import type { GeneratedFile } from './generated-file';
import { templateFiles } from './templates';

const parts: Readonly<Record<string, () => readonly GeneratedFile[]>> = {
  templates: templateFiles,
  docs: docFiles,
  examples: exampleFiles,
};

/** @returns what is wrong, as sentences */
function generate(names: readonly string[], check: boolean): string[] {
  const unknown = names.find((name) => !Object.hasOwn(parts, name));
  if (unknown !== undefined)
    return [`There is no part ${unknown}; there are ${Object.keys(parts).join(', ')}.`];
  const chosen = names.length === 0 ? Object.values(parts) : names.map((name) => parts[name]!);
  const files = chosen.flatMap((part) => part());
  const stale = files.filter(({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
  const broken = stale.flatMap(({ path, frozen }) =>
    frozen !== undefined && existsSync(path) ? [frozen] : [],
  );
  if (broken.length > 0) return broken;
  if (check)
    return stale.map(({ path }) => `${path} is not up to date. Run npm run generate and commit the result.`);
  for (const { path, text } of stale) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return [];
}

const given = process.argv.slice(2);
const faults = generate(
  given.filter((one) => one !== '--check'),
  given.includes('--check'),
);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
