/**
 * One engine on this machine: its folder holds data, log and a note of the running process, so that another process can stop it.
 *
 *   stopped --start--> starting --healthy--> running --stop, kill--> stopped --wipe--> gone
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  containerName,
  dockerCommand,
  javaCommand,
  type EngineCommand,
  type EngineSettings,
} from './engine-command';
import type { Runtime } from './find-runtime';
import { isAlive, pause, runsCommandWith } from './processes';
import { isHealthy, waitUntilHealthy } from './topology';

/** What `engine.json` in the folder says about a running engine. */
interface Note {
  readonly pid: number;
  readonly runtime: Runtime['kind'];
}

export type EngineStatus = 'stopped' | 'starting' | 'running';

const startTimeoutMs = 180_000;
/** An engine waits for open polls of its clients when it is asked to stop (up to 30 s); nobody wants to wait that long here. */
const stopTimeoutMs = 10_000;

export class LocalEngine {
  readonly restAddress: string;
  readonly grpcAddress: string;
  /** Health, metrics and clock of the engine. */
  readonly managementAddress: string;
  readonly logFile: string;
  private readonly noteFile: string;
  private child: ChildProcess | undefined;

  constructor(private readonly settings: EngineSettings) {
    const { folder, ports } = settings;
    this.restAddress = `http://127.0.0.1:${ports.rest}`;
    this.grpcAddress = `grpc://127.0.0.1:${ports.grpc}`;
    this.managementAddress = `http://127.0.0.1:${ports.management}`;
    this.logFile = join(folder, 'logs', 'zeebe.log');
    this.noteFile = join(folder, 'engine.json');
  }

  /** `starting` also stands for an engine that lives but is not healthy. */
  async status(): Promise<EngineStatus> {
    if ((await this.runningNote()) === undefined) return 'stopped';
    return (await isHealthy(this.restAddress)) ? 'running' : 'starting';
  }

  /**
   * Starts the engine and waits until it is healthy. Does nothing when it runs already.
   * @param options.detached the engine outlives this process; otherwise it gets the terminal's signals too
   * @throws Error that names the log file when the engine ends or does not become healthy
   */
  async start(runtime: Runtime, options: { readonly detached: boolean }): Promise<void> {
    if ((await this.runningNote()) === undefined) {
      if (await isHealthy(this.restAddress)) {
        throw new Error(
          `Another engine answers at ${this.restAddress}. Stop it, choose another --port-offset, ` +
            `or set ZEEBE_REST_ADDRESS=${this.restAddress} to use it.`,
        );
      }
      await this.spawn(runtime, options.detached);
    }
    const note = await this.runningNote();
    try {
      await waitUntilHealthy(this.restAddress, startTimeoutMs, () =>
        note !== undefined && this.lives(note.pid) ? undefined : 'The engine ended while it was starting.',
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

  /** Stops the engine and removes its folder: data and log. */
  async wipe(): Promise<void> {
    await this.kill();
    await rm(this.settings.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  /** The process id, when it runs. */
  async pid(): Promise<number | undefined> {
    return (await this.runningNote())?.pid;
  }

  private async spawn(runtime: Runtime, detached: boolean): Promise<void> {
    const { folder } = this.settings;
    mkdirSync(join(folder, 'data'), { recursive: true });
    mkdirSync(join(folder, 'logs'), { recursive: true });
    const { command, args, env } = this.commandFor(runtime);
    const log = openSync(this.logFile, 'a');
    const child = spawn(command, args, {
      cwd: folder,
      // Nothing of the caller's ZEEBE_*, CAMUNDA_* and SERVER_* variables may change the engine.
      env: { ...callersEnvironment(process.env), ...env },
      stdio: ['ignore', log, log],
      detached,
    });
    closeSync(log);
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    this.child = child;
    const note: Note = { pid: child.pid ?? 0, runtime: runtime.kind };
    await writeFile(this.noteFile, JSON.stringify(note));
  }

  private commandFor(runtime: Runtime): EngineCommand {
    return runtime.kind === 'java'
      ? javaCommand(runtime.java, runtime.home, this.settings)
      : dockerCommand(this.settings);
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const note = await this.runningNote();
    if (note) {
      await this.send(note, signal);
      if (!(await this.gone(note.pid, stopTimeoutMs))) {
        await this.send(note, 'SIGKILL');
        await this.gone(note.pid, stopTimeoutMs);
      }
    }
    await rm(this.noteFile, { force: true });
  }

  private async send(note: Note, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (note.runtime === 'docker') {
      const name = containerName(this.settings.ports);
      await new Promise((resolve) => execFile('docker', ['kill', '--signal', signal, name], resolve));
      return;
    }
    if (isAlive(note.pid)) process.kill(note.pid, signal);
  }

  private async gone(pid: number, timeoutMs: number): Promise<boolean> {
    const end = Date.now() + timeoutMs;
    while (this.lives(pid)) {
      if (Date.now() > end) return false;
      await pause(25);
    }
    return true;
  }

  private lives(pid: number): boolean {
    const { child } = this;
    if (child?.pid === pid) return child.exitCode === null && child.signalCode === null;
    return isAlive(pid);
  }

  private async runningNote(): Promise<Note | undefined> {
    const text = await readFile(this.noteFile, 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const note = JSON.parse(text) as Note;
    const mark = note.runtime === 'docker' ? containerName(this.settings.ports) : this.settings.folder;
    return this.lives(note.pid) && (await runsCommandWith(note.pid, mark)) ? note : undefined;
  }

  private async endOfLog(): Promise<string> {
    const text = await readFile(this.logFile, 'utf8').catch(() => '');
    const lines = text.trimEnd().split('\n').slice(-15).join('\n');
    return lines === '' ? '' : `${lines}\n`;
  }
}

function callersEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^(ZEEBE|CAMUNDA|SERVER|MANAGEMENT|SPRING|JAVA_TOOL_OPTIONS)/.test(name),
    ),
  );
}
