/** The one question demo, tests and benchmarks ask: give me an engine. */
import { homedir } from 'node:os';
import { cacheFolder } from './distribution';
import type { EngineSettings } from './engine-command';
import { findRuntime, type Runtime } from './find-runtime';
import { LocalEngine } from './local-engine';
import type { Say } from './progress';

/** The cache folder of this machine and user. */
export function defaultCacheFolder(): string {
  return cacheFolder(process.env, process.platform, homedir());
}

/** What runs engines here; fetches the distribution when it is not in the cache. */
export function defaultRuntime(say: Say): Promise<Runtime> {
  return findRuntime(defaultCacheFolder(), process.env, say);
}

/** The cluster named by ZEEBE_REST_ADDRESS, if any; then nothing is to be started. */
export function givenRestAddress(): string | undefined {
  const address = process.env['ZEEBE_REST_ADDRESS']?.trim();
  return address ? address.replace(/\/+$/, '') : undefined;
}

/** Starts an engine that ends with this process's work: the caller wipes it. */
export async function startEngine(settings: EngineSettings, say: Say): Promise<LocalEngine> {
  const runtime = await defaultRuntime(say);
  const engine = new LocalEngine(settings);
  await engine.start(runtime, { detached: false });
  return engine;
}
