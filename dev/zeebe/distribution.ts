/** Which engine the project develops against, and where it is kept. Pure, but for the default environment handed in by callers. */
import { join } from 'node:path';

/** The pinned Zeebe distribution on Maven Central. The checksum belongs to the archive. */
export const distribution = {
  groupId: 'io.camunda',
  artifactId: 'camunda-zeebe',
  version: '8.6.0',
  extension: 'tar.gz',
  sha256: '5c699e86a6c9d290dd7b1f0b2ea648fb57fd1dacf1cab22c874219e58827ea45',
  minimumJava: 21,
  dockerImage: 'camunda/zeebe:8.6.0',
} as const;

export const coordinates = `${distribution.groupId}:${distribution.artifactId}:${distribution.version}:${distribution.extension}`;
const archiveName = `${distribution.artifactId}-${distribution.version}.${distribution.extension}`;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder for downloads and engine data, outside the repository: `$XDG_CACHE_HOME`, else the platform's cache folder. Pure.
 * @param home the user's home folder
 */
export function cacheFolder(env: Environment, platform: NodeJS.Platform, home: string): string {
  const name = 'zeebe-openai-connector';
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], name);
  if (platform === 'darwin') return join(home, 'Library', 'Caches', name);
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), name);
  return join(home, '.cache', name);
}

/** Where Maven keeps the archive after `mvn dependency:get`, for machines that reach artifacts by Maven only. Pure. */
export function mavenLocalArchive(home: string): string {
  return join(
    home,
    '.m2',
    'repository',
    ...distribution.groupId.split('.'),
    distribution.artifactId,
    distribution.version,
    archiveName,
  );
}

export interface DistributionPaths {
  /** The unpacked distribution; exists only when complete. */
  readonly home: string;
  readonly archive: string;
  readonly lock: string;
}

/** Pure. */
export function distributionPaths(cache: string): DistributionPaths {
  return {
    home: join(cache, `${distribution.artifactId}-${distribution.version}`),
    archive: join(cache, archiveName),
    lock: join(cache, `${archiveName}.lock`),
  };
}
