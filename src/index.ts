/** What other programs may build on: FEEL as Camunda evaluates it, and the wired worker with its ports (docs/architecture.md). */
export { evaluate, evaluateJson, FeelError, parseContext, prepare } from './feel/index';
export { createConnectors } from './connectors';
export { ConfigError, readConfig, type Config } from './config';
export { ConnectorError, type Cause } from './errors';
export { BrokerError, type ActivationRequest, type Broker } from './broker/broker';
export { RestBroker } from './broker/rest-broker';
export { createHttpExecutor } from './http/execute';
export type { HttpExecute, HttpRequest, HttpResponse } from './http/request';
export type { Connector, Job, JobCommand } from './job/job';
export type { Ledger } from './ledger/ledger';
export { openLedger } from './ledger/open-ledger';
export { createLogger, type Logger } from './logger';
export type { SecretSource } from './secrets/secret-source';
export { createWorker, type Worker, type WorkerParts } from './worker';
