/** `npm run docs`: writes the generated pages; with `--check` it fails when a committed page differs. */
import { readFileSync, writeFileSync } from 'node:fs';
import * as compatibility from './compatibility';
import * as configuration from './configuration';
import * as operations from './operations';

const generators = [compatibility, configuration, operations];
const check = process.argv.includes('--check');
const stale: string[] = [];

for (const { path, text } of generators.flatMap((generator) => generator.generate())) {
  if (!check) writeFileSync(path, text);
  else if (read(path) !== text) stale.push(path);
}
if (stale.length > 0) {
  console.error(`Not up to date: ${stale.join(', ')}. Run npm run docs and commit the result.`);
  process.exitCode = 1;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
