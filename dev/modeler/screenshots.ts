/** Pictures of the templates in the real panel, for the docs: `node dev/run.mjs dev/modeler/screenshots.ts`. */
import { mkdirSync } from 'node:fs';
import { operations } from '../../src/operations/registry';
import { openai } from '../../src/providers/openai';
import { buildTemplate, templateId } from '../../src/templates/build';
import { templateVersions } from '../../src/templates/versions';
import { findChromium, openModeler } from './modeler';

const folder = 'docs/images';

async function main(): Promise<void> {
  const browser = findChromium(process.env);
  if (browser === undefined)
    throw new Error('Install Chromium, or say where it is: CHROMIUM=/path/to/chromium');
  mkdirSync(folder, { recursive: true });
  const template = buildTemplate({ version: templateVersions.openai, provider: openai, operations });
  const modeler = await openModeler(browser, [template]);
  try {
    await modeler.applyPreset(templateId('openai'), 'chatCompletion', {
      'input.prompt': '="Sum up in one sentence: " + document',
    });
    await modeler.page.waitForTimeout(500);
    await modeler.page.screenshot({ path: `${folder}/panel.png` });
  } finally {
    await modeler.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
