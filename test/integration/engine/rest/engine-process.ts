/** What `node dist/main.js engine` runs, without the worker around it; see main.test.ts. */
import { runEngine } from '../../../../src/engine/main';

void runEngine(process.argv.slice(2)).then((code) => process.exit(code));
