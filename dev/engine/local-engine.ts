/**
 * One engine on this machine: its folder holds data, log and a note of the running process, so that another process can stop it.
 *
 *   stopped --start--> starting --healthy--> running --stop, kill--> stopped --wipe--> gone
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { productProgram } from './build';
import { isAlive, pause, runsCommandWith } from './processes';
import { isHealthy, waitUntilHealthy } from './topology';

/** The TCP ports of one engine, on the loopback address. */
export interface EnginePorts {
  readonly rest: number;
  /** Health, clock and records of the engine. */
  readonly management: number;
}

export interface EngineSettings {
  readonly folder: string;
  readonly ports: EnginePorts;
  /** Number of partitions, one by default; from the fourth on keys are larger than 2^53. */
  readonly partitions?: number;
  /** What Node runs as the engine; the built product by default. */
  readonly program?: string;
}

export type EngineStatus = 'stopped' | 'starting' | 'running';

/** What `engine.json` in the folder says about a running engine. */
interface Note {
  readonly pid: number;
}

const startTimeoutMs = 20_000;
const stopTimeoutMs = 10_000;

export class LocalEngine {
  readonly restAddress: string;
  /** Health, clock and records of the engine. */
  readonly managementAddress: string;
  readonly logFile: string;
  private readonly dataFolder: string;
  private readonly noteFile: string;
  private child: ChildProcess | undefined;

  constructor(private readonly settings: EngineSettings) {
    const { folder, ports } = settings;
    this.restAddress = `http://127.0.0.1:${ports.rest}`;
    this.managementAddress = `http://127.0.0.1:${ports.management}`;
    this.logFile = join(folder, 'logs', 'engine.log');
    this.dataFolder = join(folder, 'data');
    this.noteFile = join(folder, 'engine.json');
  }

  /** `starting` also stands for an engine that lives but is not healthy. */
  async status(): Promise<EngineStatus> {
    if ((await this.pid()) === undefined) return 'stopped';
    return (await isHealthy(this.restAddress)) ? 'running' : 'starting';
  }

  /**
   * Starts the engine and waits until it is healthy. Does nothing when it runs already.
   * @param options.detached the engine outlives this process; otherwise it gets the terminal's signals too
   * @throws Error that names the log file when the engine ends or is not healthy within 20 s
   */
  async start(options: { readonly detached: boolean }): Promise<void> {
    if ((await this.pid()) === undefined) {
      if (await isHealthy(this.restAddress)) {
        throw new Error(
          `Another engine answers at ${this.restAddress}. Stop it, choose another --port-offset, ` +
            `or set ZEEBE_REST_ADDRESS=${this.restAddress} to use it.`,
        );
      }
      await this.spawn(options.detached);
    }
    const pid = await this.pid();
    try {
      await waitUntilHealthy(this.restAddress, startTimeoutMs, () =>
        pid !== undefined && this.lives(pid) ? undefined : 'The engine ended while it was starting.',
      );
    } catch (error) {
      await this.kill();
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${reason}\n${await this.endOfLog()}Its log: ${this.logFile}`, { cause: error });
    }
  }

  /** Asks the engine to stop and waits for it; forces it after 10 s. Data stays. Does nothing when it does not run. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Ends the engine as a power cut would (SIGKILL). Data stays. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Ends the engine and removes its data and log, and its folder when nothing else is in it. */
  async wipe(): Promise<void> {
    await this.kill();
    // A folder may be anybody's: only where an engine has left its log, `data` is an engine's.
    if (existsSync(this.logFile)) {
      for (const folder of [this.dataFolder, dirname(this.logFile)])
        await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
    await rmdir(this.settings.folder).catch(() => undefined);
  }

  /** The process id, when it runs. */
  async pid(): Promise<number | undefined> {
    const text = await readFile(this.noteFile, 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const { pid } = JSON.parse(text) as Note;
    return (await this.runs(pid)) ? pid : undefined;
  }

  private async spawn(detached: boolean): Promise<void> {
    const { folder, ports, partitions, program = productProgram() } = this.settings;
    mkdirSync(this.dataFolder, { recursive: true });
    mkdirSync(dirname(this.logFile), { recursive: true });
    const args = [
      ...[program, 'engine', '--data', this.dataFolder],
      ...['--rest-port', String(ports.rest), '--management-port', String(ports.management)],
      ...(partitions === undefined ? [] : ['--partitions', String(partitions)]),
    ];
    const log = openSync(this.logFile, 'a');
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: callersEnvironment(process.env),
      stdio: ['ignore', log, log],
      detached,
    });
    closeSync(log);
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    this.child = child;
    const note: Note = { pid: child.pid ?? 0 };
    await writeFile(this.noteFile, JSON.stringify(note));
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const pid = await this.pid();
    if (pid !== undefined) {
      this.send(pid, signal);
      if (!(await this.gone(pid))) {
        this.send(pid, 'SIGKILL');
        await this.gone(pid);
      }
    }
    await rm(this.noteFile, { force: true });
  }

  private send(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.lives(pid)) process.kill(pid, signal);
  }

  private async gone(pid: number): Promise<boolean> {
    const end = Date.now() + stopTimeoutMs;
    while (await this.runs(pid)) {
      if (Date.now() > end) return false;
      await pause(25);
    }
    return true;
  }

  /** Looks at the command line too: another process may have the id by now, and one that nobody waits for keeps it when it has ended. */
  private async runs(pid: number): Promise<boolean> {
    return this.lives(pid) && runsCommandWith(pid, this.dataFolder);
  }

  private lives(pid: number): boolean {
    const { child } = this;
    if (child?.pid === pid) return child.exitCode === null && child.signalCode === null;
    return isAlive(pid);
  }

  private async endOfLog(): Promise<string> {
    const text = await readFile(this.logFile, 'utf8').catch(() => '');
    const lines = text.trimEnd().split('\n').slice(-15).join('\n');
    return lines === '' ? '' : `${lines}\n`;
  }
}

/** Nothing that is meant for a worker or for another cluster may change the engine. */
function callersEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(ZEEBE|CAMUNDA|CONNECTOR|SECRET)_/.test(name)),
  );
}
