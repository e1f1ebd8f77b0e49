/** All generated pages of docs/, as files. */
import type { GeneratedFile } from '../generated-file';
import * as compatibility from './compatibility';
import * as configuration from './configuration';
import * as operations from './operations';

export function docFiles(): GeneratedFile[] {
  return [compatibility, configuration, operations].flatMap((page) => page.generate());
}
