/** Decides what runs the engine on this machine. */
import { execFile } from 'node:child_process';
import { distribution } from './distribution';
import { fetchDistribution } from './fetch-distribution';
import { findJava } from './find-java';
import type { Say } from './progress';

export type Runtime =
  { readonly kind: 'java'; readonly java: string; readonly home: string } | { readonly kind: 'docker' };

/**
 * A Java that is new enough wins; else Docker, when its engine answers.
 * @param cache where the distribution is kept
 * @throws Error that says what to install
 */
export async function findRuntime(
  cache: string,
  env: Readonly<Record<string, string | undefined>>,
  say: Say,
): Promise<Runtime> {
  const java = await findJava(distribution.minimumJava, env);
  if (java) return { kind: 'java', java: java.command, home: await fetchDistribution(cache, say) };
  if (await dockerAnswers()) return { kind: 'docker' };
  throw new Error(
    `The local engine (Zeebe ${distribution.version}) needs Java ${distribution.minimumJava} or newer, or a running Docker. Neither was found.\n` +
      `Install a JDK ${distribution.minimumJava}+ (or set JAVA_HOME to one), or start Docker, or set ZEEBE_REST_ADDRESS to use a cluster that runs already.`,
  );
}

function dockerAnswers(): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: 10_000 }, (error, stdout) =>
      resolve(error === null && stdout.trim() !== ''),
    );
  });
}
