/** OpenAI, and servers that speak its API. */
import { inputError } from '../errors';
import { object, secretPattern, text } from '../fields/fields';
import { headerLines, headerText, joinUrl, readAddress } from '../fields/http-parts';
import { defineProvider } from './provider';

const officialBaseUrl = 'https://api.openai.com/v1';

const connectionShape = {
  apiKey: text({
    label: 'API key',
    group: 'connection',
    required: 'template',
    secret: true,
    pattern: secretPattern,
    preset: '{{secrets.OPENAI_API_KEY}}',
    description: 'A secret of the worker: <code>{{secrets.NAME}}</code>. Never type the key itself.',
  }),
  organization: text({
    label: 'Organization',
    group: 'connectionDetails',
    secret: true,
    placeholder: 'org-...',
    tooltip: 'Only for accounts in several organizations.',
  }),
  project: text({
    label: 'Project',
    group: 'connectionDetails',
    secret: true,
    placeholder: 'proj_...',
    tooltip: 'Only to bill a project that is not the key’s own.',
  }),
  baseUrl: text({
    label: 'Base URL',
    group: 'connectionDetails',
    secret: true,
    placeholder: officialBaseUrl,
    tooltip:
      'Of a gateway or another server that speaks the API of OpenAI, up to and with <code>/v1</code>. Empty: the worker’s default, OpenAI itself if there is none.',
  }),
  headers: object({
    label: 'Extra headers',
    group: 'connectionDetails',
    secret: true,
    tooltip: 'For gateways: <code>={"x-team": "claims"}</code>',
  }),
};

export const openai = defineProvider({
  id: 'openai',
  label: 'OpenAI',
  connection: connectionShape,
  connect(connection, defaultBaseUrl) {
    const given = connection.baseUrl ?? defaultBaseUrl ?? officialBaseUrl;
    const url = readAddress(given, 'Field "Base URL" (connection.baseUrl)', officialBaseUrl);
    const { apiKey } = connection;
    if (apiKey === undefined && url.hostname === 'api.openai.com') {
      throw inputError(
        'Field "API key" (connection.apiKey) is empty. Put in a secret, such as {{secrets.OPENAI_API_KEY}}.',
      );
    }
    const base = url.origin + url.pathname.replace(/\/+$/, '');
    const optional = (name: string, value: string | undefined): [string, string][] =>
      value === undefined ? [] : [[name, headerText(value, `Header ${name}`)]];
    return {
      target: { provider: 'openai', apiVersion: undefined, deployment: undefined },
      urlOf: (call) => joinUrl(base, call.path, [...url.searchParams, ...(call.query ?? [])]),
      headers: [
        ...optional('OpenAI-Organization', connection.organization),
        ...optional('OpenAI-Project', connection.project),
        ...headerLines(connection.headers, 'Field "Extra headers" (connection.headers)'),
      ],
      authentication:
        apiKey === undefined
          ? { kind: 'none' }
          : {
              kind: 'header',
              name: 'Authorization',
              value: `Bearer ${headerText(apiKey, 'Field "API key" (connection.apiKey)')}`,
            },
    };
  },
});
