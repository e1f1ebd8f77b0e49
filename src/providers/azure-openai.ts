/** Azure OpenAI: dated API versions with the deployment in the path, `v1` with it in the body; key or Entra ID. */
import { inputError } from '../errors';
import { choice, fieldset, object, secretPattern, text, type Checked } from '../fields/fields';
import { headerLines, headerText, joinUrl, readAddress } from '../fields/http-parts';
import { defineProvider, type Authentication } from './provider';

const exampleEndpoint = 'https://my-resource.openai.azure.com';
/** The audience of tokens differs between the two generations of the API. */
const datedScope = 'https://cognitiveservices.azure.com/.default';
const v1Scope = 'https://ai.azure.com/.default';

const when = (...types: string[]) => ({ field: 'authentication.type', oneOf: types });

const authenticationShape = {
  type: choice(
    {
      apiKey: 'API key',
      clientCredentials: 'Entra ID: client credentials',
      defaultCredential: 'Entra ID: identity of the worker',
      bearer: 'Bearer token',
    },
    {
      label: 'Authentication',
      group: 'connection',
      default: 'apiKey',
      tooltip:
        'Entra ID needs the role <em>Cognitive Services OpenAI User</em> on the resource. The identity of the worker is its managed identity, workload identity or <code>AZURE_*</code> variables.',
    },
  ),
  apiKey: text({
    label: 'API key',
    group: 'connection',
    required: 'template',
    secret: true,
    when: when('apiKey'),
    pattern: secretPattern,
    preset: '{{secrets.AZURE_OPENAI_API_KEY}}',
    description: 'A secret of the worker: <code>{{secrets.NAME}}</code>. Never type the key itself.',
  }),
  token: text({
    label: 'Bearer token',
    group: 'connection',
    required: 'template',
    secret: true,
    when: when('bearer'),
    pattern: secretPattern,
    preset: '{{secrets.AZURE_OPENAI_TOKEN}}',
    tooltip: 'A token that something else fetches and renews.',
  }),
  tenantId: text({
    label: 'Tenant ID',
    group: 'connection',
    required: 'template',
    secret: true,
    when: when('clientCredentials'),
    preset: '{{secrets.AZURE_TENANT_ID}}',
  }),
  clientId: text({
    label: 'Client ID',
    group: 'connection',
    required: 'template',
    secret: true,
    when: when('clientCredentials'),
    preset: '{{secrets.AZURE_CLIENT_ID}}',
  }),
  clientSecret: text({
    label: 'Client secret',
    group: 'connection',
    required: 'template',
    secret: true,
    when: when('clientCredentials'),
    pattern: secretPattern,
    preset: '{{secrets.AZURE_CLIENT_SECRET}}',
  }),
  managedIdentityClientId: text({
    label: 'Client ID of the managed identity',
    group: 'connectionDetails',
    secret: true,
    when: when('defaultCredential'),
    tooltip: 'Only for a user-assigned identity.',
  }),
  scope: text({
    label: 'Scope of the token',
    group: 'connectionDetails',
    when: when('clientCredentials', 'defaultCredential'),
    placeholder: v1Scope,
    tooltip: `Empty: <code>${v1Scope}</code> for v1, <code>${datedScope}</code> for dated API versions.`,
  }),
  authorityHost: text({
    label: 'Authority',
    group: 'connectionDetails',
    when: when('clientCredentials'),
    placeholder: 'https://login.microsoftonline.com',
    tooltip: 'Only for other clouds, e.g. <code>https://login.microsoftonline.us</code>.',
  }),
};

const connectionShape = {
  endpoint: text({
    label: 'Endpoint',
    group: 'connection',
    required: 'template',
    secret: true,
    placeholder: exampleEndpoint,
    preset: '{{secrets.AZURE_OPENAI_ENDPOINT}}',
    tooltip:
      'As the Azure portal shows it, e.g. <code>https://my-resource.openai.azure.com</code> or <code>https://my-resource.services.ai.azure.com</code>; a gateway works too.',
  }),
  resourceName: text({
    label: 'Resource name',
    group: 'connection',
    hidden: true,
    secret: true,
    tooltip: 'Instead of the endpoint: the name before <code>.openai.azure.com</code>.',
  }),
  authentication: fieldset(authenticationShape),
  deployment: text({
    label: 'Deployment',
    group: 'request',
    required: 'template',
    standsForModel: true,
    secret: true,
    placeholder: 'my-gpt-5-mini',
    tooltip: 'The name you gave the model when you deployed it, not the name of the model.',
  }),
  apiVersion: text({
    label: 'API version',
    group: 'connectionDetails',
    default: 'v1',
    placeholder: 'v1',
    tooltip:
      '<code>v1</code> (no dates any more), or a dated version such as <code>2024-10-21</code> for older resources and gateways.',
  }),
  headers: object({
    label: 'Extra headers',
    group: 'connectionDetails',
    secret: true,
    tooltip: 'For gateways: <code>={"Ocp-Apim-Subscription-Key": "{{secrets.APIM_KEY}}"}</code>',
  }),
};
type AzureConnection = Checked<typeof connectionShape>;
type AzureAuthentication = Checked<typeof authenticationShape>;

export const azureOpenai = defineProvider({
  id: 'azure-openai',
  label: 'Azure OpenAI',
  connection: connectionShape,
  connect(connection, defaultBaseUrl) {
    const apiVersion = readApiVersion(connection.apiVersion);
    const base = `${readEndpoint(connection, defaultBaseUrl)}/openai`;
    const { deployment } = connection;
    return {
      target: {
        provider: 'azure-openai',
        apiVersion,
        deployment,
      },
      urlOf(call) {
        if (call.perDeployment && deployment === undefined) {
          throw inputError(
            'Field "Deployment" (connection.deployment) is empty. Put in the name under which the model is deployed in Azure.',
          );
        }
        const query = call.query ?? [];
        if (apiVersion === undefined) return joinUrl(`${base}/v1`, call.path, query);
        const path = call.perDeployment
          ? `/deployments/${encodeURIComponent(deployment!)}${call.path}`
          : call.path;
        return joinUrl(base, path, [...query, ['api-version', apiVersion]]);
      },
      headers: headerLines(connection.headers, 'Field "Extra headers" (connection.headers)'),
      authentication: readAuthentication(connection.authentication, apiVersion),
    };
  },
});

/** @returns undefined for v1 */
function readApiVersion(given: string): string | undefined {
  const version = given.trim();
  if (/^v1$/i.test(version)) return undefined;
  if (/^\d{4}-\d{2}-\d{2}(-preview)?$/.test(version)) return version;
  throw inputError(
    `Field "API version" (connection.apiVersion) must be v1 or a date such as 2024-10-21 or 2025-04-01-preview, but is "${version}".`,
  );
}

/** What people paste: a name, the endpoint, the whole URL of an operation, a project's address. @returns everything before `/openai` */
function readEndpoint(connection: AzureConnection, defaultBaseUrl: string | undefined): string {
  const { endpoint, resourceName } = connection;
  if (endpoint !== undefined && resourceName !== undefined) {
    throw inputError('Give either connection.endpoint or connection.resourceName, not both.');
  }
  const name = resourceName ?? endpoint;
  if (name !== undefined && /^[A-Za-z0-9][A-Za-z0-9-]*$/.test(name.trim())) {
    return `https://${name.trim()}.openai.azure.com`;
  }
  if (resourceName !== undefined) {
    throw inputError(
      `Field "Resource name" (connection.resourceName) may hold letters, digits and - only. For a whole address use connection.endpoint.`,
    );
  }
  const address = endpoint ?? defaultBaseUrl;
  if (address === undefined) {
    throw inputError(
      `Field "Endpoint" (connection.endpoint) is empty. Put in the address of the resource, such as ${exampleEndpoint}.`,
    );
  }
  const url = readAddress(address, 'Field "Endpoint" (connection.endpoint)', exampleEndpoint);
  const path = url.pathname
    .replace(/\/openai(\/.*)?$/, '')
    .replace(/\/api\/projects\/.*$/, '')
    .replace(/\/+$/, '');
  return url.origin + path;
}

function readAuthentication(
  authentication: AzureAuthentication,
  apiVersion: string | undefined,
): Authentication {
  const { type } = authentication;
  const need = (name: keyof typeof authenticationShape, label: string): string => {
    const value = authentication[name];
    if (value !== undefined) return value;
    throw inputError(
      `Field "${label}" (connection.authentication.${name}) is empty; the authentication "${type}" needs it.`,
    );
  };
  switch (type) {
    case 'apiKey':
      return {
        kind: 'header',
        name: 'api-key',
        value: headerText(need('apiKey', 'API key'), 'Field "API key" (connection.authentication.apiKey)'),
      };
    case 'bearer': {
      const token = headerText(
        need('token', 'Bearer token'),
        'Field "Bearer token" (connection.authentication.token)',
      );
      return { kind: 'header', name: 'Authorization', value: `Bearer ${token}` };
    }
    case 'clientCredentials':
      return {
        kind: 'token',
        request: {
          kind: 'clientCredentials',
          tenantId: need('tenantId', 'Tenant ID'),
          clientId: need('clientId', 'Client ID'),
          clientSecret: need('clientSecret', 'Client secret'),
          authorityHost: authentication.authorityHost,
          scope: authentication.scope ?? defaultScope(apiVersion),
        },
      };
    case 'defaultCredential':
      return {
        kind: 'token',
        request: {
          kind: 'defaultCredential',
          clientId: authentication.managedIdentityClientId,
          scope: authentication.scope ?? defaultScope(apiVersion),
        },
      };
  }
}

function defaultScope(apiVersion: string | undefined): string {
  return apiVersion === undefined ? v1Scope : datedScope;
}
