/** The connectors that the configuration switches on, by job type. */
import { RE2JS } from 're2js';
import type { Config } from './config';
import type { Connector } from './job/job';
import { azureTokens } from './providers/azure-credentials';
import { azureOpenai } from './providers/azure-openai';
import { openai } from './providers/openai';
import { readBlockList } from './rest-connector/block-list';
import { createRestConnector } from './rest-connector/connector';
import { readProxies } from './rest-connector/proxies';
import { TokenCache } from './rest-connector/token-cache';
import { restInCall } from './retry/policy';
import { createTypedConnector } from './typed/connector';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param environment for the official settings of the REST connector: block list and proxies
 * @param warn        told of entries of the block list that cannot be used
 */
export function createConnectors(
  config: Config,
  environment: Environment,
  warn: (message: string) => void,
): ReadonlyMap<string, Connector> {
  const connectors = new Map<string, Connector>();
  if (config.CONNECTOR_HTTP_REST_ENABLED) {
    connectors.set(config.CONNECTOR_HTTP_REST_TYPE, restConnector(config, environment, warn));
  }
  const maxAnswerBytes = config.CONNECTOR_MAX_ANSWER_SIZE;
  if (config.CONNECTOR_OPENAI_ENABLED) {
    const defaultBaseUrl = config.CONNECTOR_OPENAI_BASE_URL;
    connectors.set(
      config.CONNECTOR_OPENAI_TYPE,
      createTypedConnector(openai, { defaultBaseUrl, maxAnswerBytes }),
    );
  }
  if (config.CONNECTOR_AZURE_OPENAI_ENABLED) {
    connectors.set(
      config.CONNECTOR_AZURE_OPENAI_TYPE,
      createTypedConnector(azureOpenai, { maxAnswerBytes, tokens: azureTokens() }),
    );
  }
  return connectors;
}

function restConnector(config: Config, environment: Environment, warn: (message: string) => void): Connector {
  const { rules, warnings } = readBlockList(environment, (pattern) => {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matches(text);
  });
  warnings.forEach(warn);
  return createRestConnector({
    tokens: new TokenCache({ now: Date.now }),
    blockList: rules,
    proxies: readProxies(environment),
    maxAnswerBytes: config.CONNECTOR_MAX_ANSWER_SIZE,
    maxRetryWaitMs: restInCall.maxWaitMs,
    retryAfter: config.CONNECTOR_HTTP_REST_RETRY_AFTER,
  });
}
