/** The product's version, as it presents itself to APIs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const { name, version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as {
  name: string;
  version: string;
};

export { version };
export const userAgent = `${name}/${version}`;
