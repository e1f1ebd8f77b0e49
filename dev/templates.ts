/** The element templates, as files: the current ones, and the copy of each version. */
import { operations } from '../src/operations/registry';
import { azureOpenai } from '../src/providers/azure-openai';
import { openai } from '../src/providers/openai';
import { buildTemplate, templateFile } from '../src/templates/build';
import { templateVersions } from '../src/templates/versions';
import type { GeneratedFile } from './generated-file';

export function templateFiles(): GeneratedFile[] {
  return [openai, azureOpenai].flatMap((provider): GeneratedFile[] => {
    const version = templateVersions[provider.id];
    const text = `${JSON.stringify(buildTemplate({ version, provider, operations }), undefined, 2)}\n`;
    const frozen = `The template of ${provider.label} changed under its old version ${version}. Raise its version in src/templates/versions.ts and run npm run generate.`;
    return [
      { path: `element-templates/versioned/${provider.id}-${version}.json`, text, frozen },
      { path: `element-templates/${templateFile(provider.id)}`, text },
    ];
  });
}
