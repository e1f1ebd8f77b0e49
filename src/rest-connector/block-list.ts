/** The operator's block list under the Java runtime's names: `CAMUNDA_CONNECTOR_HTTP_BLOCK_<TYPE>[_<NAME>]`. Pure. */
import { inputError } from '../errors';
import { checkJavaUri } from '../java/uri';

export interface BlockRule {
  /** Shown in the message; undefined when the variable has no name part. */
  readonly name: string | undefined;
  readonly kind: 'URL' | 'PORT' | 'REGEX';
  readonly matches: (url: string) => boolean;
}

const prefix = 'CAMUNDA_CONNECTOR_HTTP_BLOCK_';

/**
 * Reads the rules.
 * @param compileRegex compiles a pattern for a whole URL; a linear-time engine, since URLs are data. Throws when it is not a pattern
 * @returns the rules, and a sentence for each entry that cannot be used
 */
export function readBlockList(
  environment: Readonly<Record<string, string | undefined>>,
  compileRegex: (pattern: string) => (text: string) => boolean,
): { rules: readonly BlockRule[]; warnings: readonly string[] } {
  const rules: BlockRule[] = [];
  const warnings: string[] = [];
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith(prefix)) continue;
    const [, kind, name] = /^(URL|PORT|REGEX)(?:_(.+))?$/.exec(variable.slice(prefix.length)) ?? [];
    if (kind === undefined || value === undefined || value.trim() === '') {
      warnings.push(`${variable} is skipped: expected ${prefix}URL, PORT or REGEX with a value.`);
      continue;
    }
    try {
      if (kind === 'URL') rules.push({ name, kind, matches: (url) => url.includes(value) });
      else if (kind === 'REGEX') rules.push({ name, kind, matches: compileRegex(value) });
      else rules.push({ name, kind: 'PORT', matches: portRule(value) });
    } catch (error) {
      warnings.push(`${variable} is skipped: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { rules, warnings };
}

/**
 * Refuses a URL that a rule names.
 * @throws ConnectorError (no retry)
 */
export function checkBlockList(url: string, rules: readonly BlockRule[]): void {
  for (const rule of rules) {
    if (!rule.matches(url)) continue;
    const what = rule.kind === 'PORT' ? 'port' : 'URL';
    const suffix = rule.name === undefined ? '' : ` (Block Name: ${rule.name})`;
    throw inputError(`java.lang.IllegalArgumentException: The provided ${what} is not allowed${suffix}`);
  }
}

function portRule(value: string): (url: string) => boolean {
  const ports = new Set(
    value.split(',').map((text) => {
      const port = Number(text.trim());
      if (!/^\s*\d+\s*$/.test(text) || port > 65_535) throw new Error(`${text} is not a port`);
      return port;
    }),
  );
  return (url) => {
    const { scheme, authority } = checkJavaUri(url);
    const explicit = /:(\d+)$/.exec(authority)?.[1];
    return ports.has(Number(explicit ?? (scheme.toLowerCase() === 'https' ? 443 : 80)));
  };
}
