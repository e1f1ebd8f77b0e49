/** What the container files promise; no container engine is needed to hold them to it. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import { CORE_SCHEMA, load as parseYaml, mergeTag } from 'js-yaml';
import { portsForOffset } from '../../../dev/engine/arguments';
import { readConfig } from '../../../src/config';
import { reachableFrom } from '../../support/imports';

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
const examples = stages.find(({ name }) => name === 'examples');

/** Paths of the repository that a stage has, those of the stages it is made from included. */
function copiedInto(stage: Stage | undefined): string[] {
  if (stage === undefined) return [];
  const own = all(stage, 'COPY')
    .filter((copy) => !copy.startsWith('--from='))
    .flatMap((copy) => copy.split(' ').slice(0, -1));
  return [...copiedInto(stages.find(({ name }) => name === stage.image)), ...own];
}

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
    ['examples', examples],
  ])('%s: not root, and signals reach the process', (_name, stage) => {
    expect(all(stage, 'USER')).toEqual(['node']);
    const [command = ''] = all(stage, 'CMD');
    expect(JSON.parse(command)).toEqual(['node', expect.any(String)]);
    expect(all(stage, 'ENTRYPOINT')).toEqual([]);
  });

  test('a stage that bundles a script has all that the script needs', () => {
    const missing = stages.flatMap((stage) => {
      const copied = copiedInto(stage);
      const has = (file: string) => copied.some((path) => file === path || file.startsWith(`${path}/`));
      return all(stage, 'RUN')
        .flatMap((command) => /\besbuild (\S+)/.exec(command)?.[1] ?? [])
        .flatMap(reachableFrom)
        .filter((file) => !has(file))
        .map((file) => `${stage.name} lacks ${file}: COPY it, and let .dockerignore through.`);
    });
    expect(missing).toEqual([]);
  });

  test("the product is built as npm run build does it, the engine's page included", () => {
    const build = stages.find(({ name }) => name === 'build');
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const [, ...steps] = (scripts['build'] ?? '').split(' && ');
    expect(all(build, 'RUN').at(-1)?.replace('npx ', '').split(' && ')).toEqual(steps);
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
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly env_file?: readonly { readonly path: string; readonly required?: boolean }[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly stop_grace_period?: string;
  readonly mem_limit?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const compose = parseYaml(read('docker-compose.yml'), { schema: CORE_SCHEMA.withTags(mergeTag) }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};

/** `${NAME:-default}` with nothing set. */
function withDefaults(environment: Readonly<Record<string, string>> = {}): Record<string, string> {
  const resolve = (value: string): string => {
    const next = value.replace(/\$\{\w+:-([^${}]*)\}/, '$1');
    return next === value ? value : resolve(next);
  };
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, resolve(value)]));
}

describe('docker-compose.yml', () => {
  const services = Object.entries(compose.services);
  const ours = services.filter(([, { build }]) => build);
  const workers = services.filter(([, { env_file }]) => env_file);

  test('has the engine, the worker, the mock and the examples, built from stages that exist', () => {
    const byDefault = services.filter(([, { profiles }]) => profiles === undefined);
    expect(byDefault.map(([name]) => name).sort()).toEqual(['engine', 'examples', 'mock', 'worker']);
    for (const [, { build }] of byDefault) expect(stages.map(({ name }) => name)).toContain(build?.target);
  });

  test("Camunda's image is pulled for its profile only, at a fixed version", () => {
    const pulled = services.filter(([, { build }]) => !build);
    expect(pulled.map(([name]) => name)).toEqual(['camunda']);
    for (const [, { image, profiles }] of pulled) {
      expect(profiles).toEqual(['camunda']);
      expect(image).toMatch(/:\d+\.\d+\.\d+$/);
    }
    expect(read('docker-compose.yml')).toContain("under Camunda's terms");
  });

  test('a worker and the examples find the engine beside them', () => {
    for (const [name, { environment, depends_on = {}, profiles }] of services) {
      const address = environment['ZEEBE_REST_ADDRESS'];
      if (address === undefined) continue;
      const engine = profiles?.includes('camunda') ? 'camunda' : 'engine';
      expect([name, address]).toEqual([name, `http://${engine}:8080`]);
      expect(Object.keys(depends_on)).toContain(engine);
    }
    expect(workers.map(([name]) => name)).toEqual(['worker', 'camunda-worker']);
  });

  test('no two services want one port of this machine', () => {
    const published = services.flatMap(([, { ports = [] }]) => ports.map((port) => port.split(':')[1]));
    expect(published).toEqual([...new Set(published)]);
  });

  test('is open to this machine only', () => {
    for (const [, { ports = [] }] of services)
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test.each(ours)('%s: root file system read-only, no capabilities', (_name, service) => {
    expect([service.read_only, service.cap_drop]).toEqual([true, ['ALL']]);
  });

  test('volumes and dependencies that are named exist', () => {
    for (const [, { volumes = [], depends_on = {} }] of services) {
      for (const volume of volumes) {
        const [source = ''] = volume.split(':');
        if (!source.startsWith('.')) expect(Object.keys(compose.volumes)).toContain(source);
      }
      for (const name of Object.keys(depends_on)) expect(Object.keys(compose.services)).toContain(name);
    }
  });

  test("secrets come by file only, and a file of one's own is optional", () => {
    for (const [, { env_file }] of workers)
      expect(env_file).toEqual([{ path: '.env.example' }, { path: '.env', required: false }]);
    // Addresses are no secrets: those of the mock stand in the file, for tasks that name them like secrets.
    for (const [, { environment }] of services)
      for (const [name, value] of Object.entries(withDefaults(environment)))
        if (name.startsWith('SECRET_'))
          expect([name, value]).toEqual([name, expect.stringMatching(/^http:\/\/mock:4010/)]);
  });

  test.each(workers)('%s accepts the settings it is given', (_name, service) => {
    const config = readConfig({ ...parseDotenv(read('.env.example')), ...withDefaults(service.environment) });
    expect(config.CONNECTOR_OPENAI_BASE_URL).toBe('http://mock:4010/v1');
    const grace = Number(service.stop_grace_period?.replace(/s$/, '')) * 1000;
    expect(grace).toBeGreaterThan(config.CONNECTOR_SHUTDOWN_GRACE + config.CONNECTOR_POLL_TIMEOUT);
  });

  test('the examples find every secret that they name', () => {
    const given = {
      ...parseDotenv(read('.env.example')),
      ...withDefaults(compose.services['worker']?.environment),
    };
    const named = readdirSync(join(root, 'bpmn-examples'))
      .filter((file) => file.endsWith('.bpmn'))
      .flatMap((file) => [...read(`bpmn-examples/${file}`).matchAll(/\{\{secrets\.(\w+)\}\}/g)])
      .map(([, name]) => `SECRET_${name}`);
    expect(Object.keys(given)).toEqual(expect.arrayContaining([...new Set(named)]));
  });

  test("the engine is the product's sub-command, with the ports that it is published and asked at", () => {
    const { command = [], ports, volumes, healthcheck } = compose.services['engine']!;
    expect(command.slice(0, 3)).toEqual([...(JSON.parse(all(worker, 'CMD')[0] ?? '') as string[]), 'engine']);
    const { rest, management } = portsForOffset(0);
    expect(ports).toEqual([`127.0.0.1:${rest}:${rest}`, `127.0.0.1:${management}:${management}`]);
    expect(volumes).toEqual([`engine:${command[command.indexOf('--data') + 1]}`]);
    expect(healthcheck?.test.at(-1)).toContain(`http://127.0.0.1:${management}/actuator/health`);
  });

  test.each(ours)("%s: the limit of Node's heap leaves room in the container's memory", (_name, service) => {
    const [, heap] = /--max-old-space-size=(\d+)/.exec(service.environment['NODE_OPTIONS'] ?? '') ?? [];
    const [, limit] = /^(\d+)m$/.exec(service.mem_limit ?? '') ?? [];
    expect(Number(heap)).toBeLessThanOrEqual(Number(limit) * 0.7);
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
