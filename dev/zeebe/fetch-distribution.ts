/** Makes sure that the engine's distribution is on this machine: once from the network, afterwards from the cache. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import artifactUrl from 'mvn-artifact-url';
import { coordinates, distribution, distributionPaths, mavenLocalArchive } from './distribution';
import { download, sha256Of } from './download';
import { isAlive, pause } from './processes';
import { progressReporter, type Say } from './progress';

/**
 * @param cache folder that outlives the repository's checkout
 * @param say   receives what a person should see
 * @returns the folder of the unpacked distribution
 * @throws Error that says what to do
 */
export async function fetchDistribution(cache: string, say: Say): Promise<string> {
  const paths = distributionPaths(cache);
  if (existsSync(paths.home)) return paths.home;
  await mkdir(cache, { recursive: true });
  const release = await lock(paths.lock, say);
  try {
    if (existsSync(paths.home)) return paths.home;
    const archive = await findArchive(paths.archive, say);
    say(`Unpacking to ${paths.home}`);
    const unpacked = `${paths.home}.unpacking`;
    await rm(unpacked, { recursive: true, force: true });
    await mkdir(unpacked);
    await untar(archive, unpacked);
    await rename(unpacked, paths.home);
    await rm(paths.archive, { force: true });
    return paths.home;
  } finally {
    await release();
  }
}

async function findArchive(file: string, say: Say): Promise<string> {
  for (const present of [file, mavenLocalArchive(homedir())]) {
    if (!existsSync(present)) continue;
    if ((await sha256Of(present)) === distribution.sha256) return present;
    say(`${present} does not have the pinned checksum and is not used.`);
  }
  say(`Fetching ${coordinates} (about 300 MB, once; kept outside the repository)`);
  const onProgress = progressReporter(say);
  try {
    const url = await artifactUrl(distribution);
    await download({ url, file, sha256: distribution.sha256, onProgress });
  } catch (error) {
    const reason = error instanceof Error ? describe(error) : String(error);
    throw new Error(
      `The engine ${coordinates} could not be fetched from Maven Central: ${reason}\n` +
        'Run the command again: it goes on where it stopped. Behind a proxy set HTTPS_PROXY; where only Maven reaches ' +
        `artifacts run: mvn dependency:get -Dartifact=${coordinates} -Dtransitive=false`,
      { cause: error },
    );
  }
  return file;
}

function describe(error: Error): string {
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

/** Two processes may want the distribution at once (tests and demo): the second waits. A lock of a dead process is taken over. */
async function lock(file: string, say: Say): Promise<() => Promise<void>> {
  for (let waited = false; ; waited = true) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number(await readFile(file, 'utf8').catch(() => ''));
    if (owner > 0 && !isAlive(owner)) {
      await rm(file, { force: true });
      continue;
    }
    if (!waited) say(`Waiting for process ${owner}, which is fetching the engine`);
    await pause(500);
  }
}

async function untar(archive: string, folder: string): Promise<void> {
  const tar = spawn('tar', ['-xzf', archive, '-C', folder, '--strip-components=1'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  tar.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    tar.on('error', reject).on('close', resolve);
  });
  if (code !== 0)
    throw new Error(`Unpacking ${archive} failed: ${complaint.trim() || `tar ended with ${code}`}`);
}
