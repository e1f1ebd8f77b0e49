/** What the engine serves to browsers beside its API. */
import { mkdtempSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPages } from '../../../src/engine/page/pages';
import { buildPage } from '../../support/engine-page';
import { ServedEngine } from './rest/served-engine';

const built = buildPage();
let served: ServedEngine;

/** The path goes out as it is; fetch would tidy it up. */
function statusOf(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const ask = get({ host: '127.0.0.1', port: served.port, path, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    ask.on('error', reject);
  });
}

beforeAll(async () => {
  served = await ServedEngine.start({}, { pages: createPages(built.folder) });
});
afterAll(async () => {
  await served.close();
  built.remove();
});

it.each([
  ['/', 'text/html'],
  ['/?a=b', 'text/html'],
  ['/app.js', 'text/javascript'],
  ['/app.css', 'text/css'],
  ['/bpmn-js.js', 'text/javascript'],
  ['/bpmn-js.css', 'text/css'],
  ['/diagram-js.css', 'text/css'],
  ['/bpmn-js.LICENSE', 'text/plain'],
  ['/icon.svg', 'image/svg+xml'],
])('%s is %s, and may not be put into a frame or load from elsewhere', async (path, type) => {
  const { status, headers, text } = await served.get(path);
  expect([status, headers.get('content-type')?.split(';')[0]]).toEqual([200, type]);
  expect(text.length).toBeGreaterThan(100);
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'self';.*frame-ancestors 'none'/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('access-control-allow-origin')).toBeNull();
});

it('says that the engine is a stand-in, on the page and in a header', async () => {
  const { headers } = await served.get('/');
  expect(headers.get('x-local-engine')).toMatch(/not a replacement for a Zeebe cluster/);
});

it('a file that has not changed is not sent again', async () => {
  const { headers } = await served.get('/app.js');
  expect(headers.get('cache-control')).toBe('no-cache');
  const again = { headers: { 'if-none-match': headers.get('etag') ?? '' } };
  expect(await served.send('GET', '/app.js', undefined, again)).toMatchObject({ status: 304, text: '' });
  const head = await served.send('HEAD', '/app.js');
  expect([head.status, head.text, head.headers.get('content-length')]).toEqual([
    200,
    '',
    headers.get('content-length'),
  ]);
});

it.each([
  '/pages.js',
  '/../pages.js',
  '/%2e%2e/pages.js',
  '/app.js/..',
  '//app.js',
  '/constructor',
  '/dist/main.js',
])('%s is nothing', async (path) => {
  expect(await statusOf(path)).toBe(404);
});

it('other methods are none', async () => {
  expect((await served.post('/', '{}')).status).toBe(404);
});

it('without built files, the engine runs and says what to do', async () => {
  const bare = await ServedEngine.start({}, { pages: createPages(mkdtempSync(join(tmpdir(), 'no-page-'))) });
  try {
    expect(await bare.get('/')).toMatchObject({
      status: 404,
      text: expect.stringContaining('npm run build') as string,
    });
    expect((await bare.get('/v2/topology')).status).toBe(200);
  } finally {
    await bare.close();
  }
});
