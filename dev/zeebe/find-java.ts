/** Looks for a Java that can run the engine: JAVA_HOME, then PATH, then the folders where systems install it. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface Java {
  readonly command: string;
  readonly major: number;
}

/**
 * The major version in what `java -version` prints. Pure.
 * @returns 8 for `1.8.0_392`, 21 for `21.0.5`, 25 for `25-ea`; undefined when there is none
 */
export function parseJavaVersion(output: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match ? Number(match[1]) : undefined;
}

/** Every place a `java` may be, best first; most do not exist. */
export function javaCandidates(env: Readonly<Record<string, string | undefined>>): string[] {
  const executable = process.platform === 'win32' ? 'java.exe' : 'java';
  const folders: string[] = [];
  if (env['JAVA_HOME']) folders.push(join(env['JAVA_HOME'], 'bin'));
  folders.push(...(env['PATH'] ?? '').split(delimiter).filter(Boolean));
  for (const parent of [
    '/usr/lib/jvm',
    '/usr/java',
    '/opt/java',
    '/opt/homebrew/opt',
    '/usr/local/opt',
    join(homedir(), '.sdkman', 'candidates', 'java'),
    join(homedir(), '.jdks'),
    'C:\\Program Files\\Java',
    'C:\\Program Files\\Eclipse Adoptium',
  ]) {
    folders.push(...children(parent).map((child) => join(parent, child, 'bin')));
  }
  const mac = '/Library/Java/JavaVirtualMachines';
  folders.push(...children(mac).map((child) => join(mac, child, 'Contents', 'Home', 'bin')));
  return [...new Set(folders.map((folder) => join(folder, executable)))].filter((file) => existsSync(file));
}

/**
 * @param minimum the lowest major version that will do
 * @returns the first candidate that is new enough, or undefined
 */
export async function findJava(
  minimum: number,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Java | undefined> {
  for (const command of javaCandidates(env)) {
    const major = parseJavaVersion(await versionOutput(command));
    if (major !== undefined && major >= minimum) return { command, major };
  }
  return undefined;
}

function children(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Java tells its version on stderr. A `java` that does not run gives no version. */
function versionOutput(command: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, ['-version'], { timeout: 20_000 }, (_error, stdout, stderr) =>
      resolve(`${stderr}${stdout}`),
    );
  });
}
