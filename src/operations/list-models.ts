import { defineOperation } from './kit/operation';
import { listOf, member, textOf } from './kit/reply';
import { oneExample } from './kit/samples';

export const listModels = defineOperation({
  id: 'listModels',
  label: 'List models',
  summary: 'Names all models the account or resource may use.',
  keywords: ['models', 'list models', 'available models'],
  documentation: {
    openai: 'https://platform.openai.com/docs/api-reference/models/list',
    'azure-openai': 'https://learn.microsoft.com/rest/api/azureopenai/models/list',
  },
  sources: ['Prismatic'],
  input: {},
  resultExpression: '={models: response.json}',
  examples: oneExample({}),
  toCall: () => ({ method: 'GET', path: '/models', perDeployment: false }),
  read(reply) {
    const ids = listOf(reply.object()['data']).map((model) => textOf(member(model, 'id')) ?? '');
    return { json: ids.filter((id) => id !== '').sort() };
  },
});
