/** Where the values of secrets come from: the environment, then a folder of files. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecretSource } from './secret-source';

/** Asks one source after the other; the first that knows the name wins. */
export function firstOf(sources: readonly SecretSource[]): SecretSource {
  return {
    async lookup(name, scope) {
      for (const source of sources) {
        const value = await source.lookup(name, scope);
        if (value !== undefined) return value;
      }
      return undefined;
    },
  };
}

/** Secrets of the environment: the variable `<prefix><name>`. */
export function environmentSecrets(
  environment: Readonly<Record<string, string | undefined>>,
  prefix: string,
): SecretSource {
  return {
    lookup: (name) =>
      Promise.resolve(Object.hasOwn(environment, prefix + name) ? environment[prefix + name] : undefined),
  };
}

/**
 * Secrets of a folder, one file each; the line break at a file's end does not count. Files are read for every job that
 * names them: mounted secrets change by themselves, and a read costs less than a stale key.
 */
export function folderSecrets(folder: string): SecretSource {
  return {
    async lookup(name) {
      // A name is a file name, never a path: `..` and slashes lead out of the folder.
      if (!/^[A-Za-z0-9_.-]+$/.test(name) || /^\.+$/.test(name)) return undefined;
      try {
        return (await readFile(join(folder, name), 'utf8')).replace(/\r?\n$/, '');
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return undefined;
        throw new Error(
          `The secrets folder cannot be read (${code ?? 'unknown fault'}). Check CONNECTOR_SECRETS_DIR and its permissions.`,
          { cause: error },
        );
      }
    },
  };
}
