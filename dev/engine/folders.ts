/** Where engines keep what they know, outside the repository. Pure. */
import { join } from 'node:path';

/**
 * The folder of an engine that keeps running between commands: in `$XDG_CACHE_HOME`, else in the platform's cache folder.
 * @param home the user's home folder
 */
export function engineFolder(
  portOffset: number,
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  return join(cacheFolder(env, platform, home), 'zeebe-openai-connector', 'engines', `offset-${portOffset}`);
}

function cacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  if (env['XDG_CACHE_HOME']) return env['XDG_CACHE_HOME'];
  if (platform === 'darwin') return join(home, 'Library', 'Caches');
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local');
  return join(home, '.cache');
}
