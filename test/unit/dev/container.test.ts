/** What the container files promise; no container engine is needed to hold them to it. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import { load as parseYaml } from 'js-yaml';
import { readConfig } from '../../../src/config';

const root = join(__dirname, '..', '..', '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');

interface Instruction {
  readonly name: string;
  readonly rest: string;
}
interface Stage {
  readonly name: string;
  readonly image: string;
  readonly instructions: Instruction[];
}

function stagesOf(dockerfile: string): Stage[] {
  const lines = dockerfile
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const stages: Stage[] = [];
  for (const line of lines) {
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    const from = /^(\S+) AS (\S+)$/.exec(rest);
    if (name === 'FROM') stages.push({ image: from?.[1] ?? rest, name: from?.[2] ?? '', instructions: [] });
    else stages.at(-1)?.instructions.push({ name, rest });
  }
  return stages;
}

const stages = stagesOf(read('Dockerfile'));
const all = (stage: Stage | undefined, name: string) =>
  stage?.instructions.filter((instruction) => instruction.name === name).map(({ rest }) => rest) ?? [];
const worker = stages.at(-1);
const mock = stages.find(({ name }) => name === 'mock');

describe('Dockerfile', () => {
  test('the last stage is the worker', () => expect(worker?.name).toBe('worker'));

  test('every base image is another stage, or Node pinned by its major version', () => {
    const names = stages.map(({ name }) => name);
    for (const { image } of stages) {
      if (!names.includes(image)) expect(image).toMatch(/^node:\d+-bookworm-slim$/);
    }
  });

  test('what is copied from the repository is there and not ignored', () => {
    const ignored = read('.dockerignore').split('\n');
    for (const stage of stages) {
      for (const copy of all(stage, 'COPY')) {
        if (copy.startsWith('--from=')) continue;
        for (const source of copy.split(' ').slice(0, -1)) {
          expect([source, existsSync(join(root, source))]).toEqual([source, true]);
          const top = source.replace(/^\.\//, '').split('/')[0] ?? '';
          if (ignored.includes(top)) expect(ignored).toContain(`!${source.replace(/^\.\//, '')}`);
        }
      }
    }
  });

  test('the worker has production dependencies and the built files, nothing else', () => {
    const dependencies = stages.find(({ name }) => name === 'dependencies');
    expect(all(dependencies, 'RUN')).toEqual([expect.stringContaining('npm ci --omit=dev')]);
    expect(all(worker, 'COPY')).toEqual([
      '--from=dependencies /app/node_modules ./node_modules',
      '--from=build /app/dist ./dist',
      'package.json LICENSE ./',
    ]);
  });

  test.each([
    ['worker', worker],
    ['mock', mock],
  ])('%s: not root, and signals reach the process', (_name, stage) => {
    expect(all(stage, 'USER')).toEqual(['node']);
    const [command = ''] = all(stage, 'CMD');
    expect(JSON.parse(command)).toEqual(['node', expect.any(String)]);
    expect(all(stage, 'ENTRYPOINT')).toEqual([]);
  });

  test('nothing secret is baked in', () => {
    expect(read('Dockerfile')).not.toMatch(/SECRET|sk-|ARG/);
  });

  describe('health check of the worker', () => {
    const [check = ''] = all(worker, 'HEALTHCHECK');
    const [program = '', ...args] = JSON.parse(check.slice(check.indexOf('['))) as string[];

    function run(port: number): Promise<number> {
      return new Promise((resolve) => {
        const env = { ...process.env, CONNECTOR_MANAGEMENT_PORT: String(port) };
        execFile(program, args, { env }, (error) => resolve(error ? Number(error.code) : 0));
      });
    }

    test.each([
      [200, 0],
      [503, 1],
    ])('an answer of %d gives exit code %d', async (status, code) => {
      const paths: (string | undefined)[] = [];
      const server = createServer((request, response) => {
        paths.push(request.url);
        response.writeHead(status).end();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      expect(await run((server.address() as AddressInfo).port)).toBe(code);
      expect(paths).toEqual(['/health/live']);
      server.close();
    });

    test('nobody at the port gives 1, and port 0 (switched off) gives 0', async () => {
      expect(await run(1)).toBe(1);
      expect(await run(0)).toBe(0);
    });
  });
});

interface Service {
  readonly image?: string;
  readonly build?: { readonly target: string };
  readonly environment: Readonly<Record<string, string>>;
  readonly env_file?: readonly { readonly path: string; readonly required?: boolean }[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly stop_grace_period?: string;
  readonly depends_on?: readonly string[];
}

const compose = parseYaml(read('docker-compose.yml')) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};

describe('docker-compose.yml', () => {
  const services = Object.entries(compose.services);
  const workerService = compose.services['worker'];

  test('has the cluster, the worker and the mock, built from stages that exist', () => {
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(['camunda', 'worker', 'mock']));
    for (const [, { build, image }] of services) {
      if (build) expect(stages.map(({ name }) => name)).toContain(build.target);
      else expect(image).toMatch(/:\d+\.\d+\.\d+$/);
    }
  });

  test('is open to this machine only', () => {
    for (const [, { ports = [] }] of services)
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test.each(services.filter(([, { build }]) => build))(
    '%s: root file system read-only, no capabilities',
    (_name, service) => {
      expect([service.read_only, service.cap_drop]).toEqual([true, ['ALL']]);
    },
  );

  test('volumes and dependencies that are named exist', () => {
    for (const [, { volumes = [], depends_on = [] }] of services) {
      for (const volume of volumes) {
        const [source = ''] = volume.split(':');
        if (!source.startsWith('.')) expect(Object.keys(compose.volumes)).toContain(source);
      }
      for (const name of depends_on) expect(Object.keys(compose.services)).toContain(name);
    }
  });

  test("secrets come by file only, and a file of one's own is optional", () => {
    expect(workerService?.env_file).toEqual([{ path: '.env.example' }, { path: '.env', required: false }]);
    for (const [, { environment }] of services) {
      expect(Object.keys(environment).filter((name) => name.startsWith('SECRET_'))).toEqual([]);
    }
  });

  test('the worker accepts the settings it is given', () => {
    const fixed = Object.entries(workerService?.environment ?? {}).map(([name, value]) => [
      name,
      value.replace(/\$\{\w+:-([^}]*)\}/, '$1'),
    ]);
    const config = readConfig({
      ...parseDotenv(read('.env.example')),
      ...(Object.fromEntries(fixed) as Record<string, string>),
    });
    expect(config.CONNECTOR_OPENAI_BASE_URL).toBe('http://mock:4010/v1');
    const grace = Number(workerService?.stop_grace_period?.replace(/s$/, '')) * 1000;
    expect(grace).toBeGreaterThan(config.CONNECTOR_SHUTDOWN_GRACE + config.CONNECTOR_POLL_TIMEOUT);
  });

  test('the mock lets the example keys in', () => {
    const secrets = Object.entries(parseDotenv(read('.env.example'))).filter(([name]) =>
      name.startsWith('SECRET_'),
    );
    expect(secrets.length).toBeGreaterThan(0);
    const keys = compose.services['mock']?.environment['MOCK_API_KEYS']?.split(',');
    for (const [, value] of secrets) expect(keys).toContain(value);
  });
});
