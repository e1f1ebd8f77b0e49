import { buildSync } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultFields, gatheredLines } from '../../src/logger';

describe('an error in the log', () => {
  it('says what and where, and nothing a library hung on it', () => {
    const cause = Object.assign(new Error('Request failed'), {
      config: { headers: { authorization: 'Bearer secret' } },
    });
    const error = Object.assign(new TypeError('No answer', { cause }), { request: { headers: 'secret' } });
    const fields = faultFields(error);
    expect(fields).toMatchObject({
      name: 'TypeError',
      message: 'No answer',
      stack: expect.stringContaining('logger.test') as string,
      cause: { name: 'Error', message: 'Request failed' },
    });
    expect(JSON.stringify(fields)).not.toContain('secret');
  });

  it('may be no Error', () => {
    expect(faultFields('broken')).toEqual({ message: 'broken' });
  });
});

describe('lines of the log', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'log-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are all written, in their order, a moment later', async () => {
    const file = join(folder, 'log');
    const lines = gatheredLines(file);
    const expected = Array.from({ length: 2000 }, (_, index) => `line ${index} of some length\n`);
    for (const line of expected) lines.write(line);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(readFileSync(file, 'utf8')).toBe(expected.join(''));
    lines.write('one more\n');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(readFileSync(file, 'utf8').endsWith('\none more\n')).toBe(true);
  });

  it.each(['process.exit(0)', 'throw new Error("broken")'])('are not lost by %s', (end) => {
    const contents = `import { createLogger } from './src/logger'; createLogger('info', false).info('last line'); ${end}`;
    const { outputFiles } = buildSync({
      stdin: { contents, resolveDir: process.cwd(), loader: 'ts' },
      bundle: true,
      packages: 'external',
      platform: 'node',
      write: false,
    });
    const { stdout } = spawnSync(process.execPath, ['-e', outputFiles[0]!.text]);
    expect(stdout.toString()).toContain('"msg":"last line"');
  });
});
