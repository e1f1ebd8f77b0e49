import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { cacheFolder, coordinates, distributionPaths } from '../../../dev/zeebe/distribution';
import {
  dockerCommand,
  engineEnvironment,
  javaCommand,
  portsForOffset,
} from '../../../dev/zeebe/engine-command';
import { findJava, parseJavaVersion } from '../../../dev/zeebe/find-java';
import { progressReporter } from '../../../dev/zeebe/progress';

describe('where things are kept', () => {
  test.each([
    [{ XDG_CACHE_HOME: '/x' }, 'linux', '/x/zeebe-openai-connector'],
    [{}, 'linux', '/home/me/.cache/zeebe-openai-connector'],
    [{}, 'darwin', '/home/me/Library/Caches/zeebe-openai-connector'],
    [{ LOCALAPPDATA: '/local' }, 'win32', '/local/zeebe-openai-connector'],
  ] as const)('%j on %s: %s', (env, platform, folder) => {
    expect(cacheFolder(env, platform, '/home/me')).toBe(folder);
  });

  test('the unpacked engine carries its version', () => {
    expect(coordinates).toBe('io.camunda:camunda-zeebe:8.6.0:tar.gz');
    expect(distributionPaths('/cache').home).toBe('/cache/camunda-zeebe-8.6.0');
  });
});

describe('ports', () => {
  test('offset 0 gives the usual ones', () => {
    expect(portsForOffset(0)).toEqual({
      rest: 8080,
      grpc: 26500,
      management: 9600,
      command: 26501,
      internal: 26502,
    });
  });

  test('no two engines of different offsets share one', () => {
    const all = Array.from({ length: 101 }, (_, offset) =>
      Object.values({ ...portsForOffset(offset) }),
    ).flat();
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('the command that starts an engine', () => {
  const settings = { folder: '/data/engine', ports: portsForOffset(1) };

  test('binds to the loopback address only and has no exporter unless records are asked for', () => {
    const environment = engineEnvironment(settings);
    for (const [name, value] of Object.entries(environment)) {
      if (/(ADDRESS|HOST)$/.test(name)) expect(value).toBe('127.0.0.1');
    }
    expect(Object.keys(environment).filter((name) => name.includes('EXPORTERS'))).toEqual([]);
  });

  test('sends records where they are wanted', () => {
    expect(engineEnvironment({ ...settings, recordsUrl: 'http://sink' })).toMatchObject({
      ZEEBE_BROKER_EXPORTERS_RECORDS_ARGS_URL: 'http://sink',
    });
  });

  test('keeps data and log in the folder of the engine', () => {
    const { args, env } = javaCommand('/jdk/bin/java', '/dist', settings);
    expect(env['ZEEBE_BROKER_DATA_DIRECTORY']).toBe('/data/engine/data');
    expect(args).toContain('-Dapp.home=/data/engine');
  });

  test('hands every setting to a container by name', () => {
    const { args, env } = dockerCommand(settings);
    expect(args.filter((_, index) => args[index - 1] === '--env').sort()).toEqual(Object.keys(env).sort());
    expect(args.at(-1)).toBe('camunda/zeebe:8.6.0');
  });
});

describe('Java', () => {
  test.each([
    ['openjdk version "25.0.3" 2026-04-21 LTS', 25],
    ['openjdk version "21" 2023-09-19', 21],
    ['java version "1.8.0_392"', 8],
    ['openjdk version "24-ea" 2025-03-18', 24],
    ['command not found', undefined],
  ])('%s', (output, major) => expect(parseJavaVersion(output)).toBe(major));

  describe('on this machine', () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'java-'))));
    afterEach(() => rmSync(folder, { recursive: true }));

    function fakeJava(name: string, version: string): string {
      const bin = join(folder, name, 'bin');
      mkdirSync(bin, { recursive: true });
      writeFileSync(join(bin, 'java'), `#!/bin/sh\necho 'openjdk version "${version}"' >&2\n`);
      chmodSync(join(bin, 'java'), 0o755);
      return join(folder, name);
    }

    test('JAVA_HOME wins over PATH', async () => {
      const home = fakeJava('home', '21.0.1');
      const path = fakeJava('path', '22.0.1');
      const env = { JAVA_HOME: home, PATH: [join(path, 'bin')].join(delimiter) };
      expect(await findJava(21, env)).toEqual({ command: join(home, 'bin', 'java'), major: 21 });
    });

    test('one that is too old or broken is passed over', async () => {
      const old = fakeJava('old', '17.0.9');
      const good = fakeJava('good', '21.0.1');
      const env = { JAVA_HOME: old, PATH: `/nowhere${delimiter}${join(good, 'bin')}` };
      expect(await findJava(21, env)).toEqual({ command: join(good, 'bin', 'java'), major: 21 });
    });

    test('none that is new enough gives none', async () => {
      expect(await findJava(9999, { JAVA_HOME: fakeJava('old', '17.0.9') })).toBeUndefined();
    });
  });
});

test('progress is a line per tenth', () => {
  const lines: string[] = [];
  const report = progressReporter((line) => lines.push(line));
  for (let received = 0; received <= 100_000_000; received += 1_000_000) report(received, 100_000_000);
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toBe('  100 %  100 MB');
});
