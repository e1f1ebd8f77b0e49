/** docs/configuration.md, from the schema of the environment. */
import { describeConfig } from '../../src/config';
import type { GeneratedFile } from '../generated-file';

const cell = (text: string): string => text.replaceAll('|', '\\|');

export function generate(): GeneratedFile[] {
  const rows = describeConfig().map(
    ({ name, default: fallback, description }) =>
      `| \`${name}\` | ${fallback === '' ? '' : `\`${cell(fallback)}\``} | ${cell(description)} |`,
  );
  const text = `# Configuration

Generated from \`src/config.ts\`; change it there and run \`npm run generate\`.

All settings are environment variables; a \`.env\` file in the working directory is read too, for development. Durations are
ISO-8601 (\`PT30S\`) or milliseconds (\`30000\`). An empty variable counts as absent. A wrong value, and a \`CONNECTOR_\`
variable that does not exist, stop the start with a line that names variable, value and remedy.

## The worker

| variable | default | meaning |
|---|---|---|
${rows.join('\n')}

## The cluster

Read by \`@camunda8/sdk\`, under the names that all Camunda clients share.

| variable | meaning |
|---|---|
| \`ZEEBE_REST_ADDRESS\` | Base URL of the cluster's REST API, without \`/v2\`; default \`http://localhost:8080\`. |
| \`CAMUNDA_AUTH_STRATEGY\` | \`NONE\` (default), \`OAUTH\`, \`BASIC\`, \`BEARER\` or \`COOKIE\`. |
| \`ZEEBE_CLIENT_ID\`, \`ZEEBE_CLIENT_SECRET\`, \`CAMUNDA_OAUTH_URL\`, \`ZEEBE_TOKEN_AUDIENCE\`, \`CAMUNDA_TOKEN_SCOPE\` | For \`OAUTH\`; chosen by itself when URL, id and secret are set. |
| \`CAMUNDA_TOKEN_DISK_CACHE_DISABLE\` | Set it to \`true\` where the file system is read-only: the SDK keeps tokens in \`$HOME/.camunda\` otherwise. |
| \`CAMUNDA_BASIC_AUTH_USERNAME\`, \`CAMUNDA_BASIC_AUTH_PASSWORD\` | For \`BASIC\`. |
| \`CAMUNDA_OAUTH_TOKEN\` | For \`BEARER\`. |
| \`CAMUNDA_CUSTOM_ROOT_CERT_PATH\`, \`CAMUNDA_CUSTOM_CERT_CHAIN_PATH\`, \`CAMUNDA_CUSTOM_PRIVATE_KEY_PATH\` | A certificate authority of your own, and a client certificate with its key (PEM files). |

## Secrets

A task names a secret as \`{{secrets.NAME}}\`. Its value is the variable \`SECRET_NAME\`, or else the file \`NAME\` in
\`CONNECTOR_SECRETS_DIR\`. Values never appear in logs, error messages or metrics.

## Calls to APIs

| variable | meaning |
|---|---|
| \`HTTP_PROXY\`, \`HTTPS_PROXY\`, \`NO_PROXY\` | Proxy for all calls. |
| \`CONNECTOR_HTTP_PROXY_HOST\`, \`_PORT\`, \`_SCHEME\`, \`_USER\`, \`_PASSWORD\`, the same as \`CONNECTOR_HTTPS_PROXY_*\`, \`CONNECTOR_HTTP_NON_PROXY_HOSTS\` | Proxy for jobs of Camunda's REST connector, under its official names. |
| \`CAMUNDA_CONNECTOR_HTTP_BLOCK_URL_<NAME>\`, \`..._PORT_<NAME>\`, \`..._REGEX_<NAME>\` | Addresses that jobs of Camunda's REST connector may not call, under their official names. |
| \`NODE_EXTRA_CA_CERTS\` | File with further certificate authorities. |
`;
  return [{ path: 'docs/configuration.md', text }];
}
