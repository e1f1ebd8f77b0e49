/** Stands in for the built product where a test looks at how an engine is started and stopped: healthy after a moment, adds to one file. */
'use strict';
const { appendFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { join } = require('node:path');
const { parseArgs } = require('node:util');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'rest-port': { type: 'string' },
    'management-port': { type: 'string' },
    data: { type: 'string' },
    partitions: { type: 'string', default: '1' },
  },
});
const foreign = Object.keys(process.env).filter((name) => /^(ZEEBE|CONNECTOR)_/.test(name));
console.log(
  `${positionals.join(' ')} in ${process.cwd()}, partitions ${values.partitions}, knows ${foreign}`,
);
appendFileSync(join(values.data, 'starts'), '+');

createServer((request, response) => {
  // Not at once: whoever starts it must wait.
  const health = process.uptime() > 0.3 ? 'healthy' : 'unhealthy';
  const partitions = Array.from({ length: Number(values.partitions) }, () => ({ role: 'leader', health }));
  response.end(JSON.stringify({ brokers: [{ partitions }], partitionsCount: partitions.length }));
}).listen(Number(values['rest-port']), '127.0.0.1');

process.on('SIGTERM', () => {
  console.log('An orderly stop');
  process.exit(0);
});
