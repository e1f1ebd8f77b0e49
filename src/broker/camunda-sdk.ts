/**
 * The door to @camunda8/sdk: the cluster's address, certificates and authentication from the usual `ZEEBE_*` and
 * `CAMUNDA_*` variables, in every flavour that Camunda knows. The job protocol itself is ours (rest-broker.ts).
 *
 * The package's main file loads every client it has (44 MB, half a second); the two modules used here are loaded alone,
 * and authentication only when there is any.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as SdkLibrary from '@camunda8/sdk/dist/lib';
import { CamundaEnvironmentConfigurator } from '@camunda8/sdk/dist/lib/Configuration';

export interface ClusterConnection {
  /** Base URL of the REST API, without `/v2`. */
  readonly address: string;
  readonly authHeaders: () => Promise<Record<string, string>>;
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

/**
 * Reads the connection to the cluster from the environment.
 * @throws Error when the SDK finds a setting missing; its message names the variable
 */
export function connectionFromEnvironment(): ClusterConnection {
  const config = CamundaEnvironmentConfigurator.mergeConfigWithEnvironment({});
  const tls = {
    ...fileOption('ca', config.CAMUNDA_CUSTOM_ROOT_CERT_PATH),
    ...(config.CAMUNDA_CUSTOM_ROOT_CERT_STRING ? { ca: config.CAMUNDA_CUSTOM_ROOT_CERT_STRING } : {}),
    ...fileOption('cert', config.CAMUNDA_CUSTOM_CERT_CHAIN_PATH),
    ...fileOption('key', config.CAMUNDA_CUSTOM_PRIVATE_KEY_PATH),
  };
  return {
    address: withScheme(config.ZEEBE_REST_ADDRESS),
    authHeaders: authentication(config),
    ...(Object.keys(tls).length > 0 ? { tls } : {}),
  };
}

type SdkConfig = ReturnType<typeof CamundaEnvironmentConfigurator.mergeConfigWithEnvironment>;

function authentication(config: SdkConfig): () => Promise<Record<string, string>> {
  const oauthImplied = Boolean(
    config.CAMUNDA_OAUTH_URL && config.ZEEBE_CLIENT_ID && config.ZEEBE_CLIENT_SECRET,
  );
  if (config.CAMUNDA_OAUTH_DISABLED || (config.CAMUNDA_AUTH_STRATEGY === 'NONE' && !oauthImplied)) {
    return () => Promise.resolve({});
  }
  // Loaded here, because most of the SDK's weight hangs on it and an open cluster needs none of it.

  const { constructOAuthProvider } = createRequire(__filename)('@camunda8/sdk/dist/lib') as typeof SdkLibrary;
  const provider = constructOAuthProvider(config);
  return async () => {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(await provider.getHeaders('ZEEBE'))) {
      if (typeof value === 'string') headers[name] = value;
    }
    return headers;
  };
}

function fileOption(name: 'ca' | 'cert' | 'key', path: string | undefined): Record<string, string> {
  return path ? { [name]: readFileSync(path, 'utf8') } : {};
}

function withScheme(address: string): string {
  return /^https?:\/\//.test(address) ? address : `http://${address}`;
}
