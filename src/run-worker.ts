/** The worker as a process: configuration, wiring, signals. */
import { config as loadDotenv } from 'dotenv';
import { connectionFromEnvironment } from './broker/camunda-sdk';
import { RestBroker } from './broker/rest-broker';
import { ConfigError, readConfig, type Config } from './config';
import { createConnectors } from './connectors';
import { createHttpExecutor } from './http/execute';
import { LedgerError } from './ledger/ledger';
import { openLedger } from './ledger/open-ledger';
import { createLogger, type Logger } from './logger';
import { startManagement } from './management/server';
import { environmentSecrets, firstOf, folderSecrets } from './secrets/sources';
import { userAgent } from './version';
import { createWorker } from './worker';

/** A second signal, and a drain that hangs, end the process at once with this code. */
const forcedExitCode = 1;

/**
 * Starts the worker; it ends by a signal.
 * @returns when it is running
 */
export async function runWorker(): Promise<void> {
  try {
    await start();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const isOurs = error instanceof ConfigError || error instanceof LedgerError;
    process.stderr.write(`${isOurs ? reason : `The worker cannot start: ${reason}`}\n`);
    process.exitCode = 1;
  }
}

async function start(): Promise<void> {
  loadDotenv({ quiet: true });
  const config = readConfig(process.env);
  const logger = createLogger(config.CONNECTOR_LOG_LEVEL, process.stdout.isTTY === true);
  const cluster = connectionFromEnvironment();
  const broker = new RestBroker({ ...cluster, requestTimeoutMs: config.CONNECTOR_POLL_TIMEOUT });
  const http = createHttpExecutor({ userAgent });
  const ledger = openLedger(
    config.CONNECTOR_LEDGER,
    { expiryMs: config.CONNECTOR_LEDGER_EXPIRY, maxBytes: config.CONNECTOR_LEDGER_MAX_SIZE },
    (error) => logger.warn({ reason: error.message }, 'The ledger in Redis is away'),
  );
  const secrets = firstOf([
    environmentSecrets(process.env, config.CONNECTOR_SECRETS_PREFIX),
    ...(config.CONNECTOR_SECRETS_DIR === undefined ? [] : [folderSecrets(config.CONNECTOR_SECRETS_DIR)]),
  ]);
  const connectors = createConnectors(config, process.env, (message) => logger.warn(message));
  const worker = createWorker({ config, logger, broker, http, secrets, ledger, connectors });
  const management =
    config.CONNECTOR_MANAGEMENT_PORT === 0
      ? undefined
      : await startManagement({
          port: config.CONNECTOR_MANAGEMENT_PORT,
          readiness: () => worker.readiness(),
          metrics: worker.metrics,
        });

  async function stop(): Promise<void> {
    await worker.stop();
    await ledger.close();
    http.close();
    await broker.close();
    await management?.close();
  }

  onSignals(logger, stop);
  worker.start();
  logger.info(
    {
      address: cluster.address,
      jobTypes: [...connectors.keys()],
      maxJobs: config.CONNECTOR_MAX_JOBS,
      managementPort: management?.port,
    },
    'Worker started',
  );
  noticeSharedType(config, logger);
}

/** The first signal drains, the second one ends the process. */
function onSignals(logger: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) {
      logger.warn(
        { signal },
        'Second signal: leaving at once; jobs that run are free again when their time-out ends',
      );
      process.exit(forcedExitCode);
    }
    stopping = true;
    logger.info({ signal }, 'Stopping: no new jobs, running ones may end');
    stop().then(
      () => {
        logger.info('Stopped');
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, 'The stop failed');
        process.exit(forcedExitCode);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** Two kinds of workers on one type would share its jobs by chance. */
function noticeSharedType(config: Config, logger: Logger): void {
  if (!config.CONNECTOR_HTTP_REST_ENABLED) return;
  logger.info(
    { jobType: config.CONNECTOR_HTTP_REST_TYPE },
    "This worker takes the jobs of Camunda's REST connector. If Camunda's own connectors run on this cluster too, switch the type off on one side (here: CONNECTOR_HTTP_REST_ENABLED=false)",
  );
}
