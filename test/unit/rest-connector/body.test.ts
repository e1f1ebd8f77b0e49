import { parseJson, type Json } from '../../../src/json/json';
import { buildBody } from '../../../src/rest-connector/body';
import { References } from '../../../src/rest-connector/references';
import { buildPorts } from '../../support/job-builders';

const file = {
  'camunda.document.type': 'camunda',
  documentId: 'd',
  metadata: { fileName: 'f.txt', contentType: 'text/plain' },
};
const references = new References(
  buildPorts({
    documents: {
      download: () => Promise.resolve(Buffer.from('content')),
      upload: () => Promise.reject(new Error('not expected')),
    },
  }),
);

function build(body: Json | undefined, contentType?: string, ignoreNullValues = false) {
  return buildBody(body, { contentType, ignoreNullValues, references, random: () => 0 });
}

async function textOf(json: string, contentType?: string, ignoreNullValues = false): Promise<string> {
  return (await build(parseJson(json), contentType, ignoreNullValues)).content.toString();
}

describe('a JSON body', () => {
  it.each([
    ['{"a":1,"n":null}', '{"a":1,"n":null}'],
    ['[1,{"a":null}]', '[1,{"a":null}]'],
    ['5', '5'],
    ['true', 'true'],
    [
      '{"a":12345678901234567890,"b":1.10,"c":1.0,"d":1e3,"e":1e-7,"f":1e21}',
      '{"a":12345678901234567890,"b":1.1,"c":1.0,"d":1000.0,"e":1.0E-7,"f":1.0E21}',
    ],
    ['{"t":"São € 😀"}', '{"t":"São € 😀"}'],
  ])('%s is sent as %s', async (json, sent) => {
    expect(await textOf(json)).toBe(sent);
  });

  it('loses its null members when they are to be ignored, not those of lists', async () => {
    expect(await textOf('{"a":[null,{"b":null,"c":1}],"n":null}', undefined, true)).toBe(
      '{"a":[null,{"c":1}]}',
    );
    expect(await textOf('[{"a":null}]', undefined, true)).toBe('[{}]');
  });

  it('holds documents as base64 at any depth', async () => {
    const body = { a: [{ b: file }] } as unknown as Json;
    expect((await build(body)).content.toString()).toBe('{"a":[{"b":"Y29udGVudA=="}]}');
  });

  it('has a content type only when the task gives none', async () => {
    expect((await build({})).contentType).toBe('application/json');
    expect((await build({}, 'application/json; charset=utf-8')).contentType).toBeUndefined();
  });
});

describe('a text body', () => {
  it('is sent raw whatever the content type', async () => {
    expect(await textOf('"a=b"', 'multipart/form-data')).toBe('a=b');
    expect(await textOf('"a=b"', 'application/x-www-form-urlencoded')).toBe('a=b');
  });

  it.each([
    ['text/plain', 'c3a9e282ac'],
    ['text/plain; charset=ISO-8859-1', 'e93f'],
    ['text/plain; charset="us-ascii"', '3f3f'],
    ['text/plain; charset=windows-1252', 'e980'],
    ['text/plain; charset=iso-8859-15', 'e9a4'],
    ['text/plain;charset=UTF-16BE', '00e920ac'],
  ])('with %s has the bytes %s', async (contentType, hex) => {
    expect((await build('é€', contentType)).content.toString('hex')).toBe(hex);
  });

  it('fails with one retry less for an unknown character set', async () => {
    await expect(build('a', 'text/plain; charset=klingon')).rejects.toMatchObject({
      message: 'klingon',
      type: 'java.nio.charset.UnsupportedCharsetException',
      retry: { kind: 'consume' },
    });
  });
});

describe('an empty body', () => {
  it('says that it is text when the task says nothing', async () => {
    expect(await build(undefined)).toEqual({
      content: Buffer.alloc(0),
      contentType: 'text/plain; charset=UTF-8',
      repeatable: true,
    });
    expect((await build(undefined, 'a/b')).contentType).toBeUndefined();
  });
});

describe('a form', () => {
  it('has its members as fields', async () => {
    const json = '{"a":"São € x*y~z","o":{"a":1,"b":null},"l":["x",2],"n":null,"t":true,"d":1.0}';
    expect(await textOf(json, 'Application/X-WWW-form-urlencoded; charset=x')).toBe(
      'a=S%C3%A3o+%E2%82%AC+x%2Ay~z&o=%7Ba%3D1%2C+b%3Dnull%7D&l=%5Bx%2C+2%5D&n&t=true&d=1.0',
    );
  });

  it('is JSON when the body is no object', async () => {
    expect(await textOf('[1]', 'application/x-www-form-urlencoded')).toBe('[1]');
  });
});

describe('a multipart body', () => {
  const boundary = '-'.repeat(30);

  it('has texts, files, and one part per element of a list', async () => {
    const body = { t: 'x', n: null, l: ['a', 1, file], o: { k: 1 } } as unknown as Json;
    const { content, contentType, repeatable } = await build(body, 'multipart/form-data');
    expect(contentType).toBe(`multipart/form-data; charset=ISO-8859-1; boundary=${boundary}`);
    expect(repeatable).toBe(false);
    const part = (head: string, value: string): string =>
      `--${boundary}\r\nContent-Disposition: form-data; name=${head}\r\n\r\n${value}\r\n`;
    expect(content.toString()).toBe(
      [
        part('"t"', 'x'),
        part('"l"', 'a'),
        part('"l"', '1'),
        part('"l"; filename="f.txt"\r\nContent-Type: text/plain', 'content'),
        part('"o"', '{k=1}'),
        `--${boundary}--\r\n`,
      ].join(''),
    );
  });

  it('uses the boundary of the task and leaves its header alone', async () => {
    const { content, contentType } = await build({ a: 'b' }, 'multipart/form-data; boundary="xyz"');
    expect(contentType).toBeUndefined();
    expect(content.toString()).toMatch(/^--xyz\r\n/);
  });

  it('is ISO-8859-1, and UTF-8 as a whole when a text needs it', async () => {
    const latin = await build({ a: 'é' }, 'multipart/form-data');
    expect(latin.content.includes(Buffer.from('e9', 'hex'))).toBe(true);
    const utf8 = await build({ a: 'é', b: '€' }, 'multipart/form-data');
    expect(utf8.contentType).toContain('charset=UTF-8');
    expect(utf8.content.toString()).toContain('é');
  });

  it.each([
    [{ contentType: 'text/plain; charset=utf-8' }, 'application/octet-stream'],
    [{}, 'application/octet-stream'],
  ])('has a file with metadata %j as %s', async (metadata, type) => {
    const document = { ...file, metadata: { fileName: 'a"b.txt', ...metadata } } as unknown as Json;
    const { content } = await build({ d: document }, 'multipart/form-data');
    expect(content.toString()).toContain(`filename="a\\"b.txt"\r\nContent-Type: ${type}\r\n`);
  });

  it('has a file without a name as a plain part', async () => {
    const document = { ...file, metadata: {} } as unknown as Json;
    const { content } = await build({ d: document }, 'multipart/form-data');
    expect(content.toString()).toContain('name="d"\r\n\r\ncontent');
  });
});
