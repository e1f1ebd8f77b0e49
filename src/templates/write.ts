/**
 * `npm run templates`: writes element-templates/*.json and the copy of each version. With `--check` nothing is written;
 * it fails when a committed file differs from what the operations give, or a template changed under its old version.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { operations } from '../operations/registry';
import { azureOpenai } from '../providers/azure-openai';
import { openai } from '../providers/openai';
import { buildTemplate, templateFile } from './build';
import { templateVersions } from './versions';

const folder = join(process.cwd(), 'element-templates');
const check = process.argv.includes('--check');

function read(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** @returns what is wrong, if anything */
function settle(path: string, text: string): string | undefined {
  if (read(path) === text) return undefined;
  if (check) return `${path} is not up to date. Run npm run templates.`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return undefined;
}

const faults: string[] = [];
for (const provider of [openai, azureOpenai]) {
  const version = templateVersions[provider.id];
  const text = `${JSON.stringify(buildTemplate({ version, provider, operations }), undefined, 2)}\n`;
  const kept = join(folder, 'versioned', `${provider.id}-${version}.json`);
  const before = read(kept);
  if (before !== undefined && before !== text) {
    faults.push(
      `The template of ${provider.label} changed, but version ${version} exists already. Raise its version in src/templates/versions.ts.`,
    );
    continue;
  }
  const found = [settle(kept, text), settle(join(folder, templateFile(provider.id)), text)];
  faults.push(...found.filter((fault) => fault !== undefined));
}
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
