/** How one engine is started: as a Java process, or as a container where no Java is found. Pure. */
import { join } from 'node:path';
import { distribution } from './distribution';

/** The TCP ports of one engine, on the loopback address. */
export interface EnginePorts {
  readonly rest: number;
  readonly grpc: number;
  /** Health and metrics of the engine itself. */
  readonly management: number;
  readonly command: number;
  readonly internal: number;
}

/** @param offset 0 gives the engine's usual ports; each step moves all of them by ten */
export function portsForOffset(offset: number): EnginePorts {
  const shift = offset * 10;
  return {
    rest: 8080 + shift,
    grpc: 26500 + shift,
    management: 9600 + shift,
    command: 26501 + shift,
    internal: 26502 + shift,
  };
}

export interface EngineSettings {
  readonly folder: string;
  readonly ports: EnginePorts;
  /** Number of partitions; from the fourth on keys are larger than 2^53. */
  readonly partitions?: number;
  /** Base URL of a record sink: the engine sends it every record, as it would to Elasticsearch. */
  readonly recordsUrl?: string;
  /** More environment for the engine, such as ZEEBE_CLOCK_CONTROLLED. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface EngineCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The engine's settings, by the names it reads from its environment. No exporter unless records are asked for. */
export function engineEnvironment(settings: EngineSettings): Record<string, string> {
  const { ports } = settings;
  return {
    SERVER_ADDRESS: '127.0.0.1',
    SERVER_PORT: String(ports.rest),
    MANAGEMENT_SERVER_ADDRESS: '127.0.0.1',
    MANAGEMENT_SERVER_PORT: String(ports.management),
    ZEEBE_BROKER_GATEWAY_ENABLE: 'true',
    ZEEBE_BROKER_GATEWAY_NETWORK_HOST: '127.0.0.1',
    ZEEBE_BROKER_GATEWAY_NETWORK_PORT: String(ports.grpc),
    ZEEBE_BROKER_NETWORK_HOST: '127.0.0.1',
    ZEEBE_BROKER_NETWORK_COMMANDAPI_PORT: String(ports.command),
    ZEEBE_BROKER_NETWORK_INTERNALAPI_PORT: String(ports.internal),
    ZEEBE_BROKER_CLUSTER_PARTITIONSCOUNT: String(settings.partitions ?? 1),
    ZEEBE_BROKER_DATA_LOGSEGMENTSIZE: '16MB',
    ZEEBE_BROKER_EXPERIMENTAL_ROCKSDB_MEMORYLIMIT: '64MB',
    // Refuses to work on nearly full disks by default; a developer's disk often is.
    ZEEBE_BROKER_DATA_DISK_FREESPACE_PROCESSING: '500MB',
    ZEEBE_BROKER_DATA_DISK_FREESPACE_REPLICATION: '300MB',
    ...(settings.recordsUrl === undefined ? {} : exporterEnvironment(settings.recordsUrl)),
    ...settings.environment,
  };
}

/** Records leave one by one, so that a test sees each within milliseconds. */
function exporterEnvironment(url: string): Record<string, string> {
  const prefix = 'ZEEBE_BROKER_EXPORTERS_RECORDS_';
  return {
    [`${prefix}CLASSNAME`]: 'io.camunda.zeebe.exporter.ElasticsearchExporter',
    [`${prefix}ARGS_URL`]: url,
    [`${prefix}ARGS_BULK_DELAY`]: '1',
    [`${prefix}ARGS_BULK_SIZE`]: '1',
    [`${prefix}ARGS_INDEX_REJECTION`]: 'true',
    [`${prefix}ARGS_INDEX_JOBBATCH`]: 'true',
    [`${prefix}ARGS_INDEX_PROCESSEVENT`]: 'false',
    [`${prefix}ARGS_INDEX_DEPLOYMENT`]: 'false',
    [`${prefix}ARGS_INDEX_PROCESS`]: 'false',
  };
}

/**
 * Modest in memory, and compiled by the quick compiler only: the engine lives for minutes, and is ready in two thirds of the time.
 * @param java the `java` executable
 * @param home the unpacked distribution
 */
export function javaCommand(java: string, home: string, settings: EngineSettings): EngineCommand {
  const { folder } = settings;
  return {
    command: java,
    args: [
      '-Xmx512m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-XX:+ExitOnOutOfMemoryError',
      '-Dfile.encoding=UTF-8',
      `-Dapp.home=${folder}`,
      `-Dbasedir=${folder}`,
      '-classpath',
      [join(home, 'config'), join(home, 'lib', '*')].join(process.platform === 'win32' ? ';' : ':'),
      'io.camunda.application.StandaloneBroker',
    ],
    env: {
      ...engineEnvironment(settings),
      ZEEBE_BROKER_DATA_DIRECTORY: join(folder, 'data'),
      // The console is written to the same file as the engine's own log: once is enough.
      ZEEBE_LOG_APPENDER: 'RollingFile',
    },
  };
}

/** Uses the host's network, so that ports and the record sink are the same as without a container. */
export function dockerCommand(settings: EngineSettings): EngineCommand {
  const data = '/usr/local/zeebe/data';
  const env = { ...engineEnvironment(settings), JAVA_TOOL_OPTIONS: '-Xmx512m -XX:TieredStopAtLevel=1' };
  return {
    command: 'docker',
    args: [
      ...['run', '--rm', '--name', containerName(settings.ports), '--network', 'host'],
      ...['--volume', `${join(settings.folder, 'data')}:${data}`],
      ...(process.getuid && process.getgid ? ['--user', `${process.getuid()}:${process.getgid()}`] : []),
      ...Object.keys(env).flatMap((name) => ['--env', name]),
      distribution.dockerImage,
    ],
    env,
  };
}

/** Names the container after the port that only one engine can have. */
export function containerName(ports: EnginePorts): string {
  return `zeebe-openai-connector-${ports.rest}`;
}
