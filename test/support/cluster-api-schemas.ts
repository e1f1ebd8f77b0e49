/**
 * The schemas of the cluster's REST API, as Camunda's own client for it (Apache-2.0) carries them. The client does not
 * export them, so they are read from its files: whoever updates it sees here when they have moved.
 */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ZodType } from 'zod';

const folder = dirname(require.resolve('@camunda8/orchestration-cluster-api'));
const file = readdirSync(folder).find((name) => /^zod\.gen-.*\.js$/.test(name));
if (file === undefined) throw new Error(`${folder} holds no zod.gen-*.js any more: look for its schemas.`);
// eslint-disable-next-line @typescript-eslint/no-require-imports -- its name changes with each release
const schemas = require(join(folder, file)) as Readonly<Record<string, ZodType | undefined>>;

/**
 * What is wrong with a body, by the schema of this name; an empty list when it is valid. Members that the schema does
 * not know are faults too.
 */
export function faultsByClusterSchema(name: string, body: unknown): unknown[] {
  const schema = schemas[name];
  if (schema === undefined) return [`The client has no schema ${name}.`];
  const { success, data, error } = schema.safeParse(body);
  if (!success) return error.issues;
  const unknown = Object.keys(body as object).filter((member) => !Object.hasOwn(data as object, member));
  return unknown.map((member) => `${member} is not known`);
}
